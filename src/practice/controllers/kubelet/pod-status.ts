import type {Json} from '../../../engine/json.ts';
import {timestamp} from '../clock.ts';
import {defined} from '../controller.ts';
import {conditionOf} from '../pods.ts';
import type {Condition, Container, ContainerStatus, Pod, PodStatus} from '../types.ts';

export type Parts = {
  readonly inits: readonly ContainerStatus[];
  readonly mains: readonly ContainerStatus[];
  /** Whether its volumes and its network are there. */
  readonly isSetUp: boolean;
  readonly isInitialized: boolean;
  readonly podIP: string | undefined;
  readonly hostIP: string;
  readonly now: number;
};

/** The pod's status out of that of its containers. */
export function podStatus(pod: Pod, parts: Parts): PodStatus {
  const {inits, mains, podIP, hostIP, now} = parts;
  const phase = phaseOf(pod, parts);
  return defined({
    ...pod.status,
    observedGeneration: pod.metadata.generation,
    phase,
    conditions: conditionsOf(pod, phase, parts),
    hostIP,
    hostIPs: [{ip: hostIP}],
    podIP,
    podIPs: podIP === undefined ? undefined : [{ip: podIP}],
    startTime: pod.status?.startTime ?? timestamp(now),
    initContainerStatuses: inits.length > 0 ? inits.map((one) => readyInit(pod, one)) : undefined,
    containerStatuses: mains,
  }) as PodStatus;
}

/** An init container is ready when it has done its work. */
function readyInit(pod: Pod, status: ContainerStatus): ContainerStatus {
  const container = pod.spec.initContainers?.find(({name}) => name === status.name);
  const isSidecar = container?.restartPolicy === 'Always';
  return {...status, ready: isSidecar ? status.ready : status.state.terminated?.exitCode === 0};
}

function phaseOf(pod: Pod, {mains, inits, isInitialized}: Parts): string {
  const policy = pod.spec.restartPolicy ?? 'Always';
  if (!isInitialized) {
    return inits.some(({state}) => (state.terminated?.exitCode ?? 0) !== 0) ? 'Failed' : 'Pending';
  }
  if (policy !== 'Always' && mains.every(({state}) => state.terminated)) {
    return mains.every(({state}) => state.terminated?.exitCode === 0) ? 'Succeeded' : 'Failed';
  }
  const isWaiting = ({state, lastState}: ContainerStatus): boolean =>
    state.waiting !== undefined && !lastState.terminated;
  return mains.some(isWaiting) ? 'Pending' : 'Running';
}

function conditionsOf(pod: Pod, phase: string, parts: Parts): readonly Condition[] {
  const {inits, mains, isSetUp, isInitialized, now} = parts;
  const isOver = phase === 'Succeeded' || phase === 'Failed';
  const unready = mains.filter((one) => !one.ready).map((one) => one.name);
  const incomplete = inits
    .filter(({state}) => state.terminated?.exitCode !== 0 && !state.running)
    .map((one) => one.name);
  const notReady: readonly [string, string] =
    phase === 'Succeeded'
      ? ['PodCompleted', '']
      : phase === 'Failed'
        ? ['PodFailed', '']
        : ['ContainersNotReady', `containers with unready status: [${unready.join(' ')}]`];
  const known = pod.status?.conditions ?? [];
  const make = (
    type: string,
    isTrue: boolean,
    [reason, message]: readonly [string, string] = ['', ''],
  ): Condition => {
    const before = conditionOf(known, type);
    const status = isTrue ? 'True' : 'False';
    const since = before?.status === status ? before.lastTransitionTime : undefined;
    return defined({
      type,
      status,
      observedGeneration: pod.metadata.generation,
      lastProbeTime: null as Json,
      lastTransitionTime: since ?? timestamp(now),
      reason: isTrue ? (phase === 'Succeeded' && reason ? reason : undefined) : reason || undefined,
      message: isTrue ? undefined : message || undefined,
    }) as Condition;
  };
  const isReady = !isOver && isInitialized && unready.length === 0;
  const scheduled = conditionOf(known, 'PodScheduled');
  return [
    make('PodReadyToStartContainers', isSetUp && !isOver),
    make(
      'Initialized',
      isInitialized,
      phase === 'Succeeded'
        ? ['PodCompleted', '']
        : ['ContainersNotInitialized', `containers with incomplete status: [${incomplete.join(' ')}]`],
    ),
    make('Ready', isReady, notReady),
    make('ContainersReady', isReady, notReady),
    scheduled?.status === 'True' ? scheduled : make('PodScheduled', true),
  ];
}

export const isSidecar = (container: Container): boolean => container.restartPolicy === 'Always';
