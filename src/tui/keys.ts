import type {Action} from './actions.ts';
import {type Binding, EVERYWHERE, SCREEN_KEYS, type Words} from './key-table.ts';
import type {State} from './state.ts';

export {type Action, EVERYWHERE, SCREEN_KEYS};

const isOn = (binding: Binding, state: State): boolean => binding.when?.(state) ?? true;

/** What a key does on the screen that is shown; undefined where it does nothing now. */
export function actionOf(state: State, key: string): Action | undefined {
  const has = (binding: Binding): boolean => binding.keys.includes(key) && isOn(binding, state);
  return (SCREEN_KEYS[state.screen.name].find(has) ?? EVERYWHERE.find(has))?.action;
}

const wordsOf = (words: Words | undefined, state: State): string =>
  typeof words === 'function' ? words(state) : (words ?? '');

export type Hint = {readonly key: string; readonly label: string; readonly rank: number};

/** The keys that do something now, for the footer. */
export function hintsOf(state: State): readonly Hint[] {
  const {name} = state.screen;
  const general = EVERYWHERE.filter(
    ({action}) => action === 'help' || (action === 'shell' && name === 'walk'),
  );
  const quit = name === 'walk' || name === 'start' ? [{key: 'q', label: 'quit', rank: 2}] : [];
  const shown = [...SCREEN_KEYS[name], ...general]
    .filter((binding) => binding.label !== undefined && isOn(binding, state))
    .map((binding) => ({
      key: binding.action === 'help' ? '?' : binding.shown,
      label: wordsOf(binding.label, state),
      rank: binding.rank,
    }));
  return [...shown, ...quit];
}
