import {type FrameworkEntry, severityOf} from '../engine/control.ts';
import {type Lesson, renderLesson} from '../engine/lesson.ts';

/** An entry with the editions that have it. */
export type CatalogueRow = {
  readonly entry: FrameworkEntry;
  readonly frameworks: readonly string[];
};

/** The controls as a plain table. */
export function catalogueTable(rows: readonly CatalogueRow[]): string {
  const cells = rows.map(({entry, frameworks}) => [
    entry.id,
    severityOf(entry.baseScore),
    frameworks.join(','),
    entry.control.meta.practice,
    entry.title,
  ]);
  const table = [['ID', 'SEVERITY', 'EDITIONS', 'PRACTICE', 'CONTROL'], ...cells];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)) + 2);
  const lines = table.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(''));
  return [...lines, ''].join('\n');
}

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
  const lines = renderLesson(lesson, width, {
    outline: frameworks.every((one) => one === 'nsa-2021') ? '2021' : 'today',
    control: entry.id,
  });
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
