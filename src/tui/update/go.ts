import {walkOrder} from '../../engine/scan.ts';
import type {Mark} from '../../fix/plan.ts';
import type {Update} from '../events.ts';
import type {ControlScreen, Message, Screen, State, WalkScreen} from '../state.ts';

/** The state with another screen on top; `esc` comes back to this one. */
export const push = (state: State, screen: Screen): State => ({
  ...state,
  below: [...state.below, state.screen],
  screen,
  overlay: undefined,
});

export const replace = (state: State, screen: Screen): State => ({...state, screen, overlay: undefined});

/** One screen back, with its cursor, marks and scroll; rows of the walk are sorted anew. */
export function back(state: State): Update {
  const below = state.below.at(-1);
  if (below === undefined) return [state];
  const next: State = {...state, below: state.below.slice(0, -1), screen: below, overlay: undefined};
  return [below.name === 'walk' ? sortWalk(next, below) : next];
}

/** Back to the walk, wherever it is below. */
export function backToWalk(state: State): State {
  if (state.screen.name === 'walk') return state;
  const index = state.below.findLastIndex(({name}) => name === 'walk');
  const walk = state.below[index];
  if (walk?.name !== 'walk') return {...state, screen: newWalk(), below: []};
  return sortWalk({...state, below: state.below.slice(0, index), screen: walk, overlay: undefined}, walk);
}

export const say = (state: State, mark: Message['mark'] | Mark, text: string): State => ({
  ...state,
  message: {mark, text},
});

export const newWalk = (): WalkScreen => ({
  name: 'walk',
  order: [],
  by: 'score',
  cursor: undefined,
  top: 0,
  filter: '',
  domain: undefined,
});

/** The walk with its rows in order; the cursor stays on its control. */
export function sortWalk(state: State, walk: WalkScreen): State {
  if (state.scan === undefined) return {...state, screen: walk};
  const sorted = walkOrder(state.scan.controls).map(({entry}) => entry.id);
  const order =
    walk.by === 'gain'
      ? sorted.toSorted((a, b) => (state.gains.get(b) ?? 0) - (state.gains.get(a) ?? 0))
      : sorted;
  return {...state, screen: {...walk, order, cursor: walk.cursor ?? order[0]}};
}

/** The control's screen: its lesson on the first visit, what fails with all safe ones marked on later ones. */
export function controlScreen(state: State, id: string): ControlScreen {
  const result = state.scan?.controls.find(({entry}) => entry.id === id);
  const fails = (result?.failed ?? 0) > 0;
  return {
    name: 'control',
    id,
    tab: fails && state.visited.has(id) ? 'failing' : 'lesson',
    lessonTop: 0,
    cursor: undefined,
    top: 0,
    marks: new Set(),
    touched: false,
    approach: 0,
    filter: '',
    forecast: undefined,
  };
}

export const openControl = (state: State, id: string): State =>
  markSafe({...push(state, controlScreen(state, id)), visited: new Set([...state.visited, id])});

/** Marks all safe objects and chooses their approach, until the person marked something. */
export function markSafe(state: State): State {
  const {screen} = state;
  if (screen.name !== 'control' || screen.touched) return state;
  const detail = state.details.get(screen.id);
  if (detail === undefined) return state;
  const index = detail.approaches.findIndex(({safe}) => safe.size > 0);
  const marks = detail.approaches[index]?.safe ?? new Set<string>();
  const same = marks.size === screen.marks.size && [...marks].every((key) => screen.marks.has(key));
  if (same && screen.approach === Math.max(0, index)) return state;
  return {...state, screen: {...screen, marks, approach: Math.max(0, index)}};
}

/** Opens the next control of the walk that still fails, after the one that is shown. */
export function nextControl(state: State): Update {
  const walk = [...state.below, state.screen].find((screen) => screen.name === 'walk');
  if (walk?.name !== 'walk' || state.scan === undefined) return [state];
  const current = currentControl(state);
  const failing = new Set(
    state.scan.controls.filter(({status}) => status === 'failed').map(({entry}) => entry.id),
  );
  const start =
    current === undefined ? 0 : walk.order.indexOf(current) + (state.screen.name === 'walk' ? 0 : 1);
  const order = [...walk.order.slice(start), ...walk.order.slice(0, start)];
  const id = order.find((one) => failing.has(one));
  if (id === undefined) return [say(state, 'passed', 'No control of this framework fails any more.')];
  const base = backToWalk(state);
  const at = base.screen.name === 'walk' ? {...base, screen: {...base.screen, cursor: id}} : base;
  return [openControl(at, id)];
}

/** The control that a screen is about. */
export function currentControl(state: State): string | undefined {
  const {screen} = state;
  switch (screen.name) {
    case 'walk':
      return screen.cursor;
    case 'control':
      return screen.id;
    case 'preview':
    case 'applying':
    case 'result':
      return screen.controlId;
    default:
      return undefined;
  }
}
