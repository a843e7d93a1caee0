import {GLYPHS} from '../glyphs.ts';
import {accent, dim, EMPTY, good, type Line, line} from '../layout.ts';
import type {State} from '../state.ts';

/** Row 2: heavy for what passes, light for what fails, dots for what can't be seen; gained cells in their own colour. */
export function scoreLine(state: State): Line {
  const {scan} = state;
  if (scan === undefined) return EMPTY;
  const cells = scoreCells(state.columns - 4, scan.score, scan.notEvaluated, scan.controls.length);
  const before = scoreCells(state.columns - 4, state.gainedFrom, scan.notEvaluated, scan.controls.length);
  const gained =
    state.gainedFrom !== undefined && before.heavy < cells.heavy ? cells.heavy - before.heavy : 0;
  return line(
    '  ',
    accent(GLYPHS.heavy.repeat(cells.heavy - gained)),
    good(GLYPHS.heavy.repeat(gained)),
    dim(GLYPHS.light.repeat(cells.light)),
    dim(GLYPHS.dots.repeat(cells.dots)),
  );
}

export type Cells = {readonly heavy: number; readonly light: number; readonly dots: number};

/** How many cells of each sort a line of a width has. */
export function scoreCells(
  width: number,
  score: number | undefined,
  notEvaluated: number,
  all: number,
): Cells {
  const dots = all === 0 || score === undefined ? width : Math.round((width * notEvaluated) / all);
  const rest = width - dots;
  const percent = score ?? 0;
  const floor = Math.floor((rest * percent) / 100);
  const heavy = percent <= 0 ? 0 : percent >= 100 ? rest : Math.min(rest - 1, Math.max(1, floor));
  return {heavy: Math.max(0, heavy), light: rest - Math.max(0, heavy), dots};
}
