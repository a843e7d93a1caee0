import {join} from 'node:path';
import {Worker} from 'node:worker_threads';
import {packageRoot, stateDirectory} from './places.ts';

/** What the worker says; `failed` carries the message of the problem. */
export type PracticeMessage =
  | {readonly type: 'ready'; readonly kubeconfig: string; readonly url: string}
  | {readonly type: 'stopped'}
  | {readonly type: 'failed'; readonly message: string};

export type PracticeWorkerData = {readonly directory: string; readonly scenarioDirectory: string};

/** A practice cluster that this process serves, or that another kubekata serves already. */
export type Practice = {
  readonly scenario: string;
  readonly kubeconfig: string;
  readonly url: string;
  /** Rejects when the server stops by itself. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
};

export const practiceDirectory = (): string => join(stateDirectory(process.env), 'practice');

/** Serves the practice cluster from a thread of its own, so that its work never holds up a key or a frame. */
export async function openPractice(scenario = 'home'): Promise<Practice> {
  const fromSource = import.meta.url.endsWith('.ts');
  const root = packageRoot();
  const worker = new Worker(
    join(root, fromSource ? 'src/cli/practice-worker.ts' : 'dist/practice-worker.js'),
    {
      workerData: {
        directory: practiceDirectory(),
        scenarioDirectory: join(root, fromSource ? 'src/practice/scenarios' : 'dist/scenarios', scenario),
      } satisfies PracticeWorkerData,
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
    throw new Error(`The practice cluster did not start: ${why}`);
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
