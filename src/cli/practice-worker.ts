// Runs in a thread: serves the practice cluster until it is told to stop.
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {parentPort, workerData} from 'node:worker_threads';
import {attachControllers} from '../practice/controllers/attach.ts';
import {metricsProvider} from '../practice/controllers/metrics.ts';
import {connectOrStart} from '../practice/practice-cluster.ts';
import type {PracticeMessage, PracticeWorkerData} from './practice-host.ts';

const {directory, scenarioDirectory} = workerData as PracticeWorkerData;
const say = (message: PracticeMessage) => parentPort?.postMessage(message);

// On the first start of all the controllers make the pods: a scan before that would count too few.
const isNew = !existsSync(join(directory, 'state'));
let settled = (): Promise<void> => Promise.resolve();

try {
  const cluster = await connectOrStart({
    directory,
    scenarioDirectory,
    controllers: (machine) => {
      const stop = attachControllers(machine, {scenarioDirectory, nodeDirectory: join(directory, 'nodes')});
      if (isNew) ({settled} = stop);
      return stop;
    },
    metrics: (machine) => metricsProvider(machine, scenarioDirectory),
  });
  parentPort?.once('message', async () => {
    if ('stop' in cluster) await cluster.stop();
    parentPort?.close();
  });
  if ('failed' in cluster) {
    cluster.failed.catch((error: unknown) => {
      throw error;
    });
  }
  await settled();
  say({type: 'ready', kubeconfig: cluster.kubeconfigPath, url: cluster.url});
} catch (error) {
  say({type: 'failed', message: error instanceof Error ? error.message : String(error)});
  parentPort?.close();
}
