import {describe, expect, it} from 'vitest';
import type {TargetKind} from '../../src/target/target.ts';
import {actionOf, hintsOf} from '../../src/tui/keys.ts';
import {update} from '../../src/tui/update.ts';
import {harness, type Setup} from './harness.ts';

/** On the preview of both safe objects. */
async function onPreview(setup: Setup = {}) {
  const tui = await harness(setup);
  await tui.press('j', 'enter');
  await tui.until(({details}) => details.size === 2);
  await tui.press('a');
  await tui.preview();
  return tui;
}

describe('the walk', () => {
  it('keeps its rows where they are when numbers change, and sorts them on ctrl-r', async () => {
    const tui = await harness();
    await tui.press('j');
    const before = tui.state().screen;
    tui.target.set({
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: {name: 'limits', namespace: 'home'},
    });
    const changed = await tui.until(({scan}) => scan?.controls[1]?.failed === 1);
    expect(changed.screen).toMatchObject({name: 'walk', cursor: 'T-0001', order: ['T-0002', 'T-0001']});
    expect(changed.screen).toBe(before);
    const sorted = await tui.press('ctrl-r');
    expect(sorted.screen).toMatchObject({cursor: 'T-0001', order: ['T-0001', 'T-0002']});
  });

  it('filters by words, and gives everything back on esc', async () => {
    const tui = await harness();
    await tui.press('/', 't', 'o', 'k');
    expect(tui.screen()).toContain('1 of 2, filter "tok"');
    expect(tui.state().screen).toMatchObject({cursor: 'T-0001'});
    await tui.press('enter');
    expect(tui.state()).toMatchObject({overlay: undefined, screen: {filter: 'tok'}});
    await tui.press('esc');
    expect(tui.state()).toMatchObject({screen: {filter: ''}});
  });

  it('says the next step where nothing matches', async () => {
    const tui = await harness();
    await tui.press('/', 'x', 'x', 'x');
    expect(tui.screen()).toContain('Nothing matches xxx. esc clears the filter.');
  });

  it('goes to the next control that fails', async () => {
    const tui = await harness();
    await tui.press('enter', 'n');
    expect(tui.state().screen).toMatchObject({name: 'control', id: 'T-0001'});
    await tui.press('esc');
    expect(tui.state().screen).toMatchObject({name: 'walk', cursor: 'T-0001'});
  });

  it('counts with another framework', async () => {
    const tui = await harness();
    await tui.press('f');
    await tui.until(({scan}) => scan?.framework.id === 'one');
    expect(tui.lines()[0]).toBe(
      '  kubekata  home (practice)                                        one    25.0',
    );
  });
});

describe('the control', () => {
  it('opens with its lesson first, later with what fails and all safe objects marked', async () => {
    const tui = await harness();
    await tui.press('j', 'enter');
    expect(tui.state().screen).toMatchObject({name: 'control', tab: 'lesson'});
    await tui.until(({details}) => details.size === 2);
    await tui.press('esc', 'enter');
    const {screen} = tui.state();
    expect(screen).toMatchObject({
      tab: 'failing',
      marks: new Set(['ServiceAccount/home/backend', 'ServiceAccount/home/frontend']),
    });
  });

  it('marks by space, and keeps these marks when the cluster changes', async () => {
    const tui = await harness();
    await tui.press('j', 'enter', 'tab');
    await tui.until(({details}) => details.size === 2);
    await tui.press('space');
    expect(tui.state().screen).toMatchObject({marks: new Set(['ServiceAccount/home/frontend'])});
    tui.target.set({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: {name: 'another', namespace: 'home'},
    });
    await tui.until(({details}) => details.get('T-0001')?.rows.length === 4);
    expect(tui.state().screen).toMatchObject({
      marks: new Set(['ServiceAccount/home/frontend']),
      cursor: 'ServiceAccount/home/backend',
    });
  });

  it('says that a fix is by review when what is marked needs one', async () => {
    const tui = await harness();
    await tui.press('j', 'enter', 'tab');
    await tui.until(({details}) => details.size === 2);
    await tui.press('G', 'space');
    expect(tui.screen()).toContain('[1] at the ServiceAccount  review ');
  });
});

describe('the preview', () => {
  it('leaves an object out and predicts anew', async () => {
    const tui = await onPreview();
    await tui.press('space');
    await tui.preview();
    expect(tui.screen()).toContain('T-0001: 3 ➜ 2 failing, 25% ➜ 50%');
    expect(tui.lines().find((line) => line.includes('backend'))).toContain('[ ] home  backend   left out');
  });

  it('ignores a plan that was asked for before the last one', async () => {
    const tui = await onPreview();
    const state = tui.state();
    if (state.screen.name !== 'preview' || state.screen.phase.is !== 'ready') throw new Error('not ready');
    const {plan} = state.screen.phase;
    const [next] = update(state, {
      type: 'prepared',
      token: state.screen.token - 1,
      plan: {...plan, items: []},
      forecast: undefined,
    });
    expect(next).toBe(state);
  });

  it('offers no key that applies before it was drawn, and none at all with --read-only', async () => {
    const tui = await harness({options: {readOnly: true}});
    await tui.press('j', 'enter');
    await tui.until(({details}) => details.size === 2);
    await tui.press('a');
    await tui.preview();
    expect(hintsOf(tui.state()).map(({key}) => key)).not.toContain('a');
    expect(actionOf(tui.state(), 'a')).toBeUndefined();
    expect(tui.lines()[0]).toContain('home (practice, read-only)');
  });

  const cases: readonly [TargetKind, string | undefined][] = [
    ['practice', undefined],
    ['files', undefined],
    ['live', 'Change 2 objects of homelab? y n'],
  ];
  for (const [kind, question] of cases) {
    it(`asks ${question ?? 'nothing'} on ${kind}`, async () => {
      const tui = await onPreview({kind});
      await tui.press('a');
      if (question === undefined) {
        expect(tui.state().screen.name).toBe('applying');
        await tui.until(({screen}) => screen.name === 'result');
        return;
      }
      expect(tui.screen()).toContain(question);
      await tui.press('n');
      expect(tui.screen()).toContain('Nothing was applied. Everything is as it was.');
      await tui.press('a', 'y');
      await tui.until(({screen}) => screen.name === 'result');
    });
  }
});

it('takes the safe values of a form by v, and goes back to the form by enter', async () => {
  const tui = await harness();
  const field = () => {
    const {screen} = tui.state();
    return screen.name === 'preview' ? screen.fields[0]?.text : undefined;
  };
  await tui.press('enter', 'a');
  await tui.press('2', 'enter');
  await tui.preview();
  expect(field()).toBe('2');
  expect(tui.screen()).toContain('v safe values');
  await tui.press('v');
  await tui.preview();
  expect(field()).toBe('500m');
  expect(tui.screen()).not.toContain('v safe values');
  await tui.press('enter');
  expect(tui.screen()).toContain('▸ CPU limit     500m_ ');
  await tui.press('7');
  expect(tui.screen()).toContain('▸ CPU limit     7_ ');
  expect(tui.screen()).toContain('v safe values');
  await tui.press('v');
  expect(tui.screen()).toContain('▸ CPU limit     500m_ ');
});

describe('the target', () => {
  it('keeps the screen when it is lost, says so, and does not apply', async () => {
    const tui = await onPreview();
    tui.target.emit({type: 'lost', message: 'home stopped answering.', retryAt: new Date()});
    await tui.until(({connection}) => connection?.status === 'lost');
    expect(tui.screen()).toContain('! home stopped answering.');
    await tui.press('a');
    expect(tui.screen()).toContain('home does not answer. Applying waits until it is back.');
    expect(tui.state().screen.name).toBe('preview');
    tui.target.emit({type: 'back'});
    await tui.until(({connection}) => connection?.status === 'watching');
  });

  it('tells why it can not be read, and tries again', async () => {
    let tries = 0;
    const {TargetError} = await import('../../src/target/target.ts');
    const choice = {kind: 'live', name: 'homelab', detail: 'https://192.168.1.20:6443'} as const;
    const tui = await harness({
      options: {
        initial: undefined,
        choices: [choice],
        connect: async () => {
          tries += 1;
          throw new TargetError('unreachable', 'homelab does not answer.', ['It refused the connection.']);
        },
      },
    });
    await tui.press('enter');
    await tui.until(({screen}) => screen.name === 'trouble');
    expect(tui.lines().slice(3, 8).join('\n')).toBe(`\
  ✗ homelab does not answer.

  It refused the connection.

  ctrl-r tries again. esc chooses another target. Nothing was changed.`);
    await tui.press('ctrl-r');
    await tui.until(({screen}) => screen.name === 'trouble');
    expect(tries).toBe(2);
    await tui.press('esc');
    expect(tui.state().screen.name).toBe('start');
  });
});

describe('the command line', () => {
  it('completes, runs, and remembers', async () => {
    const tui = await harness();
    await tui.press(':', 'f', 'tab', 'tab');
    expect(tui.state().overlay).toMatchObject({text: 'framework two'});
    await tui.press('esc', ':', ...'framework', 'space', ...'one');
    await tui.press('enter');
    await tui.until(({scan}) => scan?.framework.id === 'one');
    await tui.press(':', 'up');
    expect(tui.state().overlay).toMatchObject({text: 'framework one'});
  });

  it('guesses what a mistyped word meant', async () => {
    const tui = await harness();
    await tui.press(':', ...'framwork', 'enter');
    expect(tui.screen()).toContain('✗ There is no :framwork. Did you mean :framework?');
  });
});

it('quits on q and on ctrl-c, and asks while something is written', async () => {
  const tui = await harness();
  const state = tui.state();
  for (const key of ['q', 'ctrl-c']) expect(update(state, {type: 'key', key})[1]).toEqual({do: 'quit'});
  const writing = {
    ...state,
    screen: {
      name: 'applying' as const,
      phase: 'writing' as const,
      title: 'T-0001',
      undo: false,
      number: 1,
      controlId: 'T-0001',
      journalled: true,
      steps: [],
      guard: [],
      seconds: 0,
      before: undefined,
      scoreBefore: undefined,
      forecast: undefined,
      entry: undefined,
      problem: [],
    },
  };
  const [asked, ...commands] = update(writing, {type: 'key', key: 'q'});
  expect(commands).toEqual([]);
  expect(asked.overlay).toEqual({name: 'quit'});
  expect(update(asked, {type: 'key', key: 'enter'})[1]).toEqual({do: 'quit-later'});
});

it('offers in the footer only keys that do something', async () => {
  const tui = await harness();
  await tui.press('j', 'enter', 'tab');
  await tui.until(({details}) => details.size === 2);
  for (const {key} of hintsOf(tui.state())) {
    const pressed = {space: 'space', '1 2': '1', jk: 'j'}[key] ?? key;
    expect(actionOf(tui.state(), pressed), key).toBeDefined();
  }
});
