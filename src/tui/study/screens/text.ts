import {lessonLines} from '../../components/lesson.ts';
import {markSpan} from '../../components/marks.ts';
import {dim, EMPTY, type Line, line, wrap} from '../../layout.ts';
import {PROSE} from '../../sizes.ts';
import type {State, TextScreen} from '../state.ts';
import {markdownLines} from './markdown.ts';

/** A lesson, a task or what was checked: text that scrolls. */
export function textBody(state: State, screen: TextScreen, height: number): readonly Line[] {
  const width = Math.min(PROSE, state.columns - 4);
  const lines = linesOf(state, screen, width);
  const room = height - 1;
  const top = Math.max(0, Math.min(screen.top, lines.length - room));
  const shown = lines.slice(top, top + room);
  const position = lines.length > room ? `${top + 1}-${top + shown.length} of ${lines.length}` : '';
  const filler = Array.from({length: room - shown.length}, () => EMPTY);
  return [...shown.map((one) => line('  ', ...one)), ...filler, line('  ', dim(position))];
}

function linesOf(state: State, screen: TextScreen, width: number): readonly Line[] {
  if (screen.lesson) return lessonLines(screen.lesson, width, state.outline);
  if (screen.lines.every(({mark}) => mark === undefined)) {
    return markdownLines(screen.lines.map(({text}) => text).join('\n'), width);
  }
  return screen.lines.flatMap(({text, mark}): readonly Line[] => {
    if (text === '') return [EMPTY];
    return wrap(text, width - 2).map((part, index) =>
      line(index === 0 && mark ? markSpan(mark) : ' ', ' ', mark ? part : dim(part)),
    );
  });
}
