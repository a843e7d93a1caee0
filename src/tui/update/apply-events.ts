import {describe, refId} from '../../engine/objects.ts';
import {formatScore} from '../../engine/score.ts';
import type {ApplyEvent, JournalEntry} from '../../fix/plan.ts';
import type {Event, Update} from '../events.ts';
import type {ApplyingScreen, ChangesScreen, State} from '../state.ts';
import {backToWalk, push, say} from './go.ts';

type ApplyingEvent = Extract<Event, {type: 'apply' | 'apply-failed' | 'settled' | 'guard' | 'guard-ended'}>;

/** What happened while a change is written and its workloads are followed. */
export function updateApplyEvent(state: State, event: ApplyingEvent): Update {
  const {screen} = state;
  if (screen.name !== 'applying') return event.type === 'guard' ? afterwards(state, event) : [state];
  switch (event.type) {
    case 'apply':
      return [{...state, screen: written(screen, event.event)}];
    case 'apply-failed':
      return [{...state, screen: {...screen, phase: 'failed', problem: event.lines}}];
    case 'settled':
      return settled({...state, screen: {...screen, entry: event.entry}}, screen, event.entry);
    case 'guard':
      return guarded(state, screen, event);
    case 'guard-ended':
      return screen.phase === 'guarding' && screen.entry ? [result(state, screen, screen.entry)] : [state];
  }
}

function written(screen: ApplyingScreen, event: ApplyEvent): ApplyingScreen {
  switch (event.type) {
    case 'journalled':
      return {...screen, journalled: true, number: event.entry.number};
    case 'written':
    case 'refused':
      return {
        ...screen,
        steps: screen.steps.map((step) =>
          refId(step.ref) === refId(event.ref)
            ? {...step, state: event.type, ...(event.type === 'refused' ? refusal(event) : {})}
            : step,
        ),
      };
    case 'finished':
      return {...screen, number: event.entry.number};
  }
}

const refusal = ({reason, needs}: Extract<ApplyEvent, {type: 'refused'}>) => ({
  reason,
  ...(needs ? {leftOut: true} : {}),
});

const rolling = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

/** Everything is written and seen: workloads whose pods are replaced are followed, else the result is shown. */
function settled(state: State, screen: ApplyingScreen, entry: JournalEntry): Update {
  const workloads = entry.steps
    .filter(
      ({state: step, item}) =>
        (step === 'done' || step === 'written' || step === 'undone') && rolling.has(item.ref.kind),
    )
    .map(({item}) => item.ref);
  if (workloads.length > 0) {
    return [
      {...state, screen: {...screen, entry, phase: 'guarding'}},
      {do: 'guard', workloads},
      {do: 'entries'},
    ];
  }
  return [result(state, screen, entry), {do: 'entries'}];
}

function guarded(state: State, screen: ApplyingScreen, event: Extract<Event, {type: 'guard'}>): Update {
  const guard = event.statuses;
  const next: ApplyingScreen = {...screen, guard, seconds: event.seconds};
  const failing = guard.find(({state: one}) => one === 'failing');
  if (failing !== undefined) {
    const text = `${describe(failing.ref)} does not start since change ${screen.number}. u takes it back.`;
    const alarmed = {...state, alarm: {number: screen.number ?? 0, text}};
    if (!state.guard || screen.undo || screen.entry === undefined) return [{...alarmed, screen: next}];
    const at = screen.takesBackAt ?? event.seconds + grace;
    return event.seconds < at
      ? [{...alarmed, screen: {...next, takesBackAt: at}}]
      : takeBack(alarmed, screen.entry);
  }
  if (event.steady && screen.entry) {
    return [result({...state, screen: next}, next, screen.entry), {do: 'unwatch'}];
  }
  return [{...state, screen: next}];
}

/** Seconds in which the person may keep a change whose rollout fails, with `--guard`. */
const grace = 5;

/** The guard takes the change back: asks what its undo does, and does it. */
function takeBack(state: State, entry: JournalEntry): Update {
  const {number} = entry;
  const changes: ChangesScreen = {
    name: 'changes',
    cursor: Math.max(
      0,
      state.entries.findIndex((one) => one.number === number),
    ),
    top: 0,
    undo: {is: 'asking', number},
    takesBack: number,
  };
  return [{...state, screen: changes, overlay: undefined}, {do: 'unwatch'}, {do: 'prepare-undo', entry}];
}

/** Still followed after the person went on: the alarm ends when all run. */
const afterwards = (state: State, {steady}: Extract<Event, {type: 'guard'}>): Update =>
  steady && state.alarm
    ? [
        say({...state, alarm: undefined}, 'passed', `All workloads of change ${state.alarm.number} run now.`),
        {do: 'unwatch'},
      ]
    : [state];

/** The reward: the scores before and now, or for an undo the list of changes again. */
function result(state: State, screen: ApplyingScreen, entry: JournalEntry): State {
  const score = (value: number | undefined): string =>
    state.scan ? formatScore(state.scan.framework.scoring, value) : '-';
  const scores = `Score ${score(screen.scoreBefore)} ➜ ${score(state.scan?.score)}.`;
  if (screen.undo || screen.controlId === undefined) {
    const alarm = state.alarm?.number === screen.number ? undefined : state.alarm;
    const changes = {name: 'changes', cursor: 0, top: 0, undo: {is: 'none'}} as const;
    return say(
      {...state, alarm, screen: changes},
      'passed',
      `Change ${screen.number} is ${screen.finish ? 'finished' : 'taken back'}. ${scores}`,
    );
  }
  const walk = backToWalk(state);
  return say(
    push(walk, {
      name: 'result',
      controlId: screen.controlId,
      entry,
      before: screen.before ?? {all: 0, failed: 0, excluded: 0},
      scoreBefore: screen.scoreBefore,
      forecast: screen.forecast,
      guard: screen.guard,
      cursor: 0,
    }),
    'passed',
    `${scores} u takes change ${entry.number} back.`,
  );
}
