import {createHash} from 'node:crypto';
import {timeOf, timestamp} from '../clock.ts';
import {defined} from '../controller.ts';
import {conditionOf, podLabel} from '../pods.ts';
import type {Container, ContainerState, ContainerStatus, Pod} from '../types.ts';
import {pull} from './image.ts';
import type {Outcome} from './start.ts';
import {repository} from './traits.ts';

/** A container that fails is started again after 10 s, then after twice as long each time, up to 5 min. */
const firstWait = 10_000;
const longestWait = 300_000;
/** After so long without a fault the waiting begins anew. */
const forgiven = 600_000;
/** A container that needs more memory than it may have gets to its peak after so long. */
export const peakAfter = 30_000;

export type Happening = {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
};

export type Step = {
  readonly status: ContainerStatus;
  readonly happened: readonly Happening[];
  /** Milliseconds until it has to be looked at again. */
  readonly wakeIn?: number;
};

export type Circumstances = {
  readonly pod: Pod;
  readonly container: Container;
  readonly now: number;
  /** What would become of it if it were started now. */
  readonly outcome: () => Outcome;
  /** A fault that ends it while it runs. */
  readonly ending: () => string | undefined;
  /** Always, OnFailure or Never. */
  readonly restartPolicy: string;
};

const backOffOf = (restarts: number): number =>
  Math.min(firstWait * 2 ** Math.max(0, restarts - 1), longestWait);

/** What a container does next, by what it did last. */
export function nextStep(prior: ContainerStatus | undefined, at: Circumstances): Step {
  if (!prior) return attempt(undefined, 0, {}, at);
  const {waiting, running, terminated} = prior.state;
  if (running) return keepRunning(prior, timeOf(running.startedAt), at);
  if (terminated) return {status: prior, happened: []};
  if (waiting?.reason !== 'CrashLoopBackOff') return attempt(prior, prior.restartCount, prior.lastState, at);
  const ended = timeOf(prior.lastState.terminated?.finishedAt);
  const wait = ended + backOffOf(prior.restartCount) - at.now;
  if (wait > 0) return {status: prior, happened: [], wakeIn: wait};
  return attempt(prior, prior.restartCount + 1, prior.lastState, at);
}

function keepRunning(prior: ContainerStatus, since: number, at: Circumstances): Step {
  if (prior.image !== at.container.image) {
    const message = `Container ${at.container.name} definition changed, will be restarted`;
    const ended = terminated({exitCode: 0, reason: 'Completed', log: ''}, prior.state.running?.startedAt, at);
    const step = attempt(prior, prior.restartCount + 1, ended, at);
    return {...step, happened: [{type: 'Normal', reason: 'Killing', message}, ...step.happened]};
  }
  const fault = at.ending();
  if (fault !== undefined) return crash(prior, {exitCode: 1, reason: 'Error', log: fault}, since, at);
  const outcome = at.outcome();
  if (outcome.is !== 'running' || !outcome.outgrows) return {status: prior, happened: []};
  const left = since + peakAfter - at.now;
  if (left > 0) return {status: prior, happened: [], wakeIn: left};
  return crash(prior, {exitCode: 137, reason: 'OOMKilled', log: ''}, since, at);
}

/** Starts it. The first time that it fails it is started again at once, then it has to wait. */
function attempt(
  prior: ContainerStatus | undefined,
  restarts: number,
  lastState: ContainerState,
  at: Circumstances,
): Step {
  const {container, now} = at;
  const unready = conditionOf(at.pod.status?.conditions, 'ContainersReady');
  const image = pull(container, prior, now - timeOf(unready?.lastTransitionTime));
  if (image.problem) {
    const status = statusOf(at, {waiting: image.problem}, lastState, restarts);
    return {status, happened: image.happened, ...(image.wakeIn === undefined ? {} : {wakeIn: image.wakeIn})};
  }
  const outcome = at.outcome();
  if (outcome.is === 'refused') {
    const {reason, message} = outcome;
    const status = statusOf(at, {waiting: {reason, message}}, lastState, restarts);
    const failed: Happening = {type: 'Warning', reason: 'Failed', message: `Error: ${message}`};
    const isKnown = prior?.state.waiting?.message === message;
    return {status, happened: isKnown ? [] : [...image.happened, failed]};
  }
  const started: readonly Happening[] = [
    ...image.happened,
    {type: 'Normal', reason: 'Created', message: `Created container: ${container.name}`},
    {type: 'Normal', reason: 'Started', message: `Started container ${container.name}`},
  ];
  if (outcome.is === 'running') {
    const status = statusOf(at, {running: {startedAt: timestamp(now)}}, lastState, restarts);
    return {status, happened: started, ...(outcome.outgrows ? {wakeIn: peakAfter} : {})};
  }
  const end: End =
    outcome.is === 'completed' ? {exitCode: 0, reason: 'Completed', log: ''} : {...outcome, log: outcome.log};
  const step = crash(statusOf(at, {}, lastState, restarts), end, now, at);
  return {...step, happened: [...started, ...step.happened]};
}

type End = {readonly exitCode: number; readonly reason: string; readonly log: string};

function crash(prior: ContainerStatus, end: End, since: number, at: Circumstances): Step {
  const {pod, container, now, restartPolicy} = at;
  const ended = terminated(end, timestamp(since), at);
  const isOver = restartPolicy === 'Never' || (restartPolicy === 'OnFailure' && end.exitCode === 0);
  if (isOver) return {status: statusOf(at, ended, prior.lastState, prior.restartCount), happened: []};
  if (prior.restartCount === 0 || now - since > forgiven)
    return attempt(prior, prior.restartCount + 1, ended, at);
  const wait = backOffOf(prior.restartCount);
  const long = wait >= 60_000 ? `${Math.floor(wait / 60_000)}m${(wait % 60_000) / 1000}s` : `${wait / 1000}s`;
  const what = `restarting failed container=${container.name} pod=${podLabel(pod)}`;
  const waiting = {reason: 'CrashLoopBackOff', message: `back-off ${long} ${what}`};
  const message = `Back-off restarting failed container ${container.name} in pod ${podLabel(pod)}`;
  return {
    status: statusOf(at, {waiting}, ended, prior.restartCount),
    happened: [{type: 'Warning', reason: 'BackOff', message}],
    wakeIn: wait,
  };
}

function terminated(end: End, startedAt: string | undefined, at: Circumstances): ContainerState {
  const message =
    at.container.terminationMessagePolicy === 'FallbackToLogsOnError' && end.log ? end.log : undefined;
  return {
    terminated: defined({
      containerID: containerId(at, 0),
      exitCode: end.exitCode,
      reason: end.reason,
      message,
      startedAt: startedAt ?? timestamp(at.now),
      finishedAt: timestamp(at.now),
    }) as NonNullable<ContainerState['terminated']>,
  };
}

function statusOf(
  at: Circumstances,
  state: ContainerState,
  lastState: ContainerState,
  restartCount: number,
): ContainerStatus {
  const {container} = at;
  const isRunning = state.running !== undefined;
  const hasRun = isRunning || state.terminated !== undefined || lastState.terminated !== undefined;
  const resources =
    container.resources && Object.keys(container.resources).length > 0 ? container.resources : undefined;
  return defined({
    name: container.name,
    image: container.image,
    imageID: hasRun ? `${repository(container.image)}@sha256:${digest(container.image)}` : '',
    containerID: hasRun ? containerId(at, restartCount) : undefined,
    state,
    lastState,
    ready: isRunning,
    started: isRunning,
    restartCount,
    resources: isRunning ? resources : undefined,
  }) as ContainerStatus;
}

/** Waits for what has to be there first. */
export const waitingFor = (container: Container, reason: string): ContainerStatus => ({
  name: container.name,
  image: container.image,
  imageID: '',
  state: {waiting: {reason}},
  lastState: {},
  ready: false,
  started: false,
  restartCount: 0,
});

const containerId = ({pod, container}: Circumstances, restarts: number): string =>
  `containerd://${digest(`${pod.metadata.uid} ${container.name} ${restarts}`)}`;

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
