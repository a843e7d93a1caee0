import {join} from 'node:path';
import {Worker} from 'node:worker_threads';
import {packageRoot, stateDirectory} from './places.ts';
import type {PracticePlace} from './practice-service.ts';

/** What the worker says; `failed` carries the message of the problem. */
export type PracticeMessage =
  | {readonly type: 'ready'; readonly kubeconfig: string; readonly url: string}
  | {readonly type: 'stopped'}
  | {readonly type: 'failed'; readonly message: string};

/** A practice cluster that this process serves, or that another kubekata serves already. */
export type Practice = {
  readonly scenario: string;
  readonly kubeconfig: string;
  readonly url: string;
  /** Rejects when the server stops by itself. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
};

const isFromSource = import.meta.url.endsWith('.ts');

export const practiceDirectory = (): string => join(stateDirectory(process.env), 'practice');

/** The scenario that is served without another name. */
export const defaultScenario = 'home';

/** Of a practice cluster that can't be served. */
export const notStarted = (why: string): Error => new Error(`The practice cluster did not start: ${why}`);

/** Where a practice cluster has its state, and what it begins with. */
export const practicePlace = (scenario: string): PracticePlace => ({
  directory: practiceDirectory(),
  scenarioDirectory: join(
    packageRoot(),
    isFromSource ? 'src/practice/scenarios' : 'dist/scenarios',
    scenario,
  ),
});

/** Serves the practice cluster from a thread of its own, so that its work never holds up a key or a frame. */
export async function openPractice(scenario = defaultScenario): Promise<Practice> {
  const worker = new Worker(
    join(packageRoot(), isFromSource ? 'src/cli/practice-worker.ts' : 'dist/practice-worker.js'),
    {
      workerData: practicePlace(scenario),
      // It serves few requests at a time: a small space for what is young leaves less memory behind.
      resourceLimits: {maxYoungGenerationSizeMb: 8},
    },
  );
  const ended = new Promise<void>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => resolve());
  });
  ended.catch(() => {});
  const ready = new Promise<PracticeMessage>((resolve) => worker.once('message', resolve));
  const first = await Promise.race([ready, ended.then((): PracticeMessage => ({type: 'stopped'}))]);
  if (first.type !== 'ready') {
    const why = first.type === 'failed' ? first.message : 'its thread ended';
    throw notStarted(why);
  }
  return {
    scenario,
    kubeconfig: first.kubeconfig,
    url: first.url,
    ended,
    async close() {
      worker.postMessage('stop');
      await ended.catch(() => {});
    },
  };
}
