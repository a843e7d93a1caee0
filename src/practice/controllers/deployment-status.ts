import type {JsonObject} from '../../engine/json.ts';
import {timeOf, timestamp} from './clock.ts';
import {defined} from './controller.ts';
import {unavailableOf} from './deployment-scale.ts';
import {conditionOf} from './pods.ts';
import type {Condition, Deployment, ReplicaSet} from './types.ts';

type Status = NonNullable<Deployment['status']>;

const hasDeadline = (deployment: Deployment): boolean =>
  (deployment.spec.progressDeadlineSeconds ?? 2 ** 31 - 1) !== 2 ** 31 - 1;

/** All replicas are of the new template and available, and no old one is left. */
export const isComplete = (deployment: Deployment, status: Status | undefined): boolean => {
  const replicas = deployment.spec.replicas ?? 1;
  return (
    (status?.updatedReplicas ?? 0) === replicas &&
    (status?.replicas ?? 0) === replicas &&
    (status?.availableReplicas ?? 0) === replicas &&
    (status?.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
};

/** The status of a rollout, with its conditions worded as the deployment controller does. */
export function rolloutStatus(
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  current: ReplicaSet | undefined,
  {now, isNew}: {readonly now: number; readonly isNew: boolean},
): Status {
  const sum = (count: (status: NonNullable<ReplicaSet['status']>) => number | undefined): number =>
    sets.reduce((result, set) => result + (set.status ? (count(set.status) ?? 0) : 0), 0);
  const asked = sets.reduce((result, set) => result + (set.spec.replicas ?? 1), 0);
  const available = sum((status) => status.availableReplicas);
  const counts = {
    replicas: sum((status) => status.replicas),
    updatedReplicas: current?.status?.replicas ?? 0,
    readyReplicas: sum((status) => status.readyReplicas),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, asked - available),
    observedGeneration: deployment.metadata.generation ?? 1,
  };
  const conditions = new Conditions(deployment.status?.conditions ?? [], timestamp(now));
  const isEnough = available >= (deployment.spec.replicas ?? 1) - unavailableOf(deployment);
  if (isEnough) {
    conditions.set('Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.');
  } else {
    const message = 'Deployment does not have minimum availability.';
    conditions.set('Available', 'False', 'MinimumReplicasUnavailable', message);
  }
  progress(deployment, counts, current, {conditions, now, isNew});
  const failure = [current, ...sets].flatMap(
    (set) => conditionOf(set?.status?.conditions, 'ReplicaFailure') ?? [],
  )[0];
  if (failure) conditions.set('ReplicaFailure', 'True', failure.reason ?? '', failure.message ?? '');
  else conditions.remove('ReplicaFailure');
  const some = (count: number) => (count > 0 ? count : undefined);
  return defined({
    replicas: some(counts.replicas),
    updatedReplicas: some(counts.updatedReplicas),
    readyReplicas: some(counts.readyReplicas),
    availableReplicas: some(available),
    unavailableReplicas: some(counts.unavailableReplicas),
    terminatingReplicas: sets.reduce(
      (result, set) => result + Number(set.status?.terminatingReplicas ?? 0),
      0,
    ),
    observedGeneration: counts.observedGeneration,
    collisionCount: deployment.status?.collisionCount,
    conditions: conditions.list,
  }) as Status;
}

type Counts = Required<Pick<Status, 'replicas' | 'updatedReplicas' | 'readyReplicas' | 'availableReplicas'>>;

function progress(
  deployment: Deployment,
  counts: Counts & {readonly observedGeneration: number},
  current: ReplicaSet | undefined,
  {conditions, now, isNew}: {conditions: Conditions; now: number; isNew: boolean},
): void {
  if (!hasDeadline(deployment)) {
    conditions.remove('Progressing');
    return;
  }
  const name = current ? `ReplicaSet "${current.metadata.name}"` : `Deployment "${deployment.metadata.name}"`;
  if (deployment.spec.paused === true) {
    if (conditions.get('Progressing')?.reason !== 'DeploymentPaused') {
      conditions.set('Progressing', 'Unknown', 'DeploymentPaused', 'Deployment is paused');
    }
    return;
  }
  if (conditions.get('Progressing')?.reason === 'DeploymentPaused') {
    conditions.set('Progressing', 'Unknown', 'DeploymentResumed', 'Deployment is resumed');
  }
  if (isNew && current) {
    const message = `Created new replica set "${current.metadata.name}"`;
    conditions.set('Progressing', 'True', 'NewReplicaSetCreated', message, true);
    return;
  }
  if (current && !conditions.get('Progressing')) {
    conditions.set(
      'Progressing',
      'True',
      'FoundNewReplicaSet',
      `Found new replica set "${current.metadata.name}"`,
    );
  }
  const known = conditions.get('Progressing');
  if (counts.replicas === counts.updatedReplicas && known?.reason === 'NewReplicaSetAvailable') return;
  if (isComplete(deployment, counts)) {
    conditions.set(
      'Progressing',
      'True',
      'NewReplicaSetAvailable',
      `${name} has successfully progressed.`,
      true,
    );
    return;
  }
  if (advanced(deployment.status, counts)) {
    conditions.set('Progressing', 'True', 'ReplicaSetUpdated', `${name} is progressing.`, true);
    return;
  }
  if (isTimedOut(deployment, known, now)) {
    conditions.set('Progressing', 'False', 'ProgressDeadlineExceeded', `${name} has timed out progressing.`);
  }
}

function advanced(before: Status | undefined, after: Counts): boolean {
  const old = (status: Status | Counts | undefined): number =>
    (status?.replicas ?? 0) - (status?.updatedReplicas ?? 0);
  return (
    after.updatedReplicas > (before?.updatedReplicas ?? 0) ||
    old(after) < old(before) ||
    after.readyReplicas > (before?.readyReplicas ?? 0) ||
    after.availableReplicas > (before?.availableReplicas ?? 0)
  );
}

const deadlineOf = (deployment: Deployment): number =>
  (deployment.spec.progressDeadlineSeconds ?? 600) * 1000;

function isTimedOut(deployment: Deployment, known: Condition | undefined, now: number): boolean {
  if (!known || known.reason === 'NewReplicaSetAvailable') return false;
  return now >= timeOf(known.lastUpdateTime) + deadlineOf(deployment);
}

/** Milliseconds until this rollout is called stuck; undefined where it can't be. */
export function deadlineIn(deployment: Deployment, status: Status, now: number): number | undefined {
  if (!hasDeadline(deployment) || deployment.spec.paused === true || isComplete(deployment, status))
    return undefined;
  const known = conditionOf(status.conditions, 'Progressing');
  if (!known || known.reason === 'ProgressDeadlineExceeded' || known.reason === 'NewReplicaSetAvailable') {
    return undefined;
  }
  return Math.max(1, timeOf(known.lastUpdateTime) + deadlineOf(deployment) - now);
}

class Conditions {
  #list: readonly Condition[];
  readonly #at: string;

  constructor(list: readonly Condition[], at: string) {
    this.#list = list;
    this.#at = at;
  }

  get list(): readonly JsonObject[] | undefined {
    return this.#list.length > 0 ? this.#list : undefined;
  }

  get(type: string): Condition | undefined {
    return conditionOf(this.#list, type);
  }

  remove(type: string): void {
    this.#list = this.#list.filter((condition) => condition.type !== type);
  }

  /** Keeps what says the same already, unless the time of this update matters. */
  set(type: string, status: string, reason: string, message: string, isUpdate = false): void {
    const known = this.get(type);
    if (known?.status === status && known.reason === reason && !isUpdate) return;
    const lastTransitionTime = known?.status === status ? (known.lastTransitionTime ?? this.#at) : this.#at;
    const condition = {type, status, reason, message, lastUpdateTime: this.#at, lastTransitionTime};
    this.#list = [...this.#list.filter((one) => one.type !== type), condition];
  }
}
