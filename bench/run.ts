// npm run bench [-- --quick] [-- --only=NAME]: measures against the budgets, prints a table, writes JSON to
// bench/results. NAME: commands, start, keys, rows, preview, scan, files, live,
// practice, package.
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {cpus, loadavg, tmpdir} from 'node:os';
import {join} from 'node:path';
import {benchFiles} from './files.ts';
import {benchLive} from './live.ts';
import {attempt, formatOutcome, isMet, isRow, median, type Outcome, percentile} from './measure.ts';
import {benchPackage} from './package.ts';
import {benchPractice} from './practice.ts';
import {runs, timeRow} from './program.ts';
import {benchScan} from './scan.ts';
import {benchKeys, benchPreview, benchRows, benchStart} from './terminal.ts';

const isQuick = process.argv.includes('--quick');
const only = process.argv.find((word) => word.startsWith('--only='))?.slice('--only='.length);
const times = isQuick ? 3 : 10;
const folder = mkdtempSync(join(tmpdir(), 'kubekata-bench-'));
const home = join(folder, 'home');

const benches: readonly (readonly [string, number, () => Promise<readonly Outcome[]>])[] = [
  [
    'commands',
    60,
    async () => [
      timeRow('kubekata --version', await runs(times, ['--version'])),
      timeRow('kubekata completion bash', await runs(times, ['completion', 'bash'])),
    ],
  ],
  ['start', 120, () => benchStart(times, home)],
  ['keys', 60, () => benchKeys(isQuick ? 40 : 100, home)],
  ['rows', 120, () => benchRows(isQuick ? 40 : 100, folder)],
  ['preview', 180, () => benchPreview(isQuick ? 40 : 100, folder, isQuick)],
  ['scan', 120, async () => benchScan(times * 3)],
  ['files', 900, () => benchFiles(times, folder, isQuick)],
  ['live', 900, () => benchLive(times, home, isQuick)],
  ['practice', 600, () => benchPractice(times, folder, isQuick)],
  ['package', 60, benchPackage],
];

const load = (): string =>
  loadavg()
    .map((value) => value.toFixed(1))
    .join(' ');
console.log(
  `Node ${process.version}, ${cpus().length} cores, load ${load()}, ${times} runs each: median, budget, (least to most)\n`,
);
const outcomes: Outcome[] = [];
try {
  for (const [name, seconds, bench] of benches) {
    if (only !== undefined && only !== name) continue;
    for (const outcome of await attempt(name, seconds, bench)) {
      console.log(formatOutcome(outcome));
      outcomes.push(outcome);
    }
  }
} finally {
  rmSync(folder, {recursive: true, force: true});
}

const results = join(import.meta.dirname, 'results');
mkdirSync(results, {recursive: true});
const told = outcomes.map((outcome) =>
  isRow(outcome)
    ? {
        ...outcome,
        median: median(outcome.samples),
        p95: percentile(outcome.samples, 0.95),
        met: isMet(outcome),
      }
    : outcome,
);
const machine = {node: process.version, cores: cpus().length, load: load(), at: new Date().toISOString()};
writeFileSync(
  join(results, `${only ?? (isQuick ? 'quick' : 'latest')}.json`),
  `${JSON.stringify({machine, rows: told}, undefined, 2)}\n`,
);
const judged = outcomes.filter(isRow).filter(({budget}) => budget !== undefined);
const missed = judged.filter((row) => !isMet(row)).length;
const unmeasured = outcomes.filter((outcome) => !isRow(outcome)).length;
console.log(
  `\n${judged.length - missed} of ${judged.length} budgets met, ${unmeasured} not measured, load now ${load()}.`,
);
// A measurement that was given up may still hold a handle.
process.exit();
