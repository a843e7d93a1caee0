import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {type Difference, keyOf} from './compare.ts';

/** A row of docs/divergences.md: a difference, why it is right, and the literal test that holds it. */
export type Row = Difference & {readonly why: string; readonly file: string; readonly test: string};

const root = join(import.meta.dirname, '../..');

const cellsOf = (line: string): readonly string[] =>
  line.split(' | ').map((cell) =>
    cell
      .replace(/^\|\s*|\s*\|$/g, '')
      .replaceAll('`', '')
      .trim(),
  );

/** The rows of the tables with the seven columns of a divergence. */
export function readDivergences(
  text = readFileSync(join(root, 'docs/divergences.md'), 'utf8'),
): readonly Row[] {
  return text
    .split('\n')
    .filter((line) => /^\| (C-\d{4}|all) /.test(line))
    .map((line) => {
      const [control = '', where = '', what = '', peer = '', ours = '', why = '', held = ''] = cellsOf(line);
      const [file = '', ...name] = held.split(': ');
      return {control, where, what, peer, ours, why, file, test: name.join(': ')};
    });
}

/** What is wrong with the rows themselves: a wildcard, no reason, a test that is not there. */
export const faultsOf = (rows: readonly Row[]): readonly string[] =>
  rows.flatMap((row) => {
    const faults = [
      ...([row.where, row.what].some((cell) => /[*?]/.test(cell)) ? ['names no object, but a pattern'] : []),
      ...(row.why.length < 20 ? ['gives no reason'] : []),
      ...(hasTest(row) ? [] : [`names the test "${row.test}", which ${row.file || 'no file'} does not have`]),
    ];
    return faults.map((fault) => `${keyOf(row)}: ${fault}`);
  });

function hasTest({file, test}: Row): boolean {
  if (test === '') return false;
  try {
    return readFileSync(join(root, 'test', file), 'utf8').includes(`'${test}'`);
  } catch {
    return false;
  }
}

/** Rows that no difference needs any more, and differences without a row. */
export function unmatched(
  rows: readonly Row[],
  differences: readonly Difference[],
): {readonly stale: readonly string[]; readonly missing: readonly string[]} {
  const known = new Set(rows.map(keyOf));
  const found = new Set(differences.map(keyOf));
  return {
    stale: [...known].filter((key) => !found.has(key)),
    missing: [...found].filter((key) => !known.has(key)),
  };
}
