import type {JournalEntry} from '../../fix/plan.ts';
import {undoConfirmation} from '../confirm.ts';
import {entryLines} from '../entry-text.ts';
import type {Update} from '../events.ts';
import type {Action} from '../keys.ts';
import type {ApplyStep, ChangesScreen, State} from '../state.ts';
import {push, replace} from './go.ts';

/** Opens the changes with the cursor on the newest one. */
export const openChanges = (state: State): Update => [
  push(state, {name: 'changes', cursor: 0, top: 0, undo: {is: 'none'}}),
  {do: 'entries'},
];

/** Asks what undoing the entry under the cursor would do, when it can be undone. */
export function askUndo(state: State): Update {
  const {screen} = state;
  if (screen.name !== 'changes') return [state];
  const entry = state.entries[screen.cursor];
  if (entry === undefined || entry.state === 'undone') {
    return [{...state, screen: {...screen, undo: {is: 'none'}}}];
  }
  const undo: ChangesScreen['undo'] = {is: 'asking', number: entry.number};
  return [
    {...state, screen: {...screen, undo}},
    {do: 'prepare-undo', entry},
  ];
}

/** Keys of the changes. */
export function updateChanges(state: State, screen: ChangesScreen, action: Action): Update {
  const entry = state.entries[screen.cursor];
  if (entry === undefined || state.connection === undefined) return [state];
  if (action === 'enter' && entry.state === 'unfinished' && !state.readOnly) return finishNow(state, entry);
  if (action === 'enter') {
    return [
      push(state, {
        name: 'text',
        prose: true,
        crumb: `Change ${entry.number}`,
        title: entry.title,
        lines: entryLines(entry),
        top: 0,
      }),
    ];
  }
  if (action === 'rescan') return askUndo(state);
  if (action !== 'fix' || screen.undo.is !== 'ready' || !screen.undo.drawn) return [state];
  const confirmation = undoConfirmation(state.connection, entry.number);
  return confirmation ? [{...state, overlay: confirmation}] : undoNow(state);
}

/** Writes what an unfinished entry still plans; it was confirmed when it was begun. */
function finishNow(state: State, entry: JournalEntry): Update {
  const steps: readonly ApplyStep[] = entry.steps.map(({item: {ref, step}, state: one, reason, needs}) => ({
    ref,
    verb: {create: 'created', delete: 'deleted', edit: 'changed', recreate: 'made again', file: 'written'}[
      step.do
    ],
    state: one === 'refused' ? 'refused' : one === 'planned' ? 'waiting' : 'written',
    ...(reason === undefined ? {} : {reason}),
    ...(needs ? {leftOut: true} : {}),
  }));
  const next = replace(state, {
    name: 'applying',
    phase: 'writing',
    title: entry.title,
    undo: false,
    finish: true,
    number: entry.number,
    controlId: undefined,
    journalled: true,
    steps,
    guard: [],
    seconds: 0,
    before: undefined,
    scoreBefore: state.scan?.score,
    forecast: undefined,
    entry: undefined,
    problem: [],
  });
  return [
    {...next, gainedFrom: state.scan?.score},
    {do: 'finish', entry},
  ];
}

/** Undoes the entry whose undo is shown. */
export function undoNow(state: State): Update {
  const {screen} = state;
  if (screen.name !== 'changes' || screen.undo.is !== 'ready') return [state];
  const {number, plan, forecast} = screen.undo;
  const entry = state.entries.find((one) => one.number === number);
  if (entry === undefined) return [state];
  const steps: readonly ApplyStep[] = plan.items.map(({ref, step, rejection}) => ({
    ref,
    verb: {
      create: 'made again',
      delete: 'deleted',
      edit: 'put back',
      recreate: 'made again',
      file: 'put back',
    }[step.do],
    state: rejection === undefined ? 'waiting' : 'refused',
    ...(rejection === undefined ? {} : {reason: rejection}),
  }));
  const next = replace(state, {
    name: 'applying',
    phase: 'writing',
    title: `Undo of change ${number}, ${entry.title}`,
    undo: true,
    number,
    controlId: undefined,
    journalled: false,
    steps,
    guard: [],
    seconds: 0,
    before: undefined,
    scoreBefore: state.scan?.score,
    forecast,
    entry: undefined,
    problem: [],
  });
  return [
    {...next, gainedFrom: state.scan?.score},
    {do: 'undo', entry, plan},
  ];
}
