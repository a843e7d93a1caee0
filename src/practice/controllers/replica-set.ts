import {timestamp} from './clock.ts';
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
import {availableIn, conditionOf, goesFirst, isActive, isAvailable, isReady, podOf, selects} from './pods.ts';
import {backOff, inNamespace, type Retry} from './retry.ts';
import type {Condition, Pod, ReplicaSet} from './types.ts';

const component = 'replicaset-controller';
const user = systemUser(component);

/** Keeps as many pods as asked for. What the API server refuses is told in an Event and a condition, and retried. */
export function replicaSetController(context: Context): Controller {
  const {cache, machine, events, clock} = context;
  const retries: Retry = backOff(context, component);

  function reconcile(key: string): void {
    const set = cache.get<ReplicaSet>('replicasets.apps', ...splitKey(key));
    if (!set) {
      retries.reset(key);
      return;
    }
    const pods = owned(set);
    let failure: string | undefined;
    if (set.metadata.deletionTimestamp === undefined) {
      const active = pods.filter(isActive);
      const missing = (set.spec.replicas ?? 1) - active.length;
      if (missing > 0) failure = createPods(set, missing);
      else if (missing < 0) failure = deletePods(set, [...active].sort(goesFirst).slice(0, -missing));
    }
    report(key, set, failure);
    if (failure === undefined) retries.reset(key);
    else retries.again(key);
  }

  function owned(set: ReplicaSet): readonly Pod[] {
    const mine = cache.controlled<Pod>('pods', set);
    const orphans = cache
      .orphans<Pod>('pods', set.metadata.namespace ?? '')
      .filter((pod) => isActive(pod) && selects(set.spec.selector, pod.metadata.labels));
    if (orphans.length === 0 || set.metadata.deletionTimestamp !== undefined) return mine;
    for (const pod of orphans) {
      const ownerReferences = [...(pod.metadata.ownerReferences ?? []), ownerReference(set)];
      machine.update('pods', {...pod, metadata: {...pod.metadata, ownerReferences}}, {user});
    }
    return cache.controlled<Pod>('pods', set);
  }

  function createPods(set: ReplicaSet, count: number): string | undefined {
    const {name, namespace = ''} = set.metadata;
    const generateName = `${name}-`;
    for (let index = 0; index < count; index += 1) {
      const pod = podOf(set.spec.template, {
        name: `${generateName}${randomSuffix()}`,
        generateName,
        namespace,
        owner: ownerReference(set),
      });
      try {
        const created = machine.create('pods', namespace, pod, {user});
        events.normal(set, 'SuccessfulCreate', `Created pod: ${created.metadata.name}`, component);
      } catch (error) {
        const {message} = refusal(error);
        events.warning(set, 'FailedCreate', `Error creating: ${message}`, component);
        return message;
      }
    }
    return undefined;
  }

  function deletePods(set: ReplicaSet, pods: readonly Pod[]): string | undefined {
    for (const pod of pods) {
      try {
        machine.delete('pods', pod.metadata.namespace ?? '', pod.metadata.name, {user});
        events.normal(set, 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`, component);
      } catch (error) {
        const {code, message} = refusal(error);
        if (code === 404) continue;
        events.warning(set, 'FailedDelete', `Error deleting: ${message}`, component);
        return message;
      }
    }
    return undefined;
  }

  function report(key: string, before: ReplicaSet, failure: string | undefined): void {
    const set = cache.get<ReplicaSet>('replicasets.apps', ...splitKey(key)) ?? before;
    const now = clock.now();
    const seconds = set.spec.minReadySeconds ?? 0;
    const all = cache.controlled<Pod>('pods', set);
    const pods = all.filter(isActive);
    const ready = pods.filter(isReady);
    const available = ready.filter((pod) => isAvailable(pod, seconds, now));
    const labels = set.spec.template.metadata?.labels ?? {};
    const full = pods.filter((pod) => selects({matchLabels: labels}, pod.metadata.labels));
    const conditions = failureConditions(set, failure, pods.length);
    const some = (count: number) => (count > 0 ? count : undefined);
    const status = defined({
      replicas: pods.length,
      fullyLabeledReplicas: some(full.length),
      readyReplicas: some(ready.length),
      availableReplicas: some(available.length),
      terminatingReplicas: all.filter((pod) => pod.metadata.deletionTimestamp !== undefined).length,
      observedGeneration: set.metadata.generation,
      conditions: conditions.length > 0 ? conditions : undefined,
    });
    writeStatus(context, 'replicasets.apps', set, status, user);
    const waits = ready.map((pod) => availableIn(pod, seconds, now) ?? 0).filter((wait) => wait > 0);
    if (waits.length > 0) context.enqueue(component, key, Math.min(...waits));
  }

  function failureConditions(
    set: ReplicaSet,
    failure: string | undefined,
    pods: number,
  ): readonly Condition[] {
    if (failure === undefined) return [];
    const known = conditionOf(set.status?.conditions, 'ReplicaFailure');
    if (known) return [known];
    return [
      {
        type: 'ReplicaFailure',
        status: 'True',
        lastTransitionTime: timestamp(clock.now()),
        reason: (set.spec.replicas ?? 1) > pods ? 'FailedCreate' : 'FailedDelete',
        message: failure,
      },
    ];
  }

  const failing = inNamespace<ReplicaSet>(
    context,
    'replicasets.apps',
    (set) => conditionOf(set.status?.conditions, 'ReplicaFailure') !== undefined,
  );
  return {
    name: component,
    level: 3,
    watches: {
      'replicasets.apps': itself,
      pods: owner('ReplicaSet'),
      limitranges: failing,
      resourcequotas: failing,
      serviceaccounts: failing,
      namespaces: failing,
    },
    reconcile,
  };
}
