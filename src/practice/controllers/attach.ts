import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {asObject, asString} from '../../engine/json.ts';
import {Unanswered} from '../api/admission/asks.ts';
import type {ChangeEvent, Machine, Stored} from '../api/machine.ts';
import {aggregationController} from './aggregation.ts';
import {Cache} from './cache.ts';
import {type Clock, systemClock} from './clock.ts';
import type {Context, Controller} from './controller.ts';
import {cronJobController} from './cron-job.ts';
import {daemonSetController} from './daemon-set.ts';
import {deploymentController} from './deployment.ts';
import {disruptionController} from './disruption.ts';
import {endpointController} from './endpoints.ts';
import {EventRecorder} from './event-recorder.ts';
import {garbageCollector} from './garbage-collector.ts';
import {jobController} from './job.ts';
import {kubelet} from './kubelet/kubelet.ts';
import {nodeHealth} from './kubelet/node-health.ts';
import {staticPods} from './kubelet/static-pods.ts';
import {readTraits} from './kubelet/traits.ts';
import {loadBalancer} from './load-balancer.ts';
import {namespaceController} from './namespaces.ts';
import {nodeController} from './node.ts';
import {nodeLeases} from './node-leases.ts';
import {replicaSetController} from './replica-set.ts';
import {builtInResources, customResources} from './resources.ts';
import {scheduler} from './scheduler.ts';
import {statefulSetController} from './stateful-set.ts';
import type {Pod} from './types.ts';
import {volumeBinder} from './volumes.ts';
import {WorkQueue} from './work-queue.ts';

export type ControllerOptions = {
  /** Folder of the scenario: its `traits/*.yaml` say what images need. */
  readonly scenarioDirectory: string;
  /** Folder with the nodes' files; those of the scenario where absent. */
  readonly nodeDirectory?: string;
  readonly clock?: Clock;
  /** PEM of the cluster's certificate authority, for the ConfigMaps `kube-root-ca.crt`. */
  readonly rootCertificate?: string;
  /** Hears of a controller's own fault; the key is tried again later. */
  readonly onError?: (error: unknown) => void;
};

/** Ends them when called: nothing is written afterwards. */
export type StopControllers = (() => void) & {
  /** Resolves when nothing is left to do for now. */
  readonly settled: () => Promise<void>;
};

const retryAfter = 1000;

/** Starts the simulated controllers, scheduler and kubelets on a machine. They act on its events alone. */
export function attachControllers(machine: Machine, options: ControllerOptions): StopControllers {
  const {scenarioDirectory, clock = systemClock, onError = () => undefined} = options;
  const cache = new Cache();
  cache.load(machine, builtInResources);
  cache.load(machine, customResources(cache));
  const events = new EventRecorder(machine, clock);
  const byName = new Map<string, Controller>();
  const queue = new WorkQueue(clock, ({controller, key}) => {
    try {
      byName.get(controller)?.reconcile(key);
    } catch (error) {
      if (error instanceof Unanswered) {
        queue.addWhen(byName.get(controller)?.level ?? 0, controller, key, error.answered);
        return;
      }
      if (!isConflict(error)) onError(error);
      context.enqueue(controller, key, retryAfter);
    }
  });
  const context: Context = {
    machine,
    cache,
    clock,
    events,
    enqueue(name, key, milliseconds) {
      const level = byName.get(name)?.level ?? 0;
      if (milliseconds === undefined) queue.add(level, name, key);
      else queue.addAfter(level, name, key, milliseconds);
    },
  };
  const certificate = (): string => options.rootCertificate ?? certificateIn(machine);
  const nodeDirectory = options.nodeDirectory ?? join(scenarioDirectory, 'nodes');
  // The files of a scenario are those of everybody: logs go to a cluster's own.
  const logDirectory = options.nodeDirectory;
  const nodesFolder = existsSync(nodeDirectory) ? nodeDirectory : undefined;
  const health = nodeHealth(context, nodesFolder, logDirectory);
  const mirrors = staticPods(context, nodesFolder, logDirectory, health.isDown);
  const controllers = [
    namespaceController(context, certificate),
    volumeBinder(context),
    scheduler(context),
    loadBalancer(context),
    health.controller,
    kubelet(context, readTraits(scenarioDirectory, cache), nodeDirectory, logDirectory, health.isDown),
    mirrors.controller,
    nodeController(context),
    nodeLeases(context),
    replicaSetController(context),
    statefulSetController(context),
    daemonSetController(context),
    jobController(context),
    deploymentController(context),
    cronJobController(context),
    endpointController(context),
    disruptionController(context),
    aggregationController(context),
    garbageCollector(context),
  ];
  for (const controller of controllers) byName.set(controller.name, controller);
  const dispatch = dispatcher(controllers, context);
  // The past of a cluster that nothing has run in yet: it is old, and its Events are forgotten.
  events.quiet = !cache.list<Pod>('pods').some((pod) => pod.status?.startTime !== undefined);
  const unsubscribe = machine.subscribe((event) => {
    cache.apply(event);
    dispatch(event);
  });
  for (const resource of cache.resources()) {
    for (const object of cache.list(resource))
      dispatch({type: 'ADDED', resource, object, previous: undefined});
  }
  mirrors.watch();
  health.watch();
  if (events.quiet) {
    void queue.settled().then(() => {
      events.quiet = false;
    });
  }
  const stop = (): void => {
    unsubscribe();
    mirrors.close();
    health.close();
    queue.stop();
  };
  return Object.assign(stop, {settled: () => queue.settled()});
}

function dispatcher(controllers: readonly Controller[], context: Context): (event: ChangeEvent) => void {
  const listeners = new Map<string, [name: string, keys: (event: ChangeEvent) => Iterable<string>][]>();
  for (const {name, watches} of controllers) {
    for (const [resource, keys] of Object.entries(watches)) {
      const known = listeners.get(resource);
      if (known) known.push([name, keys]);
      else listeners.set(resource, [[name, keys]]);
    }
  }
  const all = listeners.get('*') ?? [];
  return (event) => {
    if (event.resource === 'events') return;
    for (const [name, keys] of [...(listeners.get(event.resource) ?? []), ...all]) {
      for (const key of keys(event)) context.enqueue(name, key);
    }
  };
}

const isConflict = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 409;

/** What kubeadm gives every pod to trust: the authority that client certificates are checked with, too. */
function certificateIn(machine: Machine): string {
  const map: Stored | undefined = machine.get(
    'configmaps',
    'kube-system',
    'extension-apiserver-authentication',
  );
  return asString(asObject(map?.data)['client-ca-file']);
}
