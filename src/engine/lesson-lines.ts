import {diffArrays} from 'diff';
import {domainById, domainOf, type Outline} from './curriculum.ts';
import type {Example, Lesson, LessonSection} from './lesson.ts';
import {blockLines, codeLine, type Line, padLine, type Span, span, widthOf, wrap} from './markdown-lines.ts';

/** How a lesson is shown beyond its width. */
export type LessonView = {
  /** The outline that stands first under "In the CKS"; today's unless told. */
  readonly outline?: Outline;
};

const widest = 76;
const gap = 2;
const empty: Line = [];

/** The lesson as lines of at most `width` and 76 columns, without its title. */
export function renderLesson(lesson: Lesson, width: number, view: LessonView = {}): readonly Line[] {
  const room = Math.min(width, widest);
  return lesson.sections
    .filter(({heading}) => heading !== 'After')
    .flatMap((section, index) => {
      const lines =
        section.heading === 'Before' ? exampleLines(lesson, room) : sectionLines(lesson, section, room, view);
      return index === 0 ? lines : [empty, ...lines];
    });
}

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
function exampleLines(lesson: Lesson, width: number): readonly Line[] {
  const {before, after} = lesson;
  const rows = compareLines(before.code.text, after.code.text);
  const code = (side: 'before' | 'after', room: number) =>
    rows.flatMap((row) => (row[side] === undefined ? [] : codeLine(row[side], room, markOf(row))));
  const left: Line = [span(titleOf('Before', before, 'fails'), 'heading')];
  const right: Line = [span(titleOf('After', after, 'passes'), 'heading')];
  const half = Math.floor((width - gap) / 2);
  const fits = (side: 'before' | 'after', room: number) =>
    code(side, width).every((line) => widthOf(line) <= room);
  if (width < widest || !fits('before', half) || !fits('after', width - half - gap)) {
    return [left, ...code('before', width), right, ...code('after', width)];
  }
  const beside = (one: Line, other: Line): Line =>
    other.length === 0 ? one : [...padLine(one, half + gap), ...other];
  return [
    beside(left, right),
    ...rows.map((row) => {
      const [one, other] = [row.before, row.after].map((text) =>
        text === undefined ? empty : codeLine(text, width, markOf(row))[0]!,
      );
      return beside(one!, other!);
    }),
  ];
}

const titleOf = (heading: string, example: Example, verdict: string): string =>
  example.controls.length > 0 ? `${heading}, ${verdict}` : heading;

/** A line of both texts, or of one of them only. */
type Row = {readonly before?: string; readonly after?: string};

function markOf(row: Row): Span | undefined {
  if (row.before === undefined) return span('+ ', 'good');
  return row.after === undefined ? span('- ', 'bad') : undefined;
}

/** Rows of two texts beside each other: equal lines stand in one row. */
function compareLines(before: string, after: string): readonly Row[] {
  return diffArrays(before.split('\n'), after.split('\n')).flatMap((part) =>
    part.value.map((text): Row => {
      if (part.removed) return {before: text};
      return part.added ? {after: text} : {before: text, after: text};
    }),
  );
}
