// npm run bench [-- --quick]: measures against the budgets of README, prints a table, writes bench/results/latest.json.
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {formatRow, isMet, median, percentile} from './measure.ts';
import {benchScan} from './scan.ts';
import {benchTerminal} from './terminal.ts';

const times = process.argv.includes('--quick') ? 3 : 10;
console.log(`Node ${process.version}, ${times} runs each: median, budget, (least to most)\n`);
const rows = [];
for (const bench of [() => benchTerminal(times), () => Promise.resolve(benchScan(times * 3))]) {
  for (const row of await bench()) {
    console.log(formatRow(row));
    rows.push(row);
  }
}
const results = join(import.meta.dirname, 'results');
mkdirSync(results, {recursive: true});
writeFileSync(
  join(results, 'latest.json'),
  `${JSON.stringify(
    rows.map((row) => ({
      ...row,
      median: median(row.samples),
      p95: percentile(row.samples, 0.95),
      met: isMet(row),
    })),
    undefined,
    2,
  )}\n`,
);
const missed = rows.filter((row) => !isMet(row)).length;
console.log(missed === 0 ? '\nEvery budget is met.' : `\n${missed} of ${rows.length} budgets are missed.`);
