import {spawn} from 'node:child_process';
import {join} from 'node:path';
import type {Row} from './measure.ts';

export const bin = join(import.meta.dirname, '../dist/kubekata.js');
const reporter = join(import.meta.dirname, 'report-usage.cjs');

export type Usage = {
  /** From spawn to exit, ms. */
  readonly wall: number;
  /** Of all threads, user and system, ms. */
  readonly cpu: number;
  /** Peak of the resident memory, MiB. */
  readonly memory: number;
};

/** Runs the built program once, at most a minute. @throws {Error} for an exit code that is none of a finished scan. */
export function runOnce(words: readonly string[], environment: NodeJS.ProcessEnv): Promise<Usage> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, ['--require', reporter, bin, ...words], {
      env: {...process.env, ...environment},
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      timeout: 60_000,
      killSignal: 'SIGKILL',
    });
    let report = '';
    let problem = '';
    let shown = '';
    child.stdout?.on('data', (data: Buffer) => {
      shown += data.toString();
    });
    child.stdio[3]?.on('data', (data: Buffer) => {
      report += data.toString();
    });
    child.stderr?.on('data', (data: Buffer) => {
      problem += data.toString();
    });
    let wall = 0;
    child.on('exit', () => {
      wall = performance.now() - started;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      // 3 is a scan that could not read some files, and also one that reached nothing: only a score makes it a scan.
      const isScanned = words[0] !== 'scan' || /^Score \d/m.test(shown);
      if (signal !== null || (code !== 0 && code !== 3) || !isScanned) {
        reject(
          new Error(`kubekata ${words.join(' ')} ended with ${signal ?? code}: ${problem.slice(0, 300)}`),
        );
        return;
      }
      const {cpu, memory} = JSON.parse(report) as {cpu: number; memory: number};
      resolve({wall, cpu, memory});
    });
  });
}

/** Runs the program some times after a warm run that is not counted. */
export async function runs(
  times: number,
  words: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<readonly Usage[]> {
  await runOnce(words, environment);
  const all: Usage[] = [];
  for (let run = 0; run < times; run += 1) all.push(await runOnce(words, environment));
  return all;
}

export function timeRow(what: string, usages: readonly Usage[], budget?: number): Row {
  return {
    what,
    unit: 'ms',
    samples: usages.map(({wall}) => wall),
    cpu: usages.map(({cpu}) => cpu),
    ...(budget === undefined ? {} : {budget}),
  };
}

export const memoryRow = (what: string, usages: readonly Usage[], budget?: number): Row => ({
  what,
  unit: 'MiB',
  samples: usages.map(({memory}) => memory),
  ...(budget === undefined ? {} : {budget}),
});
