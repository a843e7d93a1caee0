import {readFile, writeFile} from 'node:fs/promises';
import type {ScanResult} from '../engine/scan.ts';
import {BaselineError, type Comparison, compareReports, markNew, parseBaseline} from '../report/baseline.ts';
import {type ScanReport, scanReport} from '../report/scan-json.ts';
import {baselineNotes, expiredNotes, scanTable} from '../report/table.ts';
import type {Target} from '../target/target.ts';
import {type TargetChoice, UsageError} from './choice.ts';
import {readAccept} from './exceptions.ts';
import {formatted} from './formats.ts';
import {interruptible} from './interrupt.ts';
import type {ScanOptions} from './invocation.ts';
import {domainNumber, readLessons} from './lessons.ts';
import {lookOf} from './look.ts';
import {showProgress} from './progress.ts';
import {type Scanned, scanTarget} from './scan.ts';
import {checkNamespaces, scopedFramework} from './scope.ts';
import {print, say} from './stdout.ts';
import {type OpenTarget, openTarget} from './targets.ts';
import {judge, nothingFound} from './thresholds.ts';
import {version} from './version.ts';

export type ScanRequest = ScanOptions & {
  readonly choice: TargetChoice;
  /** Whether to say how to open the walk: it was asked for where there is no terminal. */
  readonly guide: boolean;
};

/** Scans once and prints the result to stdout or a file. Returns the exit code. @throws {TargetError | UsageError} */
export async function printScan(request: ScanRequest): Promise<number> {
  const framework = scopedFramework(request, request.choice);
  const baseline = request.baseline === undefined ? undefined : await readBaseline(request.baseline);
  const accept = await readAccept(request.exceptions);
  const started = performance.now();
  return interruptible(async (signal) => {
    const progress = showProgress(`Reading ${placeOf(request.choice)}`);
    let target: OpenTarget | undefined;
    try {
      const opened = await openTarget(request.choice, signal);
      target = opened;
      const scanned = await scanTarget(opened, framework, accept, signal);
      progress.stop();
      checkNamespaces(request.namespaces, scanned.inventory);
      const seconds = (performance.now() - started) / 1000;
      // Of many thousand findings it takes a quarter of the memory, and the table alone does not show it.
      const report =
        request.format === 'table' && !baseline
          ? undefined
          : scanReport(scanned.result, targetName(opened), locate(opened, request.format));
      const comparison = baseline && report && compareReports(baseline, report);
      const text =
        report && request.format !== 'table'
          ? await formatted(request.format, {
              report: baseline && comparison ? markNew(report, comparison, baseline) : report,
              scanned,
              target: opened,
              seconds,
            })
          : await table(scanned.result, comparison, opened, request, seconds);
      await output(text, request.output);
      return tell(scanned, request, comparison);
    } finally {
      progress.stop();
      await target?.close();
    }
  });
}

const placeOf = (choice: TargetChoice): string =>
  choice.kind === 'files'
    ? choice.paths.join(' ')
    : choice.kind === 'practice'
      ? 'the practice cluster'
      : (choice.context ?? 'the cluster');

/** Positions are looked up only for formats that show them: a plain scan needs none. */
function locate(target: OpenTarget, format: ScanOptions['format']): Parameters<typeof scanReport>[2] {
  if (target.positions === undefined || ['table', 'json', 'yaml'].includes(format)) return undefined;
  const {fromHere = (path) => path} = target;
  const position = target.positions();
  return (resource, path) => {
    const found = position(resource, path);
    return found && {...found, file: fromHere(found.file)};
  };
}

async function table(
  result: ScanResult,
  comparison: Comparison | undefined,
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
  const notes = [
    ...expiredNotes(result),
    ...(comparison && request.baseline ? baselineNotes(comparison, request.baseline) : []),
  ];
  const toFile = request.output !== undefined;
  const look = lookOf(toFile ? {} : process.stdout, toFile ? {NO_COLOR: '1'} : process.env);
  const name = targetName(target);
  return scanTable(result, {target: name, version: version(), domain, seconds, hints, notes, look});
}

export const targetName = ({kind, name}: Target): string =>
  kind === 'practice' ? `practice cluster ${name}` : kind === 'live' ? `${name} (LIVE)` : `${name} (files)`;

async function output(text: string, file: string | undefined): Promise<void> {
  if (file === undefined) return print(text);
  try {
    await writeFile(file, text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${file} can't be written: ${why}.`, {cause});
  }
}

async function readBaseline(file: string): Promise<ScanReport> {
  try {
    return parseBaseline(await readFile(file, 'utf8'), file);
  } catch (cause) {
    if (cause instanceof BaselineError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new BaselineError(`The baseline ${file} can't be read: ${why}.`, {cause});
  }
}

function tell(
  {result, inventory}: Scanned,
  request: ScanRequest,
  comparison: Comparison | undefined,
): number {
  if (inventory.size === 0 && result.incomplete.length === 0) say(nothingFound(placeOf(request.choice)));
  if (comparison && request.format !== 'table') {
    const {added, gone} = comparison;
    say(`Since ${request.baseline}: ${added.length} new findings, ${gone.length} gone.`);
  }
  const {exitCode, reasons} = judge(result, request, comparison);
  for (const reason of reasons) say(reason);
  return exitCode;
}
