import type {Outline} from '../../engine/curriculum.ts';
import {type Lesson, type Span as LessonSpan, renderLesson} from '../../engine/lesson.ts';
import type {Line, Span} from '../layout.ts';

const known = new WeakMap<Lesson, Map<string, readonly Line[]>>();

/** A lesson's text as lines of a width, read from a control or by itself; kept, since each key draws it again. */
export function lessonLines(
  lesson: Lesson,
  width: number,
  outline: Outline,
  control?: string,
): readonly Line[] {
  let widths = known.get(lesson);
  if (widths === undefined) {
    widths = new Map();
    known.set(lesson, widths);
  }
  const key = `${width} ${outline} ${control ?? ''}`;
  let lines = widths.get(key);
  if (lines === undefined) {
    lines = renderLesson(lesson, width, {outline, ...(control === undefined ? {} : {control})}).map((spans) =>
      spans.map(styled),
    );
    widths.set(key, lines);
  }
  return lines;
}

function styled({text, style}: LessonSpan): Span {
  switch (style) {
    case 'heading':
    case 'strong':
      return {text, bold: true};
    case 'dim':
    case 'good':
    case 'bad':
    case 'accent':
      return {text, role: style};
    default:
      return {text};
  }
}
