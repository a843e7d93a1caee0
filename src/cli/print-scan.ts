import {writeFile} from 'node:fs/promises';
import {frameworks} from '../../controls/frameworks.ts';
import type {ScanResult} from '../engine/scan.ts';
import {formatScore} from '../engine/score.ts';
import {scanReport} from '../report/scan-json.ts';
import {scanTable} from '../report/table.ts';
import type {Target} from '../target/target.ts';
import type {TargetChoice} from './choice.ts';
import {exitCodes} from './exit-codes.ts';
import {domainNumber, readLessons} from './lessons.ts';
import {scanTarget} from './scan.ts';
import {openTarget} from './targets.ts';
import {version} from './version.ts';

export type ScanRequest = {
  readonly choice: TargetChoice;
  readonly framework: string | undefined;
  readonly format: 'table' | 'json';
  readonly output: string | undefined;
  readonly failUnder: number | undefined;
  readonly requireEvaluated: boolean;
  /** Whether to say how to open the walk: it was asked for where there is no terminal. */
  readonly guide: boolean;
};

/** The practice cluster opens with the edition of the story; anything else with the controls of today. */
export const defaultFramework = (choice: TargetChoice): keyof typeof frameworks =>
  choice.kind === 'practice' ? 'nsa-2021' : 'nsa';

/** Scans once and prints the result to stdout or a file. Returns the exit code. @throws {TargetError} */
export async function printScan(request: ScanRequest): Promise<number> {
  const framework =
    frameworks[(request.framework as keyof typeof frameworks) ?? defaultFramework(request.choice)];
  const started = performance.now();
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once('SIGINT', interrupt);
  const target = await openTarget(request.choice);
  try {
    const result = await scanTarget(target, framework, interrupted.signal);
    const seconds = (performance.now() - started) / 1000;
    const text =
      request.format === 'json'
        ? `${JSON.stringify(scanReport(result, targetName(target)), undefined, 2)}\n`
        : await table(result, target, request, seconds);
    await print(text, request.output);
    return judge(result, request);
  } finally {
    process.off('SIGINT', interrupt);
    await target.close();
  }
}

async function table(
  result: ScanResult,
  target: Target,
  request: ScanRequest,
  seconds: number,
): Promise<string> {
  const domain = domainNumber(await readLessons(), result.framework.id);
  const hints = request.guide
    ? ([
        ['npm start', 'in a terminal walks you through all of them'],
        ['kubekata scan --help', 'this table for scripts: formats, thresholds, other targets'],
      ] as const)
    : [];
  return scanTable(result, {target: targetName(target), version: version(), domain, seconds, hints});
}

export const targetName = ({kind, name}: Target): string =>
  kind === 'practice' ? `practice cluster ${name}` : kind === 'live' ? `${name} (LIVE)` : `${name} (files)`;

async function print(text: string, output: string | undefined): Promise<void> {
  if (output !== undefined) return writeFile(output, text);
  await new Promise<void>((resolve, reject) =>
    process.stdout.write(text, (error) => (error ? reject(error) : resolve())),
  );
}

function judge(result: ScanResult, {failUnder, requireEvaluated}: ScanRequest): number {
  if (result.incomplete.length > 0) {
    process.stderr.write(`The result is incomplete: ${result.incomplete.length} parts could not be read.\n`);
    return exitCodes.unreadable;
  }
  if (requireEvaluated && result.notEvaluated > 0) {
    process.stderr.write(
      `${result.notEvaluated} controls could not be evaluated, and --require-evaluated wants all.\n`,
    );
    return exitCodes.unreadable;
  }
  if (failUnder !== undefined && (result.score === undefined || result.score < failUnder)) {
    const score = formatScore(result.framework.scoring, result.score);
    process.stderr.write(
      result.score === undefined
        ? `Nothing could be evaluated, so there is no score to hold against ${failUnder}.\n`
        : `Score ${score} is below ${failUnder}.\n`,
    );
    return exitCodes.belowThreshold;
  }
  return exitCodes.ok;
}
