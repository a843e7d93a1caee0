import {frameworks} from '../../controls/frameworks.ts';
import {didYouMean} from '../engine/text.ts';
import {type CatalogueRow, catalogueData, catalogueTable, explanation} from '../report/catalogue.ts';
import {UsageError} from './choice.ts';
import {exitCodes} from './exit-codes.ts';
import {readLesson} from './lessons.ts';
import {nodeGuide} from './node-guide.ts';
import {print} from './stdout.ts';

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

/** Prints all controls, as a table or as data. */
export async function printControls(format: 'table' | 'json'): Promise<number> {
  await print(
    format === 'table'
      ? catalogueTable(catalogue())
      : `${JSON.stringify(catalogueData(catalogue()), undefined, 2)}\n`,
  );
  return exitCodes.ok;
}

/** Ids of all controls of all editions. */
export const controlIds = (): readonly string[] => catalogue().map(({entry}) => entry.id);

/** Prints what a control means and why, with its lesson. @throws {UsageError} when there is no such control. */
export async function printExplanation(id: string): Promise<number> {
  const wanted = id.toUpperCase();
  const row = catalogue().find(({entry}) => entry.id.toUpperCase() === wanted);
  if (row === undefined) {
    const close = didYouMean(id, controlIds());
    throw new UsageError(
      `There is no control ${JSON.stringify(id)}.${close ? ` Did you mean ${close}?` : ''} kubekata controls lists them all.`,
    );
  }
  const width = process.stdout.columns ?? 80;
  await print(explanation(row, await readLesson(row.entry.control.meta.practice), width));
  const guide = nodeGuide(row.entry);
  if (guide.length > 0) await print(`${guide.slice(1).join('\n')}\n`);
  return exitCodes.ok;
}
