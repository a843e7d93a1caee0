import type {Change} from '../engine/change.ts';
import type {View} from '../engine/control.ts';
import {asArray, asObject, asString, type Json, type JsonObject} from '../engine/json.ts';
import {describe, type Ref, type Resource, refId, refOf} from '../engine/objects.ts';
import {templatePath} from '../engine/pod-spec.ts';
import {plainText} from '../engine/text.ts';
import type {RolloutStatus} from '../target/target.ts';
import {podsOf} from './references.ts';

const count = (value: Json | undefined, otherwise = 0): number =>
  typeof value === 'number' ? value : otherwise;

/** How far the rollout of a workload is, from what was seen of it and of its pods. Pure. */
export function rolloutStatus(view: View, ref: Ref): RolloutStatus {
  const workload = view.get(ref.kind, ref.namespace, ref.name);
  if (workload === undefined) {
    return {
      ref,
      state: 'failing',
      ready: 0,
      wanted: 0,
      restarts: 0,
      reasons: [`${describe(ref)} is not there.`],
    };
  }
  const pods = podsOf(view, workload).filter(
    (pod) => asObject(pod.object.metadata).deletionTimestamp === undefined,
  );
  const {ready, wanted, isDone} = progressOf(workload);
  const newest = pods.filter((pod) => isNewest(view, workload, pod));
  const reasons = [
    ...(isDone ? [] : refusals(view, workload, pods)),
    ...new Set(newest.flatMap((pod) => podReasons(pod))),
  ];
  const restarts = newest.reduce((sum, pod) => sum + restartsOf(pod.object), 0);
  const state = reasons.length > 0 ? 'failing' : isDone ? 'ready' : 'progressing';
  return {ref, state, ready, wanted, restarts, reasons};
}

function progressOf({kind, object}: Resource): {ready: number; wanted: number; isDone: boolean} {
  const spec = asObject(object.spec);
  const status = asObject(object.status);
  const generation = count(asObject(object.metadata).generation);
  const isSeen = count(status.observedGeneration, generation) >= generation;
  if (kind === 'DaemonSet') {
    const wanted = count(status.desiredNumberScheduled);
    const ready = count(status.numberReady);
    return {
      ready,
      wanted,
      isDone: isSeen && ready >= wanted && count(status.updatedNumberScheduled) >= wanted,
    };
  }
  if (kind === 'Deployment' || kind === 'StatefulSet' || kind === 'ReplicaSet') {
    const wanted = count(spec.replicas, 1);
    const ready = count(status.readyReplicas);
    const updated = kind === 'ReplicaSet' ? wanted : count(status.updatedReplicas);
    const isDone = isSeen && ready >= wanted && updated >= wanted && count(status.replicas) <= wanted;
    return {ready, wanted, isDone};
  }
  if (kind === 'Pod') {
    const isReady = asString(status.phase) === 'Succeeded' || conditionOf(status, 'Ready')?.status === 'True';
    return {ready: isReady ? 1 : 0, wanted: 1, isDone: isReady};
  }
  return {
    ready: count(status.succeeded),
    wanted: count(spec.completions, 1),
    isDone: count(status.failed) === 0,
  };
}

const conditionOf = (status: JsonObject, type: string): JsonObject | undefined =>
  asArray(status.conditions)
    .map(asObject)
    .find((condition) => condition.type === type);

/** Whether a pod is of the template that is being rolled out: old pods tell nothing about the change. */
function isNewest(view: View, workload: Resource, pod: Resource): boolean {
  if (workload.kind === 'Deployment') {
    const owner = asArray(asObject(pod.object.metadata).ownerReferences).map(asObject)[0];
    const revision = (object: JsonObject | undefined): string =>
      asString(asObject(asObject(object?.metadata).annotations)['deployment.kubernetes.io/revision']);
    const set = view.get('ReplicaSet', pod.namespace, asString(owner?.name));
    return revision(set?.object) === revision(workload.object);
  }
  if (workload.kind === 'StatefulSet') {
    const wanted = asString(asObject(workload.object.status).updateRevision);
    const hash = asObject(asObject(pod.object.metadata).labels)['controller-revision-hash'];
    return wanted === '' || hash === wanted;
  }
  return true;
}

function refusals(view: View, workload: Resource, pods: readonly Resource[]): readonly string[] {
  const told = conditionReasons(view, workload);
  return told.length > 0 ? told : eventReasons(view, workload, pods);
}

/** StatefulSets, DaemonSets and Jobs tell in events only that a pod was refused. Older than the newest pod: it is over. */
function eventReasons(view: View, workload: Resource, pods: readonly Resource[]): readonly string[] {
  const newestPod = latest(pods.map(({object}) => asString(asObject(object.metadata).creationTimestamp)));
  const events = view
    .list('Event', workload.namespace)
    .map(({object}) => object)
    .filter(({reason, involvedObject}) => {
      const {kind, name, uid} = asObject(involvedObject);
      const isSame = uid === undefined || uid === asObject(workload.object.metadata).uid;
      return reason === 'FailedCreate' && kind === workload.kind && name === workload.name && isSame;
    })
    .filter((event) => eventTime(event) >= newestPod)
    .sort((a, b) => eventTime(a).localeCompare(eventTime(b)));
  const last = events.at(-1);
  return last === undefined ? [] : [`A new pod is refused: ${plainText(asString(last.message))}`];
}

const latest = (times: readonly string[]): string =>
  times.reduce((most, time) => (time > most ? time : most), '');

/** RFC 3339 to the second: comparable as text. */
const eventTime = ({lastTimestamp, series, eventTime: at, metadata}: JsonObject): string =>
  (
    asString(asObject(series).lastObservedTime) ||
    asString(lastTimestamp) ||
    asString(at) ||
    asString(asObject(metadata).creationTimestamp)
  ).replace(/\.\d+Z$/, 'Z');

/** Pods that could not even be made (quota, Pod Security, a webhook, a LimitRange), and a deadline that passed. */
function conditionReasons(view: View, workload: Resource): readonly string[] {
  const status = asObject(workload.object.status);
  const reasons: string[] = [];
  const failure = conditionOf(status, 'ReplicaFailure');
  const sets = view.list('ReplicaSet', workload.namespace).filter(({object}) =>
    asArray(asObject(object.metadata).ownerReferences)
      .map(asObject)
      .some(({name, kind}) => kind === workload.kind && name === workload.name),
  );
  const failing = [
    failure,
    ...sets.map(({object}) => conditionOf(asObject(object.status), 'ReplicaFailure')),
  ];
  const message = failing
    .map((one) => (one?.status === 'True' ? plainText(asString(one.message)) : ''))
    .find(Boolean);
  if (message) reasons.push(`A new pod is refused: ${message}`);
  const progress = conditionOf(status, 'Progressing');
  if (progress?.reason === 'ProgressDeadlineExceeded' && !message) {
    reasons.push(
      `It made no progress within ${count(asObject(workload.object.spec).progressDeadlineSeconds, 600)} s.`,
    );
  }
  return reasons;
}

/** Waiting for these is no matter of time. */
const stuck = new Set([
  'CrashLoopBackOff',
  'CreateContainerConfigError',
  'CreateContainerError',
  'ErrImageNeverPull',
  'ErrImagePull',
  'ImageInspectError',
  'ImagePullBackOff',
  'InvalidImageName',
  'RunContainerError',
]);

function podReasons(pod: Resource): readonly string[] {
  const status = asObject(pod.object.status);
  const reasons: string[] = [];
  const scheduled = conditionOf(status, 'PodScheduled');
  if (scheduled?.status === 'False' && scheduled.reason === 'Unschedulable') {
    reasons.push(`No node takes pod ${pod.name}: ${plainText(asString(scheduled.message))}`);
  }
  const containers = ['initContainerStatuses', 'containerStatuses'].flatMap((field) =>
    asArray(status[field]).map(asObject),
  );
  for (const container of containers) {
    const words = containerReason(pod, container);
    if (words) reasons.push(words);
  }
  return reasons;
}

function containerReason(pod: Resource, container: JsonObject): string | undefined {
  const {waiting, terminated} = asObject(container.state);
  const last = asObject(asObject(container.lastState).terminated);
  const reason = asString(asObject(waiting).reason);
  const ended = asObject(terminated).reason === undefined ? last : asObject(terminated);
  const name = `Pod ${pod.name}, container ${asString(container.name)}`;
  if (ended.reason === 'OOMKilled' && container.ready !== true) {
    const limit = asArray(asObject(pod.object.spec).containers)
      .map(asObject)
      .find((one) => one.name === container.name);
    const memory = asString(asObject(asObject(limit?.resources).limits).memory);
    return `${name} ran out of memory, was killed (OOMKilled).${memory ? ` Its limit is ${memory}.` : ''}`;
  }
  if (!stuck.has(reason)) return undefined;
  const message = plainText(asString(asObject(waiting).message) || asString(last.message));
  return `${name}: ${reason}${message ? `: ${message}` : ''}${/[.!]$/.test(message) ? '' : '.'}`;
}

const restartsOf = (pod: JsonObject): number =>
  asArray(asObject(pod.status).containerStatuses).reduce(
    (sum: number, item) => sum + count(asObject(item).restartCount),
    0,
  );

/** The workloads whose pods a change starts anew. */
export const restartedBy = (change: Change): readonly Ref[] => {
  const refs = new Map<string, Ref>();
  for (const step of change.steps) {
    if (step.do === 'recreate') refs.set(refId(step.object), step.object);
    if (step.do !== 'edit') continue;
    const template = templatePath(step.object.kind);
    const isRolledOut = ['Deployment', 'StatefulSet', 'DaemonSet'].includes(step.object.kind);
    if (
      isRolledOut &&
      step.edits.some(({path}) => template.every((segment, index) => path[index] === segment))
    ) {
      refs.set(refId(step.object), step.object);
    }
  }
  return [...refs.values()];
};

export const restartedAt = 'kubectl.kubernetes.io/restartedAt';

/** Starts the pods of these workloads anew, as `kubectl rollout restart` does. */
export const restartSteps = (workloads: readonly Ref[], now: Date): Change['steps'] =>
  workloads.map((object) => ({
    do: 'edit',
    object,
    edits: [
      {
        op: 'set',
        path: [...templatePath(object.kind), 'metadata', 'annotations', restartedAt],
        value: {json: now.toISOString().replace(/\.\d+Z$/, 'Z')},
      },
    ],
  }));

export const restartChange = (workloads: readonly Resource[], now: Date): Change => ({
  id: 'restart',
  steps: restartSteps(
    workloads.filter(({kind}) => ['Deployment', 'StatefulSet', 'DaemonSet'].includes(kind)).map(refOf),
    now,
  ),
});
