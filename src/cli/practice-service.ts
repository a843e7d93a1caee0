import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {attachControllers} from '../practice/controllers/attach.ts';
import {metricsProvider} from '../practice/controllers/metrics.ts';
import {connectOrStart} from '../practice/practice-cluster.ts';

export type PracticePlace = {readonly directory: string; readonly scenarioDirectory: string};

/** A practice cluster that this thread serves, or that another process does; then `stop` leaves it alone. */
export type PracticeService = {
  readonly kubeconfig: string;
  readonly url: string;
  /** Rejects when the server ends by itself. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
};

/** Serves the practice cluster in this thread. @throws {Error} when its state or its files can't be read. */
export async function startPracticeService({
  directory,
  scenarioDirectory,
}: PracticePlace): Promise<PracticeService> {
  // On the first start of all the controllers make the pods: a scan before that would count too few.
  const isNew = !existsSync(join(directory, 'state'));
  let settled = (): Promise<void> => Promise.resolve();
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
  await settled();
  const {kubeconfigPath: kubeconfig, url} = cluster;
  return 'stop' in cluster
    ? {kubeconfig, url, failed: cluster.failed, stop: () => cluster.stop()}
    : {kubeconfig, url, failed: new Promise(() => undefined), stop: async () => undefined};
}
