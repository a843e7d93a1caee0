import {asObject, asString, isObject, type Json, type JsonObject} from '../../../engine/json.ts';
import type {Stored} from '../machine.ts';
import {at, listAt, objectAt, textAt} from './access.ts';
import {since} from './duration.ts';
import type {Row} from './tables.ts';

const terminal = (phase: string): boolean => phase === 'Succeeded' || phase === 'Failed';

const condition = (type: string, reason: string, message: string): JsonObject => ({
  type,
  status: 'True',
  reason,
  message,
});

type Tally = {restarts: number; last: string; ready: number; reason: string};

const later = (a: string, b: string): string => (b > a ? b : a);
const finishedAt = (status: JsonObject): string => textAt(status, 'lastState.terminated.finishedAt');

const ended = (terminated: JsonObject): string =>
  asString(terminated.reason) ||
  (terminated.signal
    ? `Signal:${Number(terminated.signal)}`
    : `ExitCode:${Number(terminated.exitCode ?? 0)}`);

/** A pod's line: what kubectl shows as its status is told by its containers, not by its phase. */
export function podRow(pod: Stored): Row {
  const phase = textAt(pod, 'status.phase');
  const containers = listAt(pod, 'spec.containers');
  const inits = listAt(pod, 'spec.initContainers');
  const sidecars = new Set(
    inits.filter(({restartPolicy}) => restartPolicy === 'Always').map(({name}) => asString(name)),
  );
  const conditions = listAt(pod, 'status.conditions');
  const isTrue = (type: string): boolean =>
    conditions.some((item) => item.type === type && item.status === 'True');
  const tally: Tally = {restarts: 0, last: '', ready: 0, reason: textAt(pod, 'status.reason') || phase};
  if (conditions.some((item) => item.type === 'PodScheduled' && item.reason === 'SchedulingGated'))
    tally.reason = 'SchedulingGated';
  const sidecar = {restarts: 0, last: ''};
  const initializing = countInits(pod, sidecars, inits.length, tally, sidecar);
  if (!initializing || isTrue('Initialized')) {
    tally.restarts = sidecar.restarts;
    tally.last = sidecar.last;
    countContainers(pod, tally, isTrue('Ready'));
  }
  const deleting = pod.metadata.deletionTimestamp !== undefined;
  if (deleting && textAt(pod, 'status.reason') === 'NodeLost') tally.reason = 'Unknown';
  else if (deleting && !terminal(phase)) tally.reason = 'Terminating';
  const restarts =
    tally.restarts !== 0 && tally.last
      ? `${tally.restarts} (${since(tally.last)} ago)`
      : String(tally.restarts);
  const gates = listAt(pod, 'spec.readinessGates');
  const open = gates.filter(({conditionType}) => isTrue(asString(conditionType))).length;
  const cells: Json[] = [
    pod.metadata.name ?? '',
    `${tally.ready}/${containers.length + sidecars.size}`,
    tally.reason,
    restarts,
    since(pod.metadata.creationTimestamp),
    asString(listAt(pod, 'status.podIPs')[0]?.ip) || '<none>',
    textAt(pod, 'spec.nodeName') || '<none>',
    textAt(pod, 'status.nominatedNodeName') || '<none>',
    gates.length > 0 ? `${open}/${gates.length}` : '<none>',
  ];
  if (phase === 'Succeeded')
    return {cells, conditions: [condition('Completed', 'Succeeded', 'The pod has completed successfully.')]};
  if (phase === 'Failed') return {cells, conditions: [condition('Completed', 'Failed', 'The pod failed.')]};
  return {cells};
}

/** Whether some init container is not through yet. */
function countInits(
  pod: Stored,
  sidecars: ReadonlySet<string>,
  total: number,
  tally: Tally,
  sidecar: {restarts: number; last: string},
): boolean {
  for (const [index, status] of listAt(pod, 'status.initContainerStatuses').entries()) {
    const restarts = Number(status.restartCount ?? 0);
    tally.restarts += restarts;
    tally.last = later(tally.last, finishedAt(status));
    const isSidecar = sidecars.has(asString(status.name));
    if (isSidecar) {
      sidecar.restarts += restarts;
      sidecar.last = later(sidecar.last, finishedAt(status));
    }
    const terminated = at(status, 'state.terminated');
    const waiting = textAt(status, 'state.waiting.reason');
    if (isObject(terminated) && Number(terminated.exitCode ?? 0) === 0) continue;
    if (isSidecar && status.started === true) {
      if (status.ready === true) tally.ready += 1;
      continue;
    }
    if (isObject(terminated)) tally.reason = `Init:${ended(terminated)}`;
    else if (waiting && waiting !== 'PodInitializing') tally.reason = `Init:${waiting}`;
    else tally.reason = `Init:${index}/${total}`;
    return true;
  }
  return false;
}

function countContainers(pod: Stored, tally: Tally, isReady: boolean): void {
  let running = false;
  let failure = '';
  for (const status of listAt(pod, 'status.containerStatuses').toReversed()) {
    tally.restarts += Number(status.restartCount ?? 0);
    tally.last = later(tally.last, finishedAt(status));
    const state = asObject(status.state);
    const waiting = asString(asObject(state.waiting).reason);
    if (waiting) tally.reason = waiting;
    else if (isObject(state.terminated)) {
      tally.reason = ended(state.terminated);
      if (Number(state.terminated.exitCode ?? 0) !== 0) failure = tally.reason;
    } else if (status.ready === true && isObject(objectAt(status, 'state').running)) {
      running = true;
      tally.ready += 1;
    }
  }
  if (tally.reason !== 'Completed') return;
  if (running && isReady) tally.reason = 'Running';
  else if (failure) tally.reason = failure;
  else if (running) tally.reason = 'NotReady';
}
