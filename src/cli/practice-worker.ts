// Runs in a thread: serves the practice cluster until it is told to stop.
import {parentPort, workerData} from 'node:worker_threads';
import type {PracticeMessage} from './practice-host.ts';
import {type PracticePlace, startPracticeService} from './practice-service.ts';

const say = (message: PracticeMessage) => parentPort?.postMessage(message);

try {
  const {kubeconfig, url, failed, stop} = await startPracticeService(workerData as PracticePlace);
  failed.catch((error: unknown) => {
    throw error;
  });
  parentPort?.once('message', async () => {
    await stop();
    parentPort?.close();
  });
  say({type: 'ready', kubeconfig, url});
} catch (error) {
  say({type: 'failed', message: error instanceof Error ? error.message : String(error)});
  parentPort?.close();
}
