import {wrap} from './layout.ts';
import {chosenKeys, fixesFor} from './select.ts';
import {bodyHeight, contentWidth, leftPaneWidth, twoPanes} from './sizes.ts';
import type {Approach, State} from './state.ts';

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

/** Columns of an approach's name and kind, before its words. */
export const approachColumns = (
  approaches: readonly Approach[],
): {readonly name: number; readonly kind: number} => ({
  name: Math.min(30, Math.max(0, ...approaches.map(({name}) => name.length))),
  kind: 9,
});

const mostApproaches = 4;
export const shownApproaches = (approaches: readonly Approach[]): readonly Approach[] =>
  approaches.slice(0, mostApproaches);

/** An approach's words in the columns behind its name and kind. */
export function summaryLines(
  approach: Approach,
  all: readonly Approach[],
  width: number,
  keys: ReadonlySet<string>,
  chosen: boolean,
): readonly string[] {
  const {name, kind} = approachColumns(all);
  const lines = wrap(
    fixesFor(approach, keys)[0]?.summary ?? approach.summary,
    Math.max(16, width - 4 - name - 2 - kind - 2),
  );
  return lines.length === 0 ? [''] : lines.slice(0, chosen ? 3 : 1);
}

/** Columns in which the control screen shows its failing objects. */
export const failingWidth = (state: State): number =>
  twoPanes(state) ? leftPaneWidth(state) - 3 : contentWidth(state);

/** Lines that tell of the fixes below the failing objects. */
export function approachRows(state: State): number {
  const {screen} = state;
  if (screen.name !== 'control') return 0;
  const approaches = state.details.get(screen.id)?.approaches ?? [];
  const steps =
    approaches[screen.approach]?.kind === 'manual' ? (approaches[screen.approach]?.steps.length ?? 0) : 0;
  const width = failingWidth(state);
  const keys = chosenKeys(screen, state.details.get(screen.id));
  const lines = shownApproaches(approaches).reduce(
    (sum, approach, index) =>
      sum + summaryLines(approach, approaches, width, keys, index === screen.approach).length,
    0,
  );
  return 1 + lines + Math.min(steps, 6);
}

/** Rows of the control screen's list: what title, heads and fixes leave. */
export const controlRoom = (state: State, count: number): number =>
  windowOf(count, bodyHeight(state) - (twoPanes(state) ? 6 : 5) - approachRows(state));

/** Rows of the preview's list of objects. */
export const previewRoom = (state: State, count: number): number =>
  windowOf(
    count,
    Math.min(count, twoPanes(state) ? Math.floor(bodyHeight(state) / 2) : state.rows < 24 ? 4 : 6),
  );

export const changesRoom = (state: State, count: number): number =>
  windowOf(count, twoPanes(state) ? bodyHeight(state) - 1 : Math.max(3, Math.min(6, bodyHeight(state) - 14)));
