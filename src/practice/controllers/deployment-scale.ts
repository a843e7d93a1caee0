import {oldestFirst, portion} from './pods.ts';
import type {Deployment, ReplicaSet} from './types.ts';

/** The sum of the replicas that these ReplicaSets are asked for. */
export const total = (sets: readonly ReplicaSet[]): number =>
  sets.reduce((sum, set) => sum + (set.spec.replicas ?? 1), 0);

const isRecreate = (deployment: Deployment): boolean => deployment.spec.strategy?.type === 'Recreate';

function bounds(deployment: Deployment): {readonly surge: number; readonly unavailable: number} {
  const replicas = deployment.spec.replicas ?? 1;
  if (isRecreate(deployment)) return {surge: 0, unavailable: 0};
  const {maxSurge, maxUnavailable} = deployment.spec.strategy?.rollingUpdate ?? {};
  const surge = portion(maxSurge, replicas, 'up', '25%');
  const unavailable = portion(maxUnavailable, replicas, 'down', '25%');
  return {surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable};
}

/** The most pods that a rollout may have at a time. */
export const maximumOf = (deployment: Deployment): number =>
  (deployment.spec.replicas ?? 1) + bounds(deployment).surge;

/** How many pods may be missing. */
export const unavailableOf = (deployment: Deployment): number =>
  Math.min(bounds(deployment).unavailable, deployment.spec.replicas ?? 1);

/** One step of a rolling update: the new ReplicaSet up within the surge, else the old ones down within what may be missing. */
export function rollingTargets(
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  current: ReplicaSet,
): ReadonlyMap<ReplicaSet, number> {
  const replicas = deployment.spec.replicas ?? 1;
  const asked = current.spec.replicas ?? 1;
  const old = sets.filter((set) => set !== current && (set.spec.replicas ?? 1) > 0).sort(oldestFirst);
  if (asked > replicas) return new Map([[current, replicas]]);
  if (asked < replicas) {
    const room = maximumOf(deployment) - total(sets);
    if (room > 0) return new Map([[current, asked + Math.min(room, replicas - asked)]]);
  }
  return shrink(deployment, sets, current, old);
}

function shrink(
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  current: ReplicaSet,
  old: readonly ReplicaSet[],
): ReadonlyMap<ReplicaSet, number> {
  const targets = new Map<ReplicaSet, number>();
  const least = (deployment.spec.replicas ?? 1) - unavailableOf(deployment);
  const notYet = (current.spec.replicas ?? 1) - (current.status?.availableReplicas ?? 0);
  let spare = total(sets) - least - notYet;
  for (const set of old) {
    if (spare <= 0) break;
    const unhealthy = Math.min(spare, (set.spec.replicas ?? 1) - (set.status?.availableReplicas ?? 0));
    if (unhealthy <= 0) continue;
    targets.set(set, (set.spec.replicas ?? 1) - unhealthy);
    spare -= unhealthy;
  }
  const available = sets.reduce((sum, set) => sum + (set.status?.availableReplicas ?? 0), 0);
  let healthy = available - least;
  for (const set of old) {
    if (healthy <= 0) break;
    const asked = targets.get(set) ?? set.spec.replicas ?? 1;
    const down = Math.min(asked, healthy);
    targets.set(set, asked - down);
    healthy -= down;
  }
  return targets;
}

/** All ReplicaSets in proportion, when only the number of replicas changed; the largest takes what is left over. */
export function scaleTargets(
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  current: ReplicaSet | undefined,
): ReadonlyMap<ReplicaSet, number> {
  const replicas = deployment.spec.replicas ?? 1;
  const active = sets.filter((set) => (set.spec.replicas ?? 1) > 0);
  const only = active.length === 1 ? active[0] : active.length === 0 ? current : undefined;
  if (only) return new Map([[only, replicas]]);
  if (active.length === 0) return new Map();
  const isWhole =
    current &&
    (current.status?.availableReplicas ?? 0) >= replicas &&
    (current.spec.replicas ?? 1) === replicas;
  if (isWhole) return new Map(active.filter((set) => set !== current).map((set) => [set, 0]));
  const allowed = replicas > 0 ? maximumOf(deployment) : 0;
  const sum = total(active);
  const targets = new Map<ReplicaSet, number>();
  const bySize = [...active].sort((a, b) => (b.spec.replicas ?? 1) - (a.spec.replicas ?? 1));
  for (const set of bySize) targets.set(set, Math.round(((set.spec.replicas ?? 1) * allowed) / sum));
  const largest = bySize[0]!;
  const left = allowed - [...targets.values()].reduce((a, b) => a + b, 0);
  targets.set(largest, Math.max(0, (targets.get(largest) ?? 0) + left));
  return targets;
}
