import {type Change, stepKey} from '../../engine/change.ts';
import {parseQuantity} from '../../engine/quantity.ts';
import {restartSteps} from '../../fix/guard.ts';
import {isRestart} from '../../fix/restart.ts';
import {applyConfirmation} from '../confirm.ts';
import type {Update} from '../events.ts';
import {typed} from '../input.ts';
import type {Action} from '../keys.ts';
import {objectsOf, resultOf} from '../select.ts';
import type {ApplyStep, Field, PreviewScreen, State} from '../state.ts';
import {safeFields} from '../values.ts';
import {back, replace, say} from './go.ts';

type Ready = Extract<PreviewScreen['phase'], {is: 'ready'}>;

/** The change without the steps that were left out. */
export const remaining = (screen: PreviewScreen): Change => ({
  ...screen.change,
  steps: screen.change.steps.filter((step) => !screen.leftOut.has(stepKey(step))),
});

/** Asks the server what the change would do. */
export function ask(state: State, screen: PreviewScreen): Update {
  const token = screen.token + 1;
  const shown = screen.phase.is === 'ready' ? screen.phase.plan : screen.shown;
  const next: PreviewScreen = {...screen, token, shown, phase: {is: 'asking'}};
  const {controlId, answers} = screen;
  return [
    {...state, screen: next, overlay: undefined},
    {do: 'prepare', token, controlId, change: remaining(screen), answers},
  ];
}

/** Keys of the preview. */
export function updatePreview(state: State, screen: PreviewScreen, action: Action): Update {
  const {phase} = screen;
  switch (action) {
    case 'rescan':
      return ask(state, screen);
    case 'back': {
      const [next] = back(state);
      return [next, {do: 'cancel'}];
    }
    case 'yaml':
      return [{...state, screen: {...screen, whole: !screen.whole, scroll: 0}}];
    case 'values': {
      const fields = safeFields(screen.fields);
      return ask(state, {...screen, fields, answers: answersOf(fields)});
    }
    case 'enter':
      if (phase.is !== 'ready' || screen.fields.length === 0) return [state];
      return [
        {
          ...state,
          screen: {
            ...screen,
            phase: {is: 'questions', fields: screen.fields, cursor: 0, foresight: undefined},
          },
        },
      ];
    case 'patch':
      return phase.is === 'ready'
        ? [state, {do: 'write-patch', plan: phase.plan, title: screen.title}]
        : [state];
    case 'restart':
      return toggleRestart(state, screen);
    case 'mark':
      return leaveOut(state, screen);
    case 'fix':
      return phase.is === 'ready' ? tryApply(state, screen, phase) : [state];
    default:
      return [state];
  }
}

/** The restart of what the change reaches only at the next start becomes part of it, or leaves it. */
function toggleRestart(state: State, screen: PreviewScreen): Update {
  const {restart, restartable, change} = screen;
  if (restartable.length === 0) return [state];
  const steps = restart
    ? change.steps.filter((step) => !isRestart(step))
    : [...change.steps, ...restartSteps(restartable, new Date(state.now))];
  return ask(state, {...screen, restart: !restart, change: {...change, steps}, order: undefined, cursor: 0});
}

function leaveOut(state: State, screen: PreviewScreen): Update {
  const objects = objectsOf(screen);
  const object = objects[screen.cursor];
  if (object === undefined || objects.length < 2) return [state];
  const leftOut = new Set(screen.leftOut);
  if (!leftOut.delete(object.key)) leftOut.add(object.key);
  if (leftOut.size === screen.change.steps.length) {
    return [say(state, 'look', 'One object has to stay. esc leaves all of them as they are.')];
  }
  return ask(state, {...screen, leftOut});
}

/** The question, typed word or nothing that a plan needs, and then the plan itself. */
function tryApply(state: State, screen: PreviewScreen, phase: Ready): Update {
  if (!phase.drawn || state.connection === undefined) return [state];
  if (state.connection.status === 'lost') {
    return [say(state, 'look', `${state.connection.name} does not answer. Applying waits until it is back.`)];
  }
  if (phase.plan.items.every(({rejection}) => rejection !== undefined)) {
    return [
      say(state, 'failed', 'The API server refuses this change. Nothing was applied, the finding stays.'),
    ];
  }
  const confirmation = applyConfirmation(state.connection, phase.plan, screen.kind, screen.consequences);
  return confirmation ? [{...state, overlay: confirmation}] : applyNow(state);
}

/** Writes the plan of the preview that is shown. */
export function applyNow(state: State): Update {
  const {screen} = state;
  if (screen.name !== 'preview' || screen.phase.is !== 'ready') return [state];
  const {plan, forecast} = screen.phase;
  const result = resultOf(state, screen.controlId);
  const steps: readonly ApplyStep[] = plan.items.map(({ref, step, rejection, needs}) => ({
    ref,
    verb: {create: 'created', delete: 'deleted', edit: 'changed', recreate: 'made again', file: 'written'}[
      step.do
    ],
    state: rejection === undefined ? 'waiting' : 'refused',
    ...(rejection === undefined ? {} : {reason: rejection}),
    ...(needs ? {leftOut: true} : {}),
  }));
  const next = replace(state, {
    name: 'applying',
    phase: 'writing',
    title: screen.title,
    undo: false,
    number: undefined,
    controlId: screen.controlId,
    journalled: false,
    steps,
    guard: [],
    seconds: 0,
    before: result && {all: result.all, failed: result.failed, excluded: result.excluded},
    scoreBefore: state.scan?.score,
    forecast,
    entry: undefined,
    problem: [],
  });
  return [
    {...next, gainedFrom: state.scan?.score},
    {do: 'apply', plan, title: screen.title},
  ];
}

/** Keys of the form that asks for values. */
export function updateQuestions(state: State, screen: PreviewScreen, key: string): Update {
  const {phase} = screen;
  if (phase.is !== 'questions') return [state];
  const {fields, cursor} = phase;
  const field = fields[cursor];
  if (field === undefined) return [state];
  const at = (next: Partial<typeof phase>): Update => [
    {...state, screen: {...screen, phase: {...phase, ...next}}},
  ];
  const write = (text: string): Update =>
    at({
      foresight: undefined,
      fields: fields.with(cursor, {...field, text, edited: text !== field.question.suggestion}),
    });
  switch (key) {
    case 'esc':
      return back(state);
    case 'up':
      return at({cursor: Math.max(0, cursor - 1)});
    case 'down':
    case 'tab':
      return at({cursor: Math.min(fields.length - 1, cursor + 1)});
    case 'backspace':
    case 'ctrl-w':
      return write(field.text.slice(0, -1));
    case 'ctrl-u':
      return write('');
    case 'left':
    case 'right': {
      const choices = field.question.choices ?? [];
      const index = choices.indexOf(field.text) + (key === 'left' ? -1 : 1);
      return choices.length > 0 ? write(choices.at(index % choices.length) ?? '') : [state];
    }
    case 'enter':
      return takeValue(state, screen, fields, cursor);
    default: {
      // No quantity, number or choice has a v in it.
      if (key === 'v' && field.question.type !== 'text') {
        return at({foresight: undefined, fields: safeFields(fields)});
      }
      if (field.question.type === 'choice' || typed(key) === '') return [state];
      return write((field.edited ? field.text : '') + typed(key));
    }
  }
}

function takeValue(state: State, screen: PreviewScreen, fields: readonly Field[], cursor: number): Update {
  const foresight = screen.phase.is === 'questions' ? screen.phase.foresight : undefined;
  const at = (index: number): State => ({
    ...state,
    screen: {...screen, phase: {is: 'questions', fields, cursor: index, foresight}},
  });
  const problem = problemOf(fields[cursor]!);
  if (problem !== undefined) return [state];
  if (cursor < fields.length - 1) return [at(cursor + 1)];
  const open = fields.findIndex((field) => problemOf(field) !== undefined);
  if (open >= 0) return [at(open)];
  const answers = answersOf(fields);
  return ask(state, {...screen, answers, fields});
}

export const answersOf = (fields: readonly Field[]): ReadonlyMap<string, string> =>
  new Map(fields.map(({question, text}) => [question.id, text.trim()]));

/** Why a value can't be taken; undefined when it can. */
export function problemOf({question, label, text}: Field): string | undefined {
  const value = text.trim();
  if (value === '') return `Type a value for the ${label}: ${question.reason}.`;
  if (question.type === 'quantity' && parseQuantity(value) === undefined) {
    return `${value} is no quantity for the ${label}. Quantities look like 250m, 64Mi or 2.`;
  }
  if (question.type === 'number' && !/^\d+$/.test(value)) {
    return `${value} is no whole number for ${question.label}.`;
  }
  return undefined;
}
