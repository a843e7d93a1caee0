import {type Action, actionOf} from './keys.ts';
import type {Event, State, Update} from './state.ts';
import {updateCards} from './update/cards.ts';
import {updateDrill} from './update/drill.ts';
import {updateEvent} from './update/events.ts';
import {at, updateExam} from './update/exam.ts';
import {back, go, quit} from './update/go.ts';
import {updateHome} from './update/home.ts';
import {movedCursor} from './update/move.ts';
import {updateOverlay} from './update/overlay.ts';

/** The next state, and what has to be done for it. Pure. */
export function update(state: State, event: Event): Update {
  return event.type === 'key' ? updateKey(state, event.key) : updateEvent(state, event);
}

function updateKey(before: State, key: string): Update {
  const state = before.message === undefined ? before : {...before, message: undefined};
  if (key === 'ctrl-c') return quit(state);
  if (state.overlay) return updateOverlay(state, state.overlay, key);
  const action = actionOf(state, key);
  if (action === undefined) return [state];
  const moved = movedCursor(state, action);
  if (moved) return moved.screen.name === 'exam' ? at(moved, moved.screen.cursor) : [moved];
  return ofScreen(state, action, key) ?? general(state, action) ?? [state];
}

function ofScreen(state: State, action: Action, key: string): Update | undefined {
  switch (state.screen.name) {
    case 'drill':
      return updateDrill(state, state.screen, action);
    case 'cards':
      return updateCards(state, state.screen, action, key);
    case 'exam':
    case 'exam-choice':
    case 'exam-result':
      return updateExam(state, action, key);
    default:
      return updateHome(state, action);
  }
}

function general(state: State, action: Action): Update | undefined {
  switch (action) {
    case 'help':
      return [{...state, overlay: {name: 'help'}}];
    case 'command':
      return [{...state, overlay: {name: 'command', text: ''}}];
    case 'filter':
      return [{...state, overlay: {name: 'filter', text: ''}}];
    case 'quit':
      return quit(state);
    case 'back':
      return back(state);
    case 'cards':
    case 'list':
    case 'exam':
    case 'domains':
      return go(state, action);
    case 'outline':
      return [{...state, outline: state.outline === 'today' ? '2021' : 'today'}];
    default:
      return undefined;
  }
}
