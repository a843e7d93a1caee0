import {type FrameworkEntry, severityOf} from '../engine/control.ts';
import {type Lesson, renderLesson} from '../engine/lesson.ts';

/** An entry with the editions that have it. */
export type CatalogueRow = {
  readonly entry: FrameworkEntry;
  readonly frameworks: readonly string[];
};

/** The controls as a plain table. */
export const catalogueTable = (rows: readonly CatalogueRow[]): string =>
  [
    'ID      SEVERITY  EDITIONS       PRACTICE                  CONTROL',
    ...rows.map(({entry, frameworks}) =>
      [
        entry.id.padEnd(8),
        severityOf(entry.baseScore).padEnd(10),
        frameworks.join(',').padEnd(15),
        entry.control.meta.practice.padEnd(26),
        entry.title,
      ].join(''),
    ),
    '',
  ].join('\n');

/** The controls as data: what `controls --format json` prints. */
export const catalogueData = (rows: readonly CatalogueRow[]) =>
  rows.map(({entry, frameworks}) => ({
    id: entry.id,
    name: entry.title,
    severity: severityOf(entry.baseScore),
    baseScore: entry.baseScore,
    practice: entry.control.meta.practice,
    frameworks,
    references: entry.control.meta.references,
  }));

/** A control with the lesson of its practice as plain text of `width` columns. */
export function explanation({entry, frameworks}: CatalogueRow, lesson: Lesson, width: number): string {
  const {meta} = entry.control;
  const lines = renderLesson(lesson, width, {outline: frameworks.includes('nsa') ? 'today' : '2021'});
  return [
    `${entry.id} ${entry.title}`,
    `${severityOf(entry.baseScore)} severity (${entry.baseScore} of 10), in ${frameworks.join(' and ')}`,
    `Practice: ${lesson.title}`,
    '',
    ...lines.map((line) =>
      line
        .map(({text}) => text)
        .join('')
        .trimEnd(),
    ),
    '',
    'References',
    ...meta.references.map((reference) => `  ${reference}`),
    '',
  ].join('\n');
}
