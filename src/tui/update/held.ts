import type {Update} from '../events.ts';
import {type Action, EVERYWHERE, SCREEN_KEYS} from '../keys.ts';
import {currentDetail, resultOf} from '../select.ts';
import type {State} from '../state.ts';

const most = 16;

const cursorKeys: readonly Action[] = ['up', 'down', 'first', 'last', 'page-up', 'page-down'];
const onList: readonly Action[] = ['fix', 'next', 'enter', ...cursorKeys];
const onRows: readonly Action[] = [
  ...['fix', 'choose', 'yaml', 'mark', 'mark-all', 'accept', 'enter'].map((one) => one as Action),
  ...cursorKeys,
];
/** Never `fix`: nothing is applied by a key that came before its preview was on the screen. */
const onPreview: readonly Action[] = ['mark', 'values', 'restart', 'patch', 'yaml'];

/** What keys were meant for: they are not replayed elsewhere. */
const placeOf = ({screen}: State): string =>
  screen.name === 'control'
    ? `control ${screen.id}`
    : screen.name === 'preview'
      ? `preview ${screen.title}`
      : screen.name;

/** What keys have to wait for what is loading; empty where nothing is awaited. */
function awaited(state: State): readonly Action[] {
  const {screen} = state;
  switch (screen.name) {
    case 'walk': {
      if (state.scan === undefined) return onList;
      const failed = screen.cursor === undefined ? 0 : (resultOf(state, screen.cursor)?.failed ?? 0);
      return failed > 0 && currentDetail(state) === undefined ? ['fix'] : [];
    }
    case 'control':
      if (currentDetail(state) !== undefined || resultOf(state, screen.id) === undefined) return [];
      return screen.tab === 'failing' ? onRows : ['fix', 'choose', 'yaml'];
    case 'preview':
      return screen.phase.is === 'asking' ? onPreview : [];
    default:
      return [];
  }
}

/** What a key would do, were all of it there. */
const meaningOf = ({screen}: State, key: string): Action | undefined =>
  [...SCREEN_KEYS[screen.name], ...EVERYWHERE].find(({keys}) => keys.includes(key))?.action;

/**
 * The state with a key kept for later, where what it acts on is still loading, or where keys before it wait; undefined
 * where it acts now. Leaving never waits.
 */
export function hold(state: State, key: string): State | undefined {
  const {held, overlay} = state;
  const action = meaningOf(state, key);
  if (overlay !== undefined || action === 'back' || action === 'quit') return undefined;
  const waits = action !== undefined && awaited(state).includes(action);
  if (held === undefined && !waits) return undefined;
  const keys = held?.keys ?? [];
  if (action === undefined || (state.screen.name === 'preview' && action === 'fix')) return state;
  return keys.length < most ? {...state, held: {place: placeOf(state), keys: [...keys, key]}} : state;
}

/** Keys that waited, now that what they act on is there; they are forgotten where the person has left. */
export function replay([state, ...commands]: Update, press: (state: State, key: string) => Update): Update {
  const {held} = state;
  if (held === undefined) return [state, ...commands];
  const isHere = placeOf(state) === held.place && state.overlay === undefined;
  if (isHere && awaited(state).length > 0) return [state, ...commands];
  let result: Update = [{...state, held: undefined}, ...commands];
  for (const key of isHere ? held.keys : []) {
    const [before, ...earlier] = result;
    const [after, ...later] = press(before, key);
    result = [after, ...earlier, ...later];
  }
  return result;
}
