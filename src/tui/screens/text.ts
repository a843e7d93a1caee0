import {markSpan} from '../components/marks.ts';
import {bold, cutLine, dim, EMPTY, ends, type Line, line} from '../layout.ts';
import {contentWidth} from '../sizes.ts';
import type {State, TextScreen} from '../state.ts';

/** Text that scrolls: YAML of an object, details of a change, what was not read. */
export function textBody(state: State, screen: TextScreen, height: number): readonly Line[] {
  const width = contentWidth(state);
  const room = height - 2;
  const top = Math.max(0, Math.min(screen.top, screen.lines.length - room));
  const shown = screen.lines.slice(top, top + room);
  const position = `${top + 1}-${top + shown.length} of ${screen.lines.length}`;
  return [
    line('  ', ...ends([bold(screen.title)], screen.lines.length > room ? [dim(position)] : [], width)),
    EMPTY,
    ...shown.map(({text, mark}) => cutLine(line(mark ? markSpan(mark) : ' ', ' ', text), width + 2)),
  ];
}
