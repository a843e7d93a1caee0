// Runs in a thread: serves the practice cluster until it is told to stop.
import {join} from 'node:path';
import {parentPort, workerData} from 'node:worker_threads';
import {attachControllers} from '../practice/controllers/attach.ts';
import {metricsProvider} from '../practice/controllers/metrics.ts';
import {connectOrStart} from '../practice/practice-cluster.ts';
import type {PracticeMessage, PracticeWorkerData} from './practice-host.ts';

const {directory, scenarioDirectory} = workerData as PracticeWorkerData;
const say = (message: PracticeMessage) => parentPort?.postMessage(message);

try {
  const cluster = await connectOrStart({
    directory,
    scenarioDirectory,
    controllers: (machine) =>
      attachControllers(machine, {scenarioDirectory, nodeDirectory: join(directory, 'nodes')}),
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
  say({type: 'ready', kubeconfig: cluster.kubeconfigPath, url: cluster.url});
} catch (error) {
  say({type: 'failed', message: error instanceof Error ? error.message : String(error)});
  parentPort?.close();
}
