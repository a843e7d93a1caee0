import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {hasShared, shared} from '../test/helpers/shared.ts';
import {pairs, writeFolder, writeList} from './inputs.ts';
import {attempt, exponent, median, type Outcome} from './measure.ts';
import {memoryRow, runs, timeRow, type Usage} from './program.ts';

const published = [
  ['online-boutique', 250],
  ['argo-cd', 350],
  ['k8s-examples', 450],
] as const;

const scan = (times: number, path: string) => runs(times, ['scan', '--manifests', path]);

/** Scans of files by the built program: real sets, and how the time grows with their number. */
export async function benchFiles(
  times: number,
  folder: string,
  isQuick: boolean,
): Promise<readonly Outcome[]> {
  const rows: Outcome[] = [];
  for (const [name, budget] of published) {
    const what = `scan of files: ${name}`;
    const path = shared(`conformance/files/${name}`);
    if (!hasShared || !existsSync(path)) rows.push({what, why: '../shared is not there.'});
    else
      rows.push(...(await attempt(what, 60, async () => [timeRow(what, await scan(times, path), budget)])));
  }
  const base = isQuick ? 250 : 1000;
  const points: [number, number][] = [];
  const one = await scan(times, await writeFolder(join(folder, 'one'), pairs(1)));
  const least = median(one.map(({cpu}) => cpu));
  const measure = async (count: number, budget?: number): Promise<Outcome | undefined> => {
    const path = await writeFolder(join(folder, String(count)), pairs(count));
    const usages: readonly Usage[] = await scan(Math.min(times, 5), path);
    if (count !== 5000) points.push([count, median(usages.map(({cpu}) => cpu)) - least]);
    return timeRow(`scan of files: ${count} + ${count} objects`, usages, budget);
  };
  for (const [count, budget] of [[base, base === 1000 ? 1500 : undefined], [2 * base], [4 * base]] as const) {
    const what = `scan of files: ${count} + ${count} objects`;
    rows.push(
      ...(await attempt(what, 120, async () => [await measure(count, budget)].filter((row) => !!row))),
    );
  }
  if (points.length === 3) {
    rows.push({
      what: `growth of files, ${base} to ${4 * base} pairs (cpu)`,
      unit: 'exponent',
      samples: [exponent(points)],
      budget: 1.15,
    });
  }
  if (isQuick) return rows;
  rows.push(
    ...(await attempt('scan of files: 5000 + 5000 objects', 180, async () =>
      [await measure(5000, 5000)].filter((row) => !!row),
    )),
    ...(await attempt('memory of a scan of 50,000 objects', 180, async () => {
      const path = writeList(join(folder, 'many'), pairs(25_000));
      return [memoryRow('memory of a scan of 50,000 objects', await scan(1, path), 600)];
    })),
  );
  return rows;
}
