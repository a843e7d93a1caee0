import type {Event, Update} from './events.ts';
import type {Action} from './keys.ts';
import {actionOf} from './keys.ts';
import {listOf, settle, withIndex} from './lists.ts';
import {onSameItem} from './next.ts';
import {isBusy} from './select.ts';
import {bodyHeight} from './sizes.ts';
import type {State} from './state.ts';
import {askUndo, openChanges, updateChanges} from './update/changes.ts';
import {updateControl} from './update/control.ts';
import {updateEvent} from './update/events.ts';
import {back, sortWalk} from './update/go.ts';
import {hold, replay} from './update/held.ts';
import {
  updateApplying,
  updateDomains,
  updateResult,
  updateStart,
  updateText,
  updateTrouble,
} from './update/others.ts';
import {updateOverlay} from './update/overlay.ts';
import {updatePreview, updateQuestions} from './update/preview.ts';
import {updateWalk} from './update/walk.ts';
import {wanted} from './update/wanted.ts';
import {lookedAt} from './verdict.ts';

/** The next state, and what has to be done for it. Pure. */
export function update(state: State, event: Event): Update {
  const [handled, ...commands] = event.type === 'key' ? takeKey(state, event.key) : updateEvent(state, event);
  if (handled === state && commands.length === 0) return [state];
  const next = settle(event.type === 'key' ? handled : onSameItem(state, handled));
  return replay([next, ...commands, ...wanted(state, next)], (at, key) => update(at, {type: 'key', key}));
}

/** A key acts now, or waits until what it acts on is there. Who leaves takes the keys that wait along. */
function takeKey(state: State, key: string): Update {
  const held = hold(state, key);
  return held ? [held] : updateKey(state.held ? {...state, held: undefined} : state, key);
}

function updateKey(before: State, key: string): Update {
  const state = before.message === undefined ? before : {...before, message: undefined};
  const {screen, overlay} = state;
  if (overlay !== undefined && overlay.name !== 'quit' && key === 'ctrl-c')
    return quit({...state, overlay: undefined});
  if (overlay !== undefined) return updateOverlay(state, overlay, key);
  if (screen.name === 'preview' && screen.phase.is === 'questions' && key !== 'ctrl-c') {
    return updateQuestions(state, screen, key);
  }
  const action = actionOf(state, key);
  if (action === undefined) return [state];
  return moveCursor(state, action) ?? general(state, action) ?? ofScreen(state, action, key);
}

const steps: Readonly<Partial<Record<Action, (page: number) => number>>> = {
  up: () => -1,
  down: () => 1,
  first: () => Number.NEGATIVE_INFINITY,
  last: () => Number.POSITIVE_INFINITY,
  'page-up': (page) => -Math.ceil(page / 2),
  'page-down': (page) => Math.ceil(page / 2),
};

/** Moves the cursor of a list, or scrolls a text; undefined for keys that do neither. */
function moveCursor(state: State, action: Action): Update | undefined {
  const by = steps[action]?.(listOf(state)?.height ?? bodyHeight(state));
  if (by === undefined) return undefined;
  const {screen} = state;
  const found = listOf(state);
  if (
    found &&
    screen.name === 'preview' &&
    screen.phase.is === 'ready' &&
    (screen.whole || action.startsWith('page'))
  ) {
    return [{...state, screen: {...screen, scroll: Math.max(0, screen.scroll + by)}}];
  }
  if (found) {
    const index = Math.max(0, Math.min(found.count - 1, found.index + by));
    if (index === found.index && by !== 0) return [state];
    const moved = {...state, screen: withIndex(state, index)};
    return screen.name === 'changes' ? askUndo(moved) : [moved];
  }
  const scrolled = (top: number): number => Math.max(0, Math.min(Number.MAX_SAFE_INTEGER, top + by));
  if (screen.name === 'text') return [{...state, screen: {...screen, top: scrolled(screen.top)}}];
  if (screen.name === 'control')
    return [{...state, screen: {...screen, lessonTop: scrolled(screen.lessonTop)}}];
  if (screen.name === 'preview') return [{...state, screen: {...screen, scroll: scrolled(screen.scroll)}}];
  return [state];
}

/** What means the same on every screen; undefined where a screen decides. */
function general(state: State, action: Action): Update | undefined {
  const {name} = state.screen;
  switch (action) {
    case 'quit':
      return quit(state);
    case 'help':
      return [{...state, overlay: {name: 'help', top: 0}}];
    case 'command':
      return [{...state, overlay: {name: 'command', text: '', cursor: 0, past: 0}}];
    case 'filter':
      if (state.screen.name !== 'walk' && state.screen.name !== 'control') return [state];
      return [{...state, overlay: {name: 'filter', text: state.screen.filter, before: state.screen.filter}}];
    case 'shell':
      return [state, {do: 'shell'}];
    case 'changes':
      return name === 'applying' || name === 'changes' ? undefined : openChanges(state);
    case 'rescan': {
      if (name === 'preview' || name === 'trouble' || name === 'changes') return undefined;
      const {screen} = state;
      const verify = lookedAt(state);
      return [
        screen.name === 'walk' ? sortWalk(state, screen) : state,
        {do: 'rescan', ...(verify === undefined ? {} : {verify})},
      ];
    }
    case 'back':
      return ['walk', 'preview', 'applying', 'trouble', 'domains', 'text', 'result'].includes(name)
        ? undefined
        : name === 'start'
          ? quit(state)
          : name === 'connecting'
            ? [back(state)[0], {do: 'disconnect'}]
            : back(state);
    default:
      return undefined;
  }
}

const quit = (state: State): Update =>
  isBusy(state) ? [{...state, overlay: {name: 'quit'}}] : [state, {do: 'quit'}];

function ofScreen(state: State, action: Action, key: string): Update {
  const {screen} = state;
  switch (screen.name) {
    case 'start':
      return updateStart(state, screen, action);
    case 'trouble':
      return updateTrouble(state, screen, action);
    case 'walk':
      return updateWalk(state, screen, action);
    case 'control':
      return updateControl(state, screen, action, key);
    case 'preview':
      return updatePreview(state, screen, action);
    case 'applying':
      return updateApplying(state, screen, action);
    case 'result':
      return updateResult(state, screen, action);
    case 'changes':
      return updateChanges(state, screen, action);
    case 'domains':
      return updateDomains(state, screen, action);
    case 'text':
      return updateText(state, screen, action);
    case 'connecting':
      return [state];
  }
}
