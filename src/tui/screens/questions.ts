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
  {fields, cursor}: Extract<PreviewScreen['phase'], {is: 'questions'}>,
): readonly Line[] {
  const width = Math.min(contentWidth(state), 100);
  const label = Math.min(34, Math.max(12, ...fields.map(({question}) => widthOf(question.label)))) + 2;
  const value = Math.max(10, ...fields.map(({text}) => widthOf(text) + 1)) + 2;
  const head = `${padEnd(screen.title, label + value)}  ${isNarrow(state) ? '' : 'Where the value comes from'}`;
  const field = fields[cursor];
  return [
    line('  ', bold(cut(head, width))),
    EMPTY,
    ...fields.map((one, index) => fieldLine(one, index === cursor, label, value, width)),
    EMPTY,
    ...(field ? explanation(field, Math.min(width, PROSE)) : []),
  ];
}

function fieldLine(field: Field, chosen: boolean, label: number, value: number, width: number): Line {
  const {question, text, edited} = field;
  const shown = text === '' && !chosen ? 'not known' : text;
  const row = line(
    chosen ? GLYPHS.cursor : ' ',
    ' ',
    padEnd(question.label, label),
    chosen
      ? accent(padEnd(`${shown}_`, value))
      : {text: padEnd(shown, value), ...(text === '' ? {role: 'warn' as const} : {})},
    '  ',
    dim(cut(edited ? 'from you' : question.reason, width - label - value - 2)),
  );
  return chosen ? select(row, width + 2) : row;
}

function explanation(field: Field, width: number): readonly Line[] {
  const {question, edited} = field;
  const problem = problemOf(field);
  const mark = problem === undefined ? good(GLYPHS.passed) : bad(GLYPHS.failed);
  const known =
    question.suggestion === undefined ? question.reason : `${question.suggestion}: ${question.reason}`;
  const text =
    problem ??
    (question.type === 'choice'
      ? `One of ${(question.choices ?? []).join(', ')}: left and right choose.`
      : edited
        ? `Suggested was ${known}.`
        : `${known}.`);
  return wrap(text, width - 2).map((part, index) => line('  ', index === 0 ? mark : ' ', ' ', part));
}
