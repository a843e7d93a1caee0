import {completions, runCommandLine} from '../command-line.ts';
import type {Update} from '../events.ts';
import {edited} from '../input.ts';
import {isBusy} from '../select.ts';
import type {Confirmation, Overlay, State} from '../state.ts';
import {updateAccept} from './accept.ts';
import {updateAttest} from './attest.ts';
import {undoNow} from './changes.ts';
import {say} from './go.ts';
import {applyNow} from './preview.ts';

const close = (state: State): State => ({...state, overlay: undefined});

/** Keys while something lies on top of the screen. */
export function updateOverlay(state: State, overlay: Overlay, key: string): Update {
  switch (overlay.name) {
    case 'filter':
      return updateFilter(state, overlay, key);
    case 'command':
      return updateCommand(state, overlay, key);
    case 'help':
      if (key === 'j' || key === 'down') return [{...state, overlay: {...overlay, top: overlay.top + 1}}];
      if (key === 'k' || key === 'up')
        return [{...state, overlay: {...overlay, top: Math.max(0, overlay.top - 1)}}];
      if (key === 'q' || key === 'ctrl-c') return [close(state), {do: 'quit'}];
      return ['esc', '?', 'enter'].includes(key) ? [close(state)] : [state];
    case 'folder':
      if (key === 'esc') return [close(state)];
      if (key === 'enter' && overlay.text.trim() !== '') {
        return [close(state), {do: 'connect-folder', path: overlay.text.trim()}];
      }
      return [{...state, overlay: {...overlay, text: edited(overlay.text, key)}}];
    case 'accept':
      return updateAccept(state, overlay, key);
    case 'attest':
      return updateAttest(state, overlay, key);
    case 'confirm':
      return updateConfirm(state, overlay, key);
    case 'quit':
      if (key === 'enter')
        return [say(close(state), 'same', 'kubekata quits when the change is written.'), {do: 'quit-later'}];
      if (key === 'u' && isBusy(state) && state.screen.name === 'applying' && !state.screen.undo) {
        return [
          say(close(state), 'same', 'What is written is taken back, then kubekata quits.'),
          {do: 'undo-and-quit'},
        ];
      }
      return key === 'esc' ? [close(state)] : [state];
  }
}

function updateFilter(state: State, overlay: Extract<Overlay, {name: 'filter'}>, key: string): Update {
  const {screen} = state;
  if (screen.name !== 'walk' && screen.name !== 'control') return [close(state)];
  const withFilter = (filter: string, next: Overlay | undefined): Update => [
    {...state, screen: {...screen, filter}, overlay: next},
  ];
  if (key === 'esc') return withFilter('', undefined);
  if (key === 'enter') return withFilter(overlay.text, undefined);
  const text = edited(overlay.text, key);
  return text === overlay.text ? [state] : withFilter(text, {...overlay, text});
}

function updateCommand(state: State, overlay: Extract<Overlay, {name: 'command'}>, key: string): Update {
  const found = completions(state, overlay.text);
  switch (key) {
    case 'esc':
      return [close(state)];
    case 'up': {
      const past = Math.min(state.history.length, overlay.past + 1);
      if (overlay.text !== '' && overlay.past === 0 && found.length > 0) {
        return [{...state, overlay: {...overlay, cursor: Math.max(0, overlay.cursor - 1)}}];
      }
      return [
        {...state, overlay: {...overlay, past, text: state.history.at(-past) ?? overlay.text, cursor: 0}},
      ];
    }
    case 'down':
      return [
        {
          ...state,
          overlay: {...overlay, cursor: Math.min(Math.max(0, found.length - 1), overlay.cursor + 1)},
        },
      ];
    case 'tab': {
      const chosen = found[overlay.cursor];
      return chosen ? [{...state, overlay: {...overlay, text: chosen.text, cursor: 0}}] : [state];
    }
    case 'enter': {
      const chosen = overlay.cursor > 0 ? found[overlay.cursor]?.text : undefined;
      return runCommandLine(close(state), chosen ?? overlay.text);
    }
    case 'backspace':
      if (overlay.text === '') return [close(state)];
      return [{...state, overlay: {...overlay, text: edited(overlay.text, key), cursor: 0, past: 0}}];
    default:
      return [{...state, overlay: {...overlay, text: edited(overlay.text, key), cursor: 0, past: 0}}];
  }
}

function updateConfirm(state: State, overlay: Confirmation, key: string): Update {
  if (key === 'esc' || (overlay.wants === 'yes' && key === 'n')) {
    return [say(close(state), 'same', 'Nothing was applied. Everything is as it was.')];
  }
  if (overlay.patch && key === 'p' && overlay.text === '' && state.screen.name === 'preview') {
    const {phase, title} = state.screen;
    return phase.is === 'ready' ? [close(state), {do: 'write-patch', plan: phase.plan, title}] : [state];
  }
  const go = (): Update => (overlay.of === 'undo' ? undoNow(close(state)) : applyNow(close(state)));
  if (overlay.wants === 'yes') return key === 'y' ? go() : [state];
  if (key === 'enter') {
    if (overlay.text === overlay.word) return go();
    return [say(state, 'look', `Type ${overlay.word} to apply. esc leaves everything as it is.`)];
  }
  return [{...state, overlay: {...overlay, text: edited(overlay.text, key)}}];
}
