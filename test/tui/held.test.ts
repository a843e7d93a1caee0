import {describe, expect, it} from 'vitest';
import type {Command} from '../../src/tui/events.ts';
import {initialState} from '../../src/tui/initial.ts';
import type {State} from '../../src/tui/state.ts';
import {update} from '../../src/tui/update.ts';
import {harness, makeOptions} from './harness.ts';

type Step = {readonly state: State; readonly commands: readonly Command[]};

const press = (from: State, ...keys: readonly string[]): Step => {
  let state = from;
  const commands: Command[] = [];
  for (const key of keys) {
    const [next, ...more] = update(state, {type: 'key', key});
    state = next;
    commands.push(...more);
  }
  return {state, commands};
};

/** On a control that fails, before its rows are there; and the rows, to be told by the test. */
async function loading() {
  const tui = await harness();
  await tui.press('j');
  const {details} = await tui.until((state) => state.details.has('T-0001'));
  const detail = details.get('T-0001');
  if (detail === undefined) throw new Error('There is no detail.');
  const state: State = {...tui.state(), details: new Map()};
  const arrive = (from: State): Step => {
    const [next, ...commands] = update(from, {type: 'detail', detail});
    return {state: next, commands};
  };
  return {state, arrive, there: (from: State) => ({...from, details: new Map([['T-0001', detail]])})};
}

describe('a key pressed before the rows of a control are there', () => {
  it('does afterwards what it does when they are', async () => {
    const {state, arrive, there} = await loading();
    const keys = ['enter', 'tab', 'j', 'space', 'k', 'space', 'y'];
    const early = press(state, ...keys);
    expect(early.commands.filter(({do: what}) => what === 'yaml')).toEqual([]);
    const late = arrive(early.state);
    const wanted = press(there(state), ...keys);
    expect(late.state.screen).toEqual(wanted.state.screen);
    expect(late.state.held).toBeUndefined();
    const yaml = (step: Step) => step.commands.find((one) => one.do === 'yaml');
    expect(yaml(late)).toEqual(yaml(wanted));
    expect(yaml(late)).toBeDefined();
  });

  it('previews what is marked, with what follows', async () => {
    const {state, arrive} = await loading();
    const {state: after, commands} = arrive(press(state, 'enter', 'a').state);
    expect(after.screen).toMatchObject({name: 'preview', controlId: 'T-0001'});
    expect(commands.map(({do: what}) => what)).toContain('prepare');
  });

  it('scrolls the lesson, which is there, at once', async () => {
    const {state} = await loading();
    expect(press(state, 'enter', 'j').state.held).toBeUndefined();
    expect(press(state, 'enter', 'tab').state.screen).toMatchObject({tab: 'failing'});
  });

  it.each(['esc', 'q', 'ctrl-c'])('is forgotten on %s, which never waits', async (leave) => {
    const {state, arrive} = await loading();
    const waiting = press(state, 'enter', 'tab', 'j', 'y').state;
    expect(waiting.held?.keys).toEqual(['j', 'y']);
    const left = press(waiting, leave);
    expect(left.state.held).toBeUndefined();
    if (leave === 'esc') expect(left.state.screen.name).toBe('walk');
    else expect(left.commands).toContainEqual({do: 'quit'});
    expect(arrive(left.state).commands.filter(({do: what}) => what === 'yaml')).toEqual([]);
  });

  it('keeps its place among the others: what would act now waits behind it', async () => {
    const {state, arrive} = await loading();
    const waiting = press(state, 'enter', 'y', 'tab').state;
    expect(waiting.screen).toMatchObject({tab: 'lesson'});
    expect(waiting.held?.keys).toEqual(['y', 'tab']);
    expect(arrive(waiting).state.screen).toMatchObject({tab: 'failing'});
  });

  it('is one of at most 16', async () => {
    const {state} = await loading();
    const keys = Array.from({length: 40}, () => 'j');
    expect(press(state, 'enter', 'tab', ...keys).state.held?.keys).toHaveLength(16);
  });
});

it('a on the walk waits for the fixes of its control', async () => {
  const {state, arrive} = await loading();
  const waiting = press(state, 'a').state;
  expect(waiting.screen.name).toBe('walk');
  expect(arrive(waiting).state.screen.name).toBe('preview');
});

it('keys on the walk wait for its first rows', () => {
  const {options} = makeOptions({});
  const state: State = {
    ...initialState(options, 80, 24),
    screen: {name: 'walk', order: [], by: 'score', cursor: undefined, top: 0, filter: '', domain: undefined},
  };
  expect(press(state, 'enter').state.held?.keys).toEqual(['enter']);
});

describe('a key pressed while a preview is asked for', () => {
  const asking = async () => {
    const tui = await harness();
    await tui.press('j', 'enter');
    await tui.until(({details}) => details.has('T-0001'));
    await tui.press('a');
    await tui.preview();
    return tui;
  };

  it('leaves out two objects that were chosen quickly, and never applies', async () => {
    const tui = await asking();
    await tui.press('space', 'j', 'space', 'a');
    // The second one is the last, which has to stay: said, and not lost.
    expect(tui.state().held?.keys).toEqual(['space']);
    const {message, screen} = await tui.until(({held}) => held === undefined);
    expect(screen.name).toBe('preview');
    expect(message?.text).toContain('One object has to stay');
    expect(tui.commanded.map(({do: what}) => what)).not.toContain('apply');
  });
});
