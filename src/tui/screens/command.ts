import {completions} from '../command-line.ts';
import {GLYPHS} from '../glyphs.ts';
import {accent, cutLine, dim, EMPTY, type Line, line, padEnd, select} from '../layout.ts';
import {contentWidth} from '../sizes.ts';
import type {Overlay, State} from '../state.ts';

const most = 8;

/** The body with what the command line could become in its last rows. */
export function commandBody(
  state: State,
  overlay: Extract<Overlay, {name: 'command'}>,
  body: readonly Line[],
  height: number,
): readonly Line[] {
  const found = completions(state, overlay.text);
  const top = Math.max(0, Math.min(overlay.cursor - most + 1, found.length - most));
  const shown = found.slice(top, top + most);
  const width = contentWidth(state);
  const name = Math.min(40, Math.max(12, ...shown.map(({text}) => text.length))) + 3;
  const rows = shown.map(({text, help}, index) => {
    const chosen = top + index === overlay.cursor;
    const row = cutLine(
      line(chosen ? GLYPHS.cursor : ' ', ' ', accent(':'), padEnd(text, name), dim(help)),
      width + 2,
    );
    return chosen ? select(row, width + 2) : row;
  });
  const kept = Math.max(0, height - rows.length - 1);
  const filler = Array.from({length: Math.max(0, kept - body.length)}, () => EMPTY);
  return [...body.slice(0, kept), ...filler, EMPTY, ...rows];
}
