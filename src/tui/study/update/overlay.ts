import {isDay} from '../../../learn/progress.ts';
import {typed} from '../../input.ts';
import {visibleDrills} from '../select.ts';
import type {Overlay, State, Update} from '../state.ts';
import {startOver} from './drill.ts';
import {handIn} from './exam.ts';
import {go, quit, withMessage} from './go.ts';

/** A key while something lies on top of the screen. */
export function updateOverlay(state: State, overlay: Overlay, key: string): Update {
  const closed: State = {...state, overlay: undefined};
  switch (overlay.name) {
    case 'help':
      return ['esc', '?', 'q', 'enter', 'left'].includes(key) ? [closed] : [state];
    case 'filter': {
      if (key === 'enter') return [closed];
      const text = key === 'esc' ? '' : edited(overlay.text, key);
      const {screen} = state;
      if (screen.name !== 'list') return [closed];
      const next = {...screen, filter: text, cursor: 0, top: 0};
      const cursor = Math.min(screen.cursor, Math.max(0, visibleDrills(state, next).length - 1));
      return [
        {
          ...state,
          screen: {...next, cursor: text === screen.filter ? cursor : 0},
          overlay: key === 'esc' ? undefined : {...overlay, text},
        },
      ];
    }
    case 'command':
      if (key === 'esc' || (key === 'backspace' && overlay.text === '')) return [closed];
      if (key === 'enter') return runCommand(closed, overlay.text.trim());
      return [{...state, overlay: {...overlay, text: edited(overlay.text, key)}}];
    case 'confirm':
      if (key === 'y') return confirmed(closed, overlay.of);
      return key === 'n' || key === 'esc' ? [closed] : [state];
    case 'word': {
      if (key === 'esc') return [closed];
      if (key === 'enter') return overlay.text === overlay.word ? handIn(closed) : [state];
      return [{...state, overlay: {...overlay, text: edited(overlay.text, key)}}];
    }
  }
}

const edited = (text: string, key: string): string =>
  key === 'backspace' ? text.slice(0, -1) : text + typed(key);

function confirmed(state: State, of: Extract<Overlay, {name: 'confirm'}>['of']): Update {
  const {screen} = state;
  if (screen.name !== 'drill') return [state];
  switch (of) {
    case 'solution':
      return [
        {...state, screen: {...screen, shown: screen.solvedAt === undefined || screen.shown}},
        {do: 'solution', drill: screen.drill},
      ];
    case 'start-over':
      return startOver(state, screen);
    case 'leave-exam':
      return [state];
  }
}

function runCommand(state: State, text: string): Update {
  const [name = '', value = ''] = text.split(/\s+/);
  if (isInExam(state) && ['cards', 'drills', 'domains', 'exam'].includes(name) && value === '') {
    return [withMessage(state, 'look', 'The exam is open: esc pauses it, H hands it in.')];
  }
  switch (name) {
    case 'exam': {
      if (value === '') return go(state, 'exam');
      if (value === 'none') return saved(state, {examDate: null}, 'No exam date is set any more.');
      if (!isDay(value)) {
        return [withMessage(state, 'failed', `${value} is no day. Write it as :exam 2027-01-16.`)];
      }
      return saved(state, {examDate: value}, `Your exam is on ${value}.`);
    }
    case 'mark': {
      const mark = Number(value);
      if (!Number.isInteger(mark) || mark < 1 || mark > 100) {
        return [withMessage(state, 'failed', 'The pass mark is a number from 1 to 100: :mark 67.')];
      }
      return saved(state, {passMark: mark}, `${mark} passes.`);
    }
    case 'cards':
    case 'domains':
      return go(state, name);
    case 'drills':
      return go(state, 'list');
    case 'q':
    case 'quit':
      return quit(state);
    default:
      return [withMessage(state, 'failed', `There is no command :${text}. ? lists them.`)];
  }
}

const isInExam = ({screen, below}: State): boolean =>
  screen.name === 'exam' || (screen.name === 'text' && below.at(-1)?.name === 'exam');

function saved(
  state: State,
  change: {readonly examDate?: string | null; readonly passMark?: number},
  text: string,
): Update {
  const progress = {...state.progress, ...change};
  return [withMessage({...state, progress}, 'passed', text), {do: 'save', progress}];
}
