import type {JsonObject} from '../../engine/json.ts';
import type {ChangeEvent, Machine} from '../api/machine.ts';
import {nanoOf} from '../api/quantity.ts';
import {Cache} from './cache.ts';
import {type Clock, systemClock, timeOf, timestamp} from './clock.ts';
import {readTraits, type TraitsOf} from './kubelet/traits.ts';
import {builtInResources} from './resources.ts';
import type {Container, Node, Pod} from './types.ts';

const window = '15s';
const mebibyte = 1024 * 1024;

export type MetricsProvider = {
  /** PodMetrics (metrics.k8s.io/v1beta1) of the running pods of a namespace, or of all. */
  pods(namespace?: string): readonly JsonObject[];
  /** NodeMetrics of all nodes. */
  nodes(): readonly JsonObject[];
  stop(): void;
};

/** What metrics-server would tell, from the traits: memory in steady use, and CPU to go with it. */
export function metricsProvider(
  machine: Machine,
  scenarioDirectory: string,
  clock: Clock = systemClock,
): MetricsProvider {
  const cache = new Cache();
  cache.load(machine, builtInResources);
  const stop = machine.subscribe((event: ChangeEvent) => cache.apply(event));
  const traitsOf = readTraits(scenarioDirectory, cache);
  return {
    pods: (namespace) =>
      cache
        .list<Pod>('pods', namespace)
        .filter(isMeasured)
        .map((pod) => podMetrics(pod, traitsOf, clock.now())),
    nodes: () => cache.list<Node>('nodes').map((node) => nodeMetrics(node, cache, traitsOf, clock.now())),
    stop,
  };
}

const isMeasured = (pod: Pod): boolean => running(pod).length > 0;

/** Containers that run, with the time since when. */
function running(pod: Pod): readonly (readonly [container: Container, since: number])[] {
  return pod.spec.containers.flatMap((container) => {
    const status = pod.status?.containerStatuses?.find(({name}) => name === container.name);
    return status?.state.running ? [[container, timeOf(status.state.running.startedAt)] as const] : [];
  });
}

function podMetrics(pod: Pod, traitsOf: TraitsOf, now: number): JsonObject {
  const {name, namespace = '', labels, creationTimestamp} = pod.metadata;
  return {
    kind: 'PodMetrics',
    apiVersion: 'metrics.k8s.io/v1beta1',
    metadata: {name, namespace, creationTimestamp, ...(labels ? {labels} : {})},
    timestamp: timestamp(now),
    window,
    containers: running(pod).map(([container, since]) => {
      const use = usageOf(pod, container, traitsOf, now - since, now);
      return {
        name: container.name,
        usage: {cpu: `${Math.round(use.cpu * 1e6)}n`, memory: `${Math.round(use.memory / 1024)}Ki`},
      };
    }),
  };
}

type Use = {readonly cpu: number; readonly memory: number};

/** CPU in millicores and memory in bytes: steady, with a ripple that differs from one container to the next. */
function usageOf(pod: Pod, container: Container, traitsOf: TraitsOf, age: number, now: number): Use {
  const [steady] = traitsOf(pod, container).memory;
  const phase = [...`${pod.metadata.uid}${container.name}`].reduce(
    (sum, letter) => sum + letter.charCodeAt(0),
    0,
  );
  const ripple = Math.sin(now / 60_000 + phase);
  const limit = Number(nanoOf(container.resources?.limits?.cpu)) / 1e6;
  const cpu = Math.max(0.4, (1 + steady / 24) * (1 + 0.2 * ripple) * (age < 20_000 ? 2 : 1));
  return {
    cpu: limit > 0 ? Math.min(cpu, limit) : cpu,
    memory: steady * mebibyte * (1 - 0.015 * (1 + ripple)),
  };
}

function nodeMetrics(node: Node, cache: Cache, traitsOf: TraitsOf, now: number): JsonObject {
  // What the operating system, the kubelet and containerd use themselves.
  let cpu = 85;
  let memory = 420 * mebibyte;
  for (const pod of cache.list<Pod>('pods')) {
    if (pod.spec.nodeName !== node.metadata.name) continue;
    for (const [container, since] of running(pod)) {
      const use = usageOf(pod, container, traitsOf, now - since, now);
      cpu += use.cpu;
      memory += use.memory;
    }
  }
  const {name, labels, creationTimestamp} = node.metadata;
  return {
    kind: 'NodeMetrics',
    apiVersion: 'metrics.k8s.io/v1beta1',
    metadata: {name, creationTimestamp, ...(labels ? {labels} : {})},
    timestamp: timestamp(now),
    window,
    usage: {cpu: `${Math.round(cpu * 1e6)}n`, memory: `${Math.round(memory / 1024)}Ki`},
  };
}
