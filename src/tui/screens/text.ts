import {markSpan} from '../components/marks.ts';
import {bold, cutLine, dim, EMPTY, ends, type Line, line, wrap} from '../layout.ts';
import {contentWidth, PROSE} from '../sizes.ts';
import type {State, TextScreen} from '../state.ts';

/** Text that scrolls: YAML of an object, details of a change or finding, what was not read. */
export function textBody(state: State, screen: TextScreen, height: number): readonly Line[] {
  const width = contentWidth(state);
  const rows = textRows(state, screen);
  const room = height - 2;
  const top = Math.max(0, Math.min(screen.top, rows.length - room));
  const shown = rows.slice(top, top + room);
  const position = rows.length > room ? [dim(`${top + 1}-${top + shown.length} of ${rows.length}`)] : [];
  return [line('  ', ...ends([bold(screen.title)], position, width)), EMPTY, ...shown];
}

/** Its lines in the width of the screen: prose wrapped, YAML cut. */
export function textRows(state: State, {lines, prose}: TextScreen): readonly Line[] {
  const width = contentWidth(state);
  return lines.flatMap(({text, mark, verbatim}) => {
    const sign = mark ? markSpan(mark) : ' ';
    if (!prose || verbatim === true || text === '') return [cutLine(line(sign, ' ', text), width + 2)];
    return wrap(text, Math.min(width, PROSE)).map((part, index) => line(index === 0 ? sign : ' ', ' ', part));
  });
}
