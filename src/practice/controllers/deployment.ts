import {equal} from '../../engine/json.ts';
import {controllerOf} from './cache.ts';
import {timeOf} from './clock.ts';
import {
  type Context,
  type Controller,
  itself,
  keyOf,
  owner,
  ownerReference,
  refusal,
  splitKey,
  systemUser,
  writeStatus,
} from './controller.ts';
import {ensureNewReplicaSet} from './deployment-revisions.ts';
import {maximumOf, rollingTargets, scaleTargets, total} from './deployment-scale.ts';
import {deadlineIn, isComplete, rolloutStatus} from './deployment-status.ts';
import {isActive, oldestFirst, sameTemplate, selects} from './pods.ts';
import type {Deployment, Pod, ReplicaSet} from './types.ts';

const component = 'deployment-controller';
const user = systemUser(component);

/** Rolls a template out: one ReplicaSet per revision, scaled within maxSurge and maxUnavailable. */
export function deploymentController(context: Context): Controller {
  const {cache, machine, events, clock} = context;

  function reconcile(key: string): void {
    const deployment = cache.get<Deployment>('deployments.apps', ...splitKey(key));
    if (!deployment) return;
    const sets = replicaSets(deployment);
    if (deployment.metadata.deletionTimestamp !== undefined) {
      report(key, sets, false);
      return;
    }
    if (deployment.spec.paused === true || isScaling(deployment, sets)) {
      scale(deployment, scaleTargets(deployment, sets, newest(deployment, sets)));
      report(key, replicaSets(deployment), false);
      return;
    }
    if (deployment.spec.strategy?.type === 'Recreate') recreate(key, deployment, sets);
    else roll(key, deployment, sets);
  }

  function recreate(key: string, deployment: Deployment, sets: readonly ReplicaSet[]): void {
    const current = newest(deployment, sets);
    const old = sets.filter((set) => set !== current);
    if (scale(deployment, new Map(old.map((set) => [set, 0])))) {
      report(key, replicaSets(deployment), false);
      return;
    }
    if (old.some((set) => cache.controlled<Pod>('pods', set).some((pod) => !isFinished(pod)))) {
      report(key, sets, false);
      return;
    }
    const {set, isNew} = ensureNewReplicaSet(
      context,
      deployment,
      sets,
      current,
      deployment.spec.replicas ?? 1,
    );
    if (set && !isNew) scale(deployment, new Map([[set, deployment.spec.replicas ?? 1]]));
    finish(key, deployment, isNew);
  }

  function roll(key: string, deployment: Deployment, sets: readonly ReplicaSet[]): void {
    const current = newest(deployment, sets);
    const room = maximumOf(deployment) - total(sets);
    const first = Math.min(deployment.spec.replicas ?? 1, Math.max(0, room));
    const {set, isNew} = ensureNewReplicaSet(context, deployment, sets, current, first);
    if (set && !isNew) {
      const now = replicaSets(deployment);
      const fresh = now.find((one) => one.metadata.uid === set.metadata.uid) ?? set;
      scale(deployment, rollingTargets(deployment, now, fresh));
    }
    finish(key, deployment, isNew);
  }

  function finish(key: string, deployment: Deployment, isNew: boolean): void {
    const sets = replicaSets(deployment);
    if (isComplete(deployment, deployment.status)) forgetOld(deployment, sets);
    report(key, replicaSets(deployment), isNew);
  }

  function report(key: string, sets: readonly ReplicaSet[], isNew: boolean): void {
    const deployment = cache.get<Deployment>('deployments.apps', ...splitKey(key));
    if (!deployment) return;
    const current = newest(deployment, sets);
    const status = rolloutStatus(deployment, sets, current, {now: clock.now(), isNew});
    writeStatus(context, 'deployments.apps', deployment, status, user);
    const wait = deadlineIn(deployment, status, clock.now());
    if (wait !== undefined) context.enqueue(component, key, wait);
  }

  /** Sets the replicas of those ReplicaSets that have others. */
  function scale(deployment: Deployment, targets: ReadonlyMap<ReplicaSet, number>): boolean {
    let changed = false;
    const maximum = String(maximumOf(deployment));
    const desired = String(deployment.spec.replicas ?? 1);
    for (const [set, replicas] of targets) {
      const before = set.spec.replicas ?? 1;
      const annotations = {
        ...set.metadata.annotations,
        'deployment.kubernetes.io/desired-replicas': desired,
        'deployment.kubernetes.io/max-replicas': maximum,
      };
      if (before === replicas && equal(annotations, set.metadata.annotations)) continue;
      const next = {...set, metadata: {...set.metadata, annotations}, spec: {...set.spec, replicas}};
      machine.update('replicasets.apps', next, {user});
      if (before === replicas) continue;
      changed = true;
      const way = replicas > before ? 'up' : 'down';
      const message = `Scaled ${way} replica set ${set.metadata.name} from ${before} to ${replicas}`;
      events.normal(deployment, 'ScalingReplicaSet', message, component);
    }
    return changed;
  }

  function forgetOld(deployment: Deployment, sets: readonly ReplicaSet[]): void {
    const limit = deployment.spec.revisionHistoryLimit ?? 10;
    const current = newest(deployment, sets);
    const idle = sets.filter(
      (set) => set !== current && (set.spec.replicas ?? 1) === 0 && (set.status?.replicas ?? 0) === 0,
    );
    for (const set of idle.sort(oldestFirst).slice(0, Math.max(0, idle.length - limit))) {
      try {
        machine.delete('replicasets.apps', set.metadata.namespace ?? '', set.metadata.name, {user});
      } catch (error) {
        if (refusal(error).code !== 404) throw error;
      }
    }
  }

  function replicaSets(deployment: Deployment): readonly ReplicaSet[] {
    const mine = cache.controlled<ReplicaSet>('replicasets.apps', deployment);
    if (deployment.metadata.deletionTimestamp !== undefined) return mine;
    const orphans = cache
      .orphans<ReplicaSet>('replicasets.apps', deployment.metadata.namespace ?? '')
      .filter((set) => selects(deployment.spec.selector, set.metadata.labels));
    for (const set of orphans) {
      const ownerReferences = [...(set.metadata.ownerReferences ?? []), ownerReference(deployment)];
      machine.update('replicasets.apps', {...set, metadata: {...set.metadata, ownerReferences}}, {user});
    }
    return orphans.length > 0 ? cache.controlled<ReplicaSet>('replicasets.apps', deployment) : mine;
  }

  /** Recreate waits for the pods of old ReplicaSets, which are gone when their last one is. */
  const afterPod = ({object}: {readonly object: {readonly metadata: object}}): readonly string[] => {
    const pod = object as Pod;
    const set = cache.byUid(controllerOf(pod)?.uid ?? '');
    const above = set && controllerOf(set);
    if (above?.kind !== 'Deployment') return [];
    const deployment = cache.byUid(above.uid) as Deployment | undefined;
    const waits = deployment?.spec.strategy?.type === 'Recreate' && !isActive(pod);
    return waits && deployment ? [keyOf(deployment)] : [];
  };

  return {
    name: component,
    level: 4,
    watches: {
      'deployments.apps': itself,
      'replicasets.apps': owner('Deployment'),
      pods: (event) => (event.type === 'ADDED' ? [] : afterPod(event)),
    },
    reconcile,
  };
}

/** The ReplicaSet with the Deployment's template: the oldest, should there be two. */
const newest = (deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined =>
  [...sets]
    .sort((a, b) => timeOf(a.metadata.creationTimestamp) - timeOf(b.metadata.creationTimestamp))
    .find((set) => sameTemplate(set.spec.template, deployment.spec.template));

/** Whether the replicas that were asked for changed, and not the template. */
const isScaling = (deployment: Deployment, sets: readonly ReplicaSet[]): boolean =>
  sets.some((set) => {
    const desired = set.metadata.annotations?.['deployment.kubernetes.io/desired-replicas'];
    return (
      (set.spec.replicas ?? 1) > 0 &&
      desired !== undefined &&
      desired !== String(deployment.spec.replicas ?? 1)
    );
  });

const isFinished = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
