import {diffArrays} from 'diff';
import {domainById, domainOf, type Outline} from './curriculum.ts';
import type {Example, Lesson, LessonSection} from './lesson.ts';
import type {ControlExample} from './lesson-examples.ts';
import {blockLines, codeLine, type Line, padLine, span, wrap} from './markdown-lines.ts';

/** How a lesson is shown beyond its width. */
export type LessonView = {
  /** The outline that stands first under "In the CKS"; today's unless told. */
  readonly outline?: Outline;
  /** The control from which the lesson is read: its own example stands first. */
  readonly control?: string;
};

type Pair = Pick<Lesson, 'before' | 'after'>;

const widest = 76;
const gap = 2;
/** Columns for Before where nothing else is asked: After is the longer one, by its added lines. */
const usual = 35;
const indent = 2;
/** Equal lines that stay beside a change, where the rest of After is folded. */
const context = 2;
const empty: Line = [];

/** The lesson as lines of at most `width` and 76 columns, without its title. */
export function renderLesson(lesson: Lesson, width: number, view: LessonView = {}): readonly Line[] {
  const room = Math.min(width, widest);
  const own = lesson.examples.find(({control}) => control === view.control);
  const sections = lesson.sections
    .filter(({heading}) => heading !== 'After')
    .map((section) =>
      section.heading === 'Before'
        ? own === undefined
          ? exampleLines(lesson, room)
          : ownLines(own, room)
        : sectionLines(lesson, section, room, view),
    );
  const others = lesson.examples.filter((one) => one !== own).map((one) => ownLines(one, room));
  return [...sections, ...(own === undefined ? [] : [exampleLines(lesson, room)]), ...others].flatMap(
    (lines, index) => (index === 0 ? lines : [empty, ...lines]),
  );
}

/** The example of one control: its id, what it is about, before and after. */
const ownLines = (example: ControlExample, width: number): readonly Line[] => [
  [span(`Example: ${example.control}`, 'heading')],
  ...example.text.flatMap((block) => blockLines(block, width)),
  empty,
  ...exampleLines(example, width),
];

function sectionLines(
  lesson: Lesson,
  section: LessonSection,
  width: number,
  view: LessonView,
): readonly Line[] {
  const facts = factLines(lesson, section, width, view);
  const content = section.blocks.flatMap((block, index) => {
    const lines = blockLines(block, width);
    return index === 0 && facts.length === 0 ? lines : [empty, ...lines];
  });
  return [[span(section.heading, 'heading')], ...facts, ...content];
}

/** What the frontmatter knows already, and the text therefore does not repeat. */
function factLines(
  lesson: Lesson,
  {heading}: LessonSection,
  width: number,
  view: LessonView,
): readonly Line[] {
  if (heading === 'In the guidance') return plain(`Section "${lesson.section}", version 1.2.`, width);
  return heading === 'In the CKS' ? curriculumLines(lesson, width, view.outline ?? 'today') : [];
}

const plain = (text: string, width: number): readonly Line[] => wrap([{kind: 'text', text}], width);

function curriculumLines(lesson: Lesson, width: number, first: Outline): readonly Line[] {
  const place = domainOf(lesson, '2021');
  const then = plain(
    place ? `2021: ${place.number} ${place.name}, ${place.weight}%` : '2021: no place in it',
    width,
  );
  const today = lesson.cksToday.flatMap((id) => {
    const {number, name, weight, competencies} = domainById(id);
    return [
      ...plain(`Today: ${number} ${name}, ${weight.today}%`, width),
      ...competencies
        .filter((competency) => lesson.competencies.includes(competency.id))
        .flatMap((competency) => indented(plain(competency.title, width - 2))),
    ];
  });
  return first === '2021' ? [...then, ...today] : [...today, ...then];
}

const indented = (lines: readonly Line[]): readonly Line[] => lines.map((line) => [span('  '), ...line]);

/** Before and After: beside each other where 76 columns are there and both fit, else below each other. */
function exampleLines(lesson: Pair, width: number): readonly Line[] {
  const rows = compareLines(lesson.before.code.text, lesson.after.code.text);
  const left: Line = [span(titleOf('Before', lesson.before, 'fails'), 'heading')];
  const right: Line = [span(titleOf('After', lesson.after, 'passes'), 'heading')];
  const half = splitOf(rows, width);
  if (half === undefined) {
    return [
      left,
      ...rows.flatMap((row) => sideLines(row, 'before', width)),
      right,
      ...folded(rows.filter((row) => row.after !== undefined)).flatMap((row) =>
        typeof row === 'number'
          ? [[span(`  \u22ef ${row} lines as before`, 'dim')]]
          : sideLines(row, 'after', width),
      ),
    ];
  }
  return [
    [...padLine(left, half + gap), ...right],
    ...rows.map((row) => {
      const [one = empty] = sideLines(row, 'before', width);
      const [other = empty] = sideLines(row, 'after', width);
      return other.length === 0 ? one : [...padLine(one, half + gap), ...other];
    }),
  ];
}

/** Columns for Before, so that both sides fit beside each other; undefined where they do not. */
function splitOf(rows: readonly Row[], width: number): number | undefined {
  const needs = (side: 'before' | 'after') => indent + Math.max(...rows.map((row) => row[side]?.length ?? 0));
  const most = width - gap - needs('after');
  return width < widest || needs('before') > most
    ? undefined
    : Math.max(needs('before'), Math.min(usual, most));
}

const titleOf = (heading: string, example: Example, verdict: string): string =>
  example.controls.length > 0 ? `${heading}, ${verdict}` : heading;

/** A line of both texts, of one of them only, or of each in the place of the other. */
type Row = {readonly before?: string; readonly after?: string; readonly same: boolean};

const marks = {before: span('- ', 'bad'), after: span('+ ', 'good')} as const;

function sideLines(row: Row, side: 'before' | 'after', width: number): readonly Line[] {
  const text = row[side];
  return text === undefined ? [] : codeLine(text, width, row.same ? undefined : marks[side]);
}

/** Puts a count in the place of long runs of equal rows; two of them stay beside each change. */
function folded(rows: readonly Row[]): readonly (Row | number)[] {
  const near = (index: number) => rows.slice(Math.max(index - context, 0), index + context + 1);
  const kept = rows.map((_, index) => near(index).some((row) => !row.same));
  const result: (Row | number)[] = [];
  for (let index = 0; index < rows.length; index += 1) {
    const next = kept.indexOf(true, index);
    const run = (next < 0 ? rows.length : next) - index;
    if (run >= context) {
      result.push(run);
      index += run - 1;
    } else {
      result.push(rows[index]!);
    }
  }
  return result;
}

/** Rows of two texts beside each other: equal lines share a row, and so do those that replace each other. */
function compareLines(before: string, after: string): readonly Row[] {
  const rows: Row[] = [];
  let waiting = 0;
  for (const part of diffArrays(before.split('\n'), after.split('\n'))) {
    if (part.removed) {
      waiting = rows.length;
      rows.push(...part.value.map((text) => ({before: text, same: false})));
    } else if (part.added) {
      for (const [index, text] of part.value.entries()) {
        const row = rows[waiting + index];
        if (row && !row.same) rows[waiting + index] = {...row, after: text};
        else rows.push({after: text, same: false});
      }
    } else {
      rows.push(...part.value.map((text) => ({before: text, after: text, same: true})));
      waiting = rows.length;
    }
  }
  return rows;
}
