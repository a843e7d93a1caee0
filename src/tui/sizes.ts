import type {State} from './state.ts';

type Size = Pick<State, 'columns' | 'rows'>;

export const MIN_COLUMNS = 60;
export const MIN_ROWS = 20;
/** Prose is never wider, also on a wide terminal. */
export const PROSE = 76;

export const isTooSmall = ({columns, rows}: Size): boolean => columns < MIN_COLUMNS || rows < MIN_ROWS;
export const isNarrow = ({columns}: Size): boolean => columns < 78;
export const twoPanes = ({columns}: Size): boolean => columns >= 110;
export const threePanes = ({columns}: Size): boolean => columns >= 180;

/** Columns for text: two stay empty left and right. */
export const contentWidth = ({columns}: Size): number => columns - 4;

/** Rows between the blank below the score line and the status. */
export const bodyHeight = ({rows}: Size): number => rows - 5;

/** Columns of the left pane, gutter included; three columns of separator follow. */
export function leftPaneWidth(state: State): number {
  const {columns} = state;
  if (state.screen.name === 'walk') return 79;
  if (threePanes(state) && state.screen.name === 'preview') return 54;
  if (threePanes(state)) return state.screen.name === 'control' ? 68 : 74;
  if (state.screen.name === 'control') return Math.min(76, Math.floor(columns * 0.57));
  return Math.floor(columns * 0.5) - 1;
}

/** Columns for text right of the separator. */
export function rightPaneWidth(state: State): number {
  const room = state.columns - 2 - leftPaneWidth(state) - 3;
  return Math.min(PROSE, threePanes(state) ? Math.min(room, middleWidth(state)) : room);
}

/** On three panes: columns of the middle one; on the preview it holds two columns of YAML. */
export function middleWidth(state: State): number {
  const room = state.columns - 2 - leftPaneWidth(state) - 6;
  return state.screen.name === 'preview' ? Math.floor(room * 0.62) : Math.min(PROSE, Math.floor(room / 2));
}

/** On three panes: columns of the last one. */
export const lastWidth = (state: State): number =>
  Math.min(PROSE, state.columns - 2 - leftPaneWidth(state) - 6 - middleWidth(state));
