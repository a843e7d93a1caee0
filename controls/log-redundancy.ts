import {type ControlMeta, defineControl, type Failure, type View} from '../src/engine/control.ts';
import {asObject, asString} from '../src/engine/json.ts';
import {describe, type Resource, refOf} from '../src/engine/objects.ts';
import {podTemplate, WORKLOADS} from '../src/engine/pod-spec.ts';
import {collectsLogs} from './shared/agents.ts';
import {clusterUnseen, isCluster} from './shared/cluster.ts';
import {idsOf, set, workloadFix} from './shared/fix.ts';
import {imagesOf, programOf} from './shared/image.ts';
import {manualFix} from './shared/manual.ts';
import {perList} from './shared/per-list.ts';
import {overWorkloads} from './shared/workload.ts';

const meta = {
  id: 'log-redundancy',
  title: 'Logging that survives a loss',
  practice: 'fault-tolerance',
  baseScore: 4,
  needs: ['DaemonSet', 'Deployment', 'StatefulSet'],
  messages: {
    none: 'Nothing in this cluster collects or stores logs: {found}. With the first node that is lost, what happened there is lost.',
    evictable:
      '{object} reads the logs of its node and is among the first to go when the node runs full: priorityClassName is {found}. That is when its log matters. Set system-node-critical.',
    single:
      '{object} keeps logs with {found} replicas: while its one pod is away, nothing is recorded. Run two at least.',
  },
  references: [
    'Kubernetes Hardening Guidance, Audit logging and threat detection: Fault tolerance',
    'https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/',
  ],
} satisfies ControlMeta;

const stores =
  /^(loki|elasticsearch|opensearch|graylog|logstash|fluentd|fluent-bit|vector|victoria-logs|victorialogs|kafka|syslog-ng)$/;

/** A first look at a whole image name. */
const storesLike = new RegExp(stores.source.slice(1, -1));

const stands = ({kind}: Resource): boolean => kind === 'Deployment' || kind === 'StatefulSet';
const isStore = (workload: Resource): boolean =>
  stands(workload) &&
  imagesOf(workload).some((image) => storesLike.test(image)) &&
  podTemplate(workload).containers.some((one) => one.type === 'containers' && stores.test(programOf(one)));
const isCollector = (workload: Resource): boolean => workload.kind === 'DaemonSet' && collectsLogs(workload);
const isPart = (workload: Resource): boolean => isCollector(workload) || isStore(workload);
const hasPart = (view: View): boolean =>
  WORKLOADS.some((kind) =>
    perList(view, kind, 'keeps logs', (list) => list.some((one) => isPart(one) && overWorkloads.counts(one))),
  );

const replicasOf = ({object}: Resource): number => {
  const {replicas} = asObject(object.spec);
  return typeof replicas === 'number' ? replicas : 1;
};

export const logRedundancy = defineControl({
  meta,
  kinds: ['Namespace', 'DaemonSet', 'Deployment', 'StatefulSet'],
  counts: (resource) => isCluster(resource) || (overWorkloads.counts(resource) && isPart(resource)),
  unavailable: (view) =>
    hasPart(view) || view.get('Namespace', '', 'kube-system') ? undefined : clusterUnseen,
  *check(resource, view) {
    const data = {object: describe(resource)};
    if (isCluster(resource)) {
      if (!hasPart(view))
        yield {message: 'none', path: ['metadata', 'name'], found: 'no collector, no store'};
    } else if (isCollector(resource)) {
      const {spec, path} = podTemplate(resource);
      const name = asString(spec.priorityClassName);
      if (/^system-(node|cluster)-critical$/.test(name)) return;
      yield {message: 'evictable', path: [...path, 'priorityClassName'], found: name || 'not set', data};
    } else if (replicasOf(resource) < 2) {
      yield {message: 'single', path: ['spec', 'replicas'], found: String(replicasOf(resource)), data};
    }
  },
  fixes: (failures) =>
    failures.flatMap((failure) => {
      const {resource} = failure;
      if (isCluster(resource)) return [start(resource)];
      if (isCollector(resource)) return [keep(failure)];
      return resource.kind === 'Deployment' ? [double(failure)] : [joinStore(resource)];
    }),
});

const keep = (failure: Failure) =>
  workloadFix(meta, failure, {
    approach: 'the last to go',
    summary: 'gives it the priority of what a node needs, restarts its pods',
    kind: 'review',
    edits: [set([...podTemplate(failure.resource).path, 'priorityClassName'], 'system-node-critical')],
    consequence:
      'Where a node is full, another pod makes room for it. A quota of its namespace may have to allow that class.',
  });

const double = (failure: Failure) => {
  const change = {
    id: `${meta.id} two replicas ${failure.resource.key}`,
    steps: [{do: 'edit', object: refOf(failure.resource), edits: [set(['spec', 'replicas'], 2)]} as const],
  };
  return {
    approach: 'two replicas',
    summary: 'runs a second one beside it',
    kind: 'review' as const,
    scope: 'object' as const,
    change,
    clears: idsOf(meta, failure),
    asks: [],
    consequence:
      'Two of it write at a time: a volume that only one may mount keeps the second from starting.',
  };
};

const joinStore = ({namespace, name, key}: Resource) =>
  manualFix(meta, key, {
    approach: 'a second member',
    summary: 'lets the store keep its data twice',
    steps: [
      `A store has to know its members: set its replication factor to 2 or 3 in the configuration of ${name} first.`,
      `Then scale it: kubectl -n ${namespace || 'default'} scale statefulset ${name} --replicas=3, on different nodes by topologySpreadConstraints.`,
      `Verify: kubectl -n ${namespace || 'default'} delete pod ${name}-0, and lines of that minute are found afterwards.`,
    ],
  });

const start = ({key}: Resource) =>
  manualFix(meta, key, {
    approach: 'a collector and a store',
    summary: 'keeps logs elsewhere than where they arise',
    scope: 'cluster',
    steps: [
      'Run a collector on every node (control log-collector) with its buffer on a hostPath, and a store of two or more replicas, off this cluster where you can.',
      'Verify: stop the store for a minute, start it again, and lines of that minute are found: kubectl -n logging scale deployment STORE --replicas=0, then back.',
    ],
  });
