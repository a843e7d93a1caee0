import {plainText} from '../../engine/text.ts';
import type {Remark} from '../../fix/plan.ts';
import {marked, markSpan} from '../components/marks.ts';
import {GLYPHS} from '../glyphs.ts';
import {
  accent,
  bad,
  bold,
  cut,
  dim,
  EMPTY,
  good,
  type Line,
  line,
  padEnd,
  select,
  widthOf,
  wrap,
} from '../layout.ts';
import {contentWidth, isNarrow, PROSE} from '../sizes.ts';
import type {Field, PreviewScreen, State} from '../state.ts';
import {problemOf} from '../update/preview.ts';

/** The values that a fix needs, each with where it is from. */
export function questionsBody(
  state: State,
  screen: PreviewScreen,
  {fields, cursor, foresight}: Extract<PreviewScreen['phase'], {is: 'questions'}>,
): readonly Line[] {
  const width = Math.min(contentWidth(state), 100);
  const label = Math.min(34, Math.max(12, ...fields.map((one) => widthOf(one.label)))) + 2;
  const value = Math.max(10, ...fields.map(({text}) => widthOf(text) + 1)) + 2;
  const head = `${' '.repeat(label + value)}  ${isNarrow(state) ? '' : 'Where the value comes from'}`;
  const field = fields[cursor];
  return [
    line('  ', bold(cut(screen.title, width))),
    line('  ', dim(cut(head, width))),
    ...fields.map((one, index) => fieldLine(one, index === cursor, label, value, width)),
    EMPTY,
    ...(field ? explanation(field, Math.min(width, PROSE)) : []),
    ...breakLines(foresight ?? [], Math.min(width, PROSE)),
  ];
}

function fieldLine(field: Field, chosen: boolean, label: number, value: number, width: number): Line {
  const {question, text, edited} = field;
  const shown = text === '' && !chosen ? 'not known' : text;
  const row = line(
    chosen ? GLYPHS.cursor : ' ',
    ' ',
    padEnd(field.label, label),
    chosen
      ? accent(padEnd(`${shown}_`, value))
      : {text: padEnd(shown, value), ...(text === '' ? {role: 'warn' as const} : {})},
    '  ',
    dim(cut(edited ? 'from you' : question.reason, width - label - value - 2)),
  );
  return chosen ? select(row, width + 2) : row;
}

const mostBreaks = 4;

/** What these values may break, `failed` first; when that is nothing, that it is. */
const breakLines = (breaks: readonly Remark[], width: number): readonly Line[] =>
  breaks
    .slice(0, mostBreaks)
    .flatMap(({mark, text}) =>
      marked(markSpan(mark), plainText(text), width).map((one) => line('  ', ...one)),
    );

function explanation(field: Field, width: number): readonly Line[] {
  const {question, edited} = field;
  const problem = problemOf(field);
  const mark = problem === undefined ? good(GLYPHS.passed) : bad(GLYPHS.failed);
  const text =
    problem ??
    (question.type === 'choice'
      ? `One of ${(question.choices ?? []).join(', ')}: left and right choose.`
      : edited
        ? question.suggestion === undefined
          ? 'This value is from you.'
          : `${question.suggestion} was suggested: ${question.reason}.`
        : `${question.suggestion ?? field.text} is suggested: ${question.reason}.`);
  return wrap(text, width - 2).map((part, index) => line('  ', index === 0 ? mark : ' ', ' ', part));
}
