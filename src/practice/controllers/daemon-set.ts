import {
  type Context,
  type Controller,
  defined,
  itself,
  owner,
  ownerReference,
  randomSuffix,
  refusal,
  splitKey,
  systemUser,
  writeStatus,
} from './controller.ts';
import {isActive, isAvailable, isReady, oldestFirst, podOf, portion} from './pods.ts';
import {backOff, inNamespace} from './retry.ts';
import {currentRevision, forgetRevisions, revisionHash, revisionLabel} from './revisions.ts';
import {matchesNode, tolerates} from './scheduling.ts';
import type {DaemonSet, Node, Pod, PodSpec, Toleration} from './types.ts';

const component = 'daemonset-controller';
const user = systemUser('daemon-set-controller');
const resource = 'daemonsets.apps';
/** A daemon's pod stays where others leave. */
const tolerations: readonly Toleration[] = [
  {key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute'},
  {key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute'},
  {key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule'},
  {key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule'},
  {key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule'},
  {key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule'},
];
const onHostNetwork: Toleration = {
  key: 'node.kubernetes.io/network-unavailable',
  operator: 'Exists',
  effect: 'NoSchedule',
};

/** One pod on every node that fits; a new template goes round node by node. */
export function daemonSetController(context: Context): Controller {
  const {cache, machine, events, clock} = context;
  const retries = backOff(context, component);
  const failing = new Set<string>();

  function reconcile(key: string): void {
    const set = cache.get<DaemonSet>(resource, ...splitKey(key));
    if (!set) {
      failing.delete(key);
      retries.reset(key);
      return;
    }
    if (set.metadata.deletionTimestamp !== undefined) return;
    const revision = currentRevision(context, set, user);
    const hash = revisionHash(set, revision);
    const nodes = cache.list<Node>('nodes').filter((node) => fits(set, node));
    if (place(set, hash, nodes)) {
      failing.delete(key);
      retries.reset(key);
    } else {
      failing.add(key);
      retries.again(key);
    }
    if (set.spec.updateStrategy?.type !== 'OnDelete') update(set, hash, nodes);
    report(key, hash, nodes);
    forgetRevisions(context, set, podsOf(set), [revision], user);
  }

  const podsOf = (set: DaemonSet): readonly Pod[] => cache.controlled<Pod>('pods', set);

  function fits(set: DaemonSet, node: Node): boolean {
    const spec = podSpecOf(set);
    return (
      matchesNode(spec, node) &&
      (node.spec.taints ?? []).every((taint) => taint.effect === 'PreferNoSchedule' || tolerates(spec, taint))
    );
  }

  /** Pods for the nodes that lack one, none for the others. False when the API server refused one. */
  function place(set: DaemonSet, hash: string, nodes: readonly Node[]): boolean {
    const byNode = Map.groupBy(podsOf(set), targetOf);
    const names = new Set(nodes.map((node) => node.metadata.name));
    for (const [node, pods] of byNode) {
      const isWanted = names.has(node);
      const alive = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined).sort(oldestFirst);
      for (const pod of alive) {
        if (pod.status?.phase === 'Failed' || !isWanted || pod !== alive[0]) remove(set, pod);
      }
    }
    for (const {metadata} of nodes) {
      if ((byNode.get(metadata.name) ?? []).length > 0) continue;
      if (!create(set, hash, metadata.name)) return false;
    }
    return true;
  }

  function create(set: DaemonSet, hash: string, node: string): boolean {
    const {name, namespace = '', generation} = set.metadata;
    const generateName = `${name}-`;
    const pod = podOf(set.spec.template, {
      name: `${generateName}${randomSuffix()}`,
      generateName,
      namespace,
      owner: ownerReference(set),
      labels: {[revisionLabel]: hash, 'pod-template-generation': String(generation ?? 1)},
      spec: {...podSpecOf(set), affinity: {...set.spec.template.spec.affinity, nodeAffinity: only(node)}},
    });
    try {
      const created = machine.create('pods', namespace, pod, {user});
      events.normal(set, 'SuccessfulCreate', `Created pod: ${created.metadata.name}`, component);
      return true;
    } catch (error) {
      events.warning(set, 'FailedCreate', `Error creating: ${refusal(error).message}`, component);
      return false;
    }
  }

  function remove(set: DaemonSet, pod: Pod): void {
    machine.delete('pods', pod.metadata.namespace ?? '', pod.metadata.name, {user});
    events.normal(set, 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`, component);
  }

  /** Deletes pods of an old template while not too many are missing. */
  function update(set: DaemonSet, hash: string, nodes: readonly Node[]): void {
    const pods = podsOf(set).filter(isActive);
    const old = pods.filter((pod) => pod.metadata.labels?.[revisionLabel] !== hash);
    if (old.length === 0) return;
    const allowed = Math.max(
      1,
      portion(set.spec.updateStrategy?.rollingUpdate?.maxUnavailable, nodes.length, 'up', '1'),
    );
    const seconds = set.spec.minReadySeconds ?? 0;
    const isUp = (pod: Pod): boolean => isAvailable(pod, seconds, clock.now());
    let missing = nodes.length - pods.filter(isUp).length;
    for (const pod of old.sort((a, b) => Number(isUp(a)) - Number(isUp(b)))) {
      if (isUp(pod)) {
        if (missing >= allowed) return;
        missing += 1;
      }
      remove(set, pod);
    }
  }

  function report(key: string, hash: string, nodes: readonly Node[]): void {
    const set = cache.get<DaemonSet>(resource, ...splitKey(key));
    if (!set) return;
    const names = new Set(nodes.map((node) => node.metadata.name));
    const pods = podsOf(set).filter((pod) => pod.metadata.deletionTimestamp === undefined);
    const here = pods.filter((pod) => names.has(targetOf(pod)));
    const seconds = set.spec.minReadySeconds ?? 0;
    const ready = here.filter(isReady);
    const available = ready.filter((pod) => isAvailable(pod, seconds, clock.now()));
    const updated = here.filter((pod) => pod.metadata.labels?.[revisionLabel] === hash);
    const some = (count: number) => (count > 0 ? count : undefined);
    const status = defined({
      currentNumberScheduled: here.length,
      desiredNumberScheduled: nodes.length,
      numberMisscheduled: pods.length - here.length,
      numberReady: ready.length,
      numberAvailable: some(available.length),
      numberUnavailable: some(nodes.length - available.length),
      updatedNumberScheduled: some(updated.length),
      observedGeneration: set.metadata.generation,
    });
    writeStatus(context, resource, set, status, user);
    if (available.length < ready.length) context.enqueue(component, key, seconds * 1000);
  }

  const everySet = (): readonly string[] =>
    cache.list(resource).map(({metadata}) => `${metadata.namespace}/${metadata.name}`);
  const refused = inNamespace<DaemonSet>(context, resource, (set) =>
    failing.has(`${set.metadata.namespace}/${set.metadata.name}`),
  );
  return {
    name: component,
    level: 3,
    watches: {
      [resource]: itself,
      pods: owner('DaemonSet'),
      nodes: ({object, previous}) =>
        object.spec === previous?.spec && object.metadata.labels === previous?.metadata.labels
          ? []
          : everySet(),
      limitranges: refused,
      resourcequotas: refused,
      serviceaccounts: refused,
      namespaces: refused,
    },
    reconcile,
  };
}

const only = (node: string) => ({
  requiredDuringSchedulingIgnoredDuringExecution: {
    nodeSelectorTerms: [{matchFields: [{key: 'metadata.name', operator: 'In', values: [node]}]}],
  },
});

function podSpecOf(set: DaemonSet): PodSpec {
  const {spec} = set.spec.template;
  const more = spec.hostNetwork === true ? [...tolerations, onHostNetwork] : tolerations;
  return {...spec, tolerations: [...(spec.tolerations ?? []), ...more]};
}

/** The node that a daemon's pod is for, also before it is scheduled. */
function targetOf(pod: Pod): string {
  if (pod.spec.nodeName) return pod.spec.nodeName;
  const text = JSON.stringify(pod.spec.affinity ?? {});
  return /"metadata\.name","operator":"In","values":\["([^"]*)"\]/.exec(text)?.[1] ?? '';
}
