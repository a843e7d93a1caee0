import {frameworks} from '../../controls/frameworks.ts';
import {type CatalogueRow, catalogueTable, explanation} from '../report/catalogue.ts';
import {UsageError} from './choice.ts';
import {exitCodes} from './exit-codes.ts';
import {readLesson} from './lessons.ts';

/** Every control once, today's edition first: an id that both editions have is told as today has it. */
function catalogue(): readonly CatalogueRow[] {
  const rows = new Map<string, CatalogueRow>();
  for (const framework of Object.values(frameworks)) {
    for (const entry of framework.entries) {
      const known = rows.get(entry.id);
      rows.set(entry.id, {
        entry: known?.entry ?? entry,
        frameworks: [...(known?.frameworks ?? []), framework.id],
      });
    }
  }
  return [...rows.values()].sort((a, b) => a.entry.id.localeCompare(b.entry.id));
}

/** Prints all controls. */
export function printControls(): number {
  process.stdout.write(catalogueTable(catalogue()));
  return exitCodes.ok;
}

/** Prints what a control means and why, with its lesson. @throws {UsageError} when there is no such control. */
export async function printExplanation(id: string): Promise<number> {
  const wanted = id.toUpperCase();
  const row = catalogue().find(({entry}) => entry.id.toUpperCase() === wanted);
  if (row === undefined) {
    throw new UsageError(`There is no control ${JSON.stringify(id)}. kubekata controls lists them all.`);
  }
  const width = process.stdout.columns ?? 80;
  process.stdout.write(explanation(row, await readLesson(row.entry.control.meta.practice), width));
  return exitCodes.ok;
}
