import {fixLines} from './screens/control-fixes.ts';
import {resultOf} from './select.ts';
import {bodyHeight, contentWidth, leftPaneWidth, threePanes, twoPanes} from './sizes.ts';
import type {State} from './state.ts';

/** Rows of the strip below the walk, its blank row included; none where it became a pane. */
export const stripHeight = (state: State): number => (twoPanes(state) ? 0 : state.rows < 24 ? 3 : 5);

const windowOf = (count: number, room: number): number =>
  count > room ? Math.max(1, room - 1) : Math.max(1, room);

/** Rows of the walk's list; one of its room is left to `⋯ 15 more` where not all fit. */
export const walkRoom = (state: State, count: number): number => {
  const note = twoPanes(state) ? 2 : 0;
  const room = bodyHeight(state) - 2 - stripHeight(state);
  return windowOf(count, count <= room - note ? room - note : room);
};

/** Columns in which the control screen shows its failing objects. */
export const failingWidth = (state: State): number =>
  twoPanes(state) ? leftPaneWidth(state) - 3 : contentWidth(state);

/** Rows for the fixes below the failing objects: all of theirs, while some objects stay in sight. */
export function fixRoom(state: State): number {
  const {screen} = state;
  const detail = screen.name === 'control' ? state.details.get(screen.id) : undefined;
  if (screen.name !== 'control' || detail === undefined) return 1;
  const wanted = fixLines(state, screen, detail, failingWidth(state)).length;
  const objects = Math.min(detail.rows.length + 1, state.rows < 24 ? 4 : 6);
  return Math.max(2, Math.min(wanted, controlHeight(state) - objects));
}

/** Rows for objects and fixes together: what title, heads and the blank row between them leave. */
const controlHeight = (state: State): number =>
  bodyHeight(state) - (twoPanes(state) ? 6 : 5) - (hasAccepted(state) ? 1 : 0);

/** One row tells what is accepted, where something is. */
const hasAccepted = (state: State): boolean =>
  state.screen.name === 'control' && (resultOf(state, state.screen.id)?.excluded ?? 0) > 0;

/** Rows of the control screen's list. */
export const controlRoom = (state: State, count: number): number =>
  windowOf(count, controlHeight(state) - fixRoom(state));

/** Rows of the preview's list of objects. */
export const previewRoom = (state: State, count: number): number =>
  windowOf(count, Math.min(count, previewMost(state)));

const previewMost = (state: State): number => {
  if (threePanes(state)) return bodyHeight(state) - 1;
  return twoPanes(state) ? Math.floor(bodyHeight(state) / 2) : state.rows < 24 ? 4 : 6;
};

export const changesRoom = (state: State, count: number): number =>
  windowOf(count, twoPanes(state) ? bodyHeight(state) - 1 : Math.max(3, Math.min(6, bodyHeight(state) - 14)));
