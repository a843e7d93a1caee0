import type {JsonObject} from '../../engine/json.ts';
import {timeOf, timestamp} from './clock.ts';
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
import {isActive, isReady, podOf} from './pods.ts';
import {backOff, inNamespace} from './retry.ts';
import type {Condition, Job, Pod} from './types.ts';

const component = 'job-controller';
const user = systemUser(component);
const resource = 'jobs.batch';
const indexAnnotation = 'batch.kubernetes.io/job-completion-index';

export const isFinished = (job: Job): boolean =>
  (job.status?.conditions ?? []).some(
    ({type, status}) => (type === 'Complete' || type === 'Failed') && status === 'True',
  );

/** Runs pods until enough have succeeded, or too many have failed. */
export function jobController(context: Context): Controller {
  const {cache, machine, events, clock} = context;
  const retries = backOff(context, component);
  const failing = new Set<string>();

  function reconcile(key: string): void {
    const job = cache.get<Job>(resource, ...splitKey(key));
    if (!job) {
      retries.reset(key);
      return;
    }
    if (job.metadata.deletionTimestamp !== undefined) return;
    if (isFinished(job)) {
      expire(key, job);
      return;
    }
    const pods = cache.controlled<Pod>('pods', job);
    const count = (phase: string): number => pods.filter((pod) => pod.status?.phase === phase).length;
    const succeeded = succeededOf(job, pods);
    const failed = count('Failed');
    const wanted = job.spec.completions ?? (succeeded > 0 ? succeeded : undefined);
    const startTime = job.status?.startTime ?? (job.spec.suspend ? undefined : timestamp(clock.now()));
    const deadline = timeLeft(job, startTime);
    if (wanted !== undefined && succeeded >= wanted && pods.every((pod) => !isActive(pod))) {
      end(
        key,
        job,
        pods,
        'Complete',
        'CompletionsReached',
        'Reached expected number of succeeded pods',
        startTime,
      );
      return;
    }
    if (failed > (job.spec.backoffLimit ?? 6)) {
      const message = 'Job has reached the specified backoff limit';
      end(key, job, pods, 'Failed', 'BackoffLimitExceeded', message, startTime);
      return;
    }
    if (deadline !== undefined && deadline <= 0) {
      const message = 'Job was active longer than specified deadline';
      end(key, job, pods, 'Failed', 'DeadlineExceeded', message, startTime);
      return;
    }
    if (deadline !== undefined) context.enqueue(component, key, deadline);
    const active = pods.filter(isActive);
    const left = wanted === undefined ? Number.POSITIVE_INFINITY : wanted - succeeded;
    const target = job.spec.suspend ? 0 : Math.max(0, Math.min(job.spec.parallelism ?? 1, left));
    if (active.length > target) for (const pod of active.slice(target)) remove(job, pod);
    const wait = failed > 0 && active.length < target ? retryIn(pods, failed) : 0;
    if (wait > 0) context.enqueue(component, key, wait);
    else if (!createPods(key, job, pods, target - active.length)) return;
    report(key, startTime, []);
  }

  /** Of an indexed job each index counts once. */
  function succeededOf(job: Job, pods: readonly Pod[]): number {
    const done = pods.filter((pod) => pod.status?.phase === 'Succeeded');
    if (job.spec.completionMode !== 'Indexed') return done.length;
    return new Set(done.map((pod) => pod.metadata.annotations?.[indexAnnotation])).size;
  }

  const timeLeft = (job: Job, startTime: string | undefined): number | undefined =>
    job.spec.activeDeadlineSeconds === undefined || startTime === undefined || job.spec.suspend
      ? undefined
      : timeOf(startTime) + job.spec.activeDeadlineSeconds * 1000 - clock.now();

  /** A failed pod is followed by another after 10 s, 20 s, 40 s, and so on up to 10 min. */
  function retryIn(pods: readonly Pod[], failed: number): number {
    const last = Math.max(...pods.filter((pod) => pod.status?.phase === 'Failed').map(finishedAt));
    return last + Math.min(10_000 * 2 ** (failed - 1), 600_000) - clock.now();
  }

  function createPods(key: string, job: Job, pods: readonly Pod[], count: number): boolean {
    const {name, namespace = ''} = job.metadata;
    const free = freeIndexes(job, pods);
    for (let made = 0; made < count; made += 1) {
      const index = job.spec.completionMode === 'Indexed' ? free[made] : undefined;
      if (job.spec.completionMode === 'Indexed' && index === undefined) break;
      const generateName = index === undefined ? `${name}-` : `${name}-${index}-`;
      const template = job.spec.template;
      const annotations = {...template.metadata?.annotations, [indexAnnotation]: String(index)};
      const pod = podOf(
        index === undefined ? template : {...template, metadata: {...template.metadata, annotations}},
        {
          name: `${generateName}${randomSuffix()}`,
          generateName,
          namespace,
          owner: ownerReference(job),
          labels: labelsOf(job),
        },
      );
      try {
        const created = machine.create('pods', namespace, pod, {user});
        events.normal(job, 'SuccessfulCreate', `Created pod: ${created.metadata.name}`, component);
      } catch (error) {
        events.warning(job, 'FailedCreate', `Error creating: ${refusal(error).message}`, component);
        failing.add(key);
        retries.again(key);
        return false;
      }
    }
    failing.delete(key);
    retries.reset(key);
    return true;
  }

  function freeIndexes(job: Job, pods: readonly Pod[]): readonly number[] {
    const taken = new Set(
      pods
        .filter((pod) => pod.status?.phase !== 'Failed')
        .map((pod) => pod.metadata.annotations?.[indexAnnotation]),
    );
    return Array.from({length: job.spec.completions ?? 0}, (_, index) => index).filter(
      (index) => !taken.has(String(index)),
    );
  }

  function remove(job: Job, pod: Pod): void {
    machine.delete('pods', pod.metadata.namespace ?? '', pod.metadata.name, {user});
    events.normal(job, 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`, component);
  }

  function end(
    key: string,
    job: Job,
    pods: readonly Pod[],
    type: 'Complete' | 'Failed',
    reason: string,
    message: string,
    startTime: string | undefined,
  ): void {
    for (const pod of pods.filter(isActive)) remove(job, pod);
    const at = timestamp(clock.now());
    const condition = (name: string): Condition => ({
      type: name,
      status: 'True',
      reason,
      message,
      lastProbeTime: at,
      lastTransitionTime: at,
    });
    const first = type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget';
    report(key, startTime, [condition(first), condition(type)]);
    if (type === 'Complete') events.normal(job, 'Completed', 'Job completed', component);
    else events.warning(job, reason, message, component);
    retries.reset(key);
  }

  function report(key: string, startTime: string | undefined, ended: readonly Condition[]): void {
    const job = cache.get<Job>(resource, ...splitKey(key));
    if (!job) return;
    const pods = cache.controlled<Pod>('pods', job);
    const some = (count: number) => (count > 0 ? count : undefined);
    const active = pods.filter(isActive);
    const suspended = suspension(job);
    const others = (job.status?.conditions ?? []).filter((one) => one.type !== 'Suspended');
    const conditions = [...others, ...(suspended ? [suspended] : []), ...ended];
    const isComplete = ended.some((one) => one.type === 'Complete');
    const indexes = pods
      .filter((pod) => pod.status?.phase === 'Succeeded')
      .map((pod) => Number(pod.metadata.annotations?.[indexAnnotation]));
    const status: JsonObject = defined({
      startTime,
      active: some(active.length),
      ready: active.filter(isReady).length,
      succeeded: some(succeededOf(job, pods)),
      failed: some(pods.filter((pod) => pod.status?.phase === 'Failed').length),
      terminating: pods.filter((pod) => pod.metadata.deletionTimestamp !== undefined && !isDone(pod)).length,
      uncountedTerminatedPods: {},
      completedIndexes:
        job.spec.completionMode === 'Indexed'
          ? [...new Set(indexes)].sort((a, b) => a - b).join(',')
          : undefined,
      completionTime: isComplete ? timestamp(clock.now()) : undefined,
      conditions: conditions.length > 0 ? conditions : undefined,
    });
    writeStatus(context, resource, job, status, user);
  }

  function suspension(job: Job): Condition | undefined {
    const known = job.status?.conditions?.find((one) => one.type === 'Suspended');
    const status = job.spec.suspend ? 'True' : 'False';
    if (!job.spec.suspend && !known) return undefined;
    if (known?.status === status) return known;
    const at = timestamp(clock.now());
    const [reason, message] = job.spec.suspend
      ? ['JobSuspended', 'Job suspended']
      : ['JobResumed', 'Job resumed'];
    return {type: 'Suspended', status, reason, message, lastProbeTime: at, lastTransitionTime: at};
  }

  function expire(key: string, job: Job): void {
    const seconds = job.spec.ttlSecondsAfterFinished;
    if (seconds === undefined) return;
    const ended = job.status?.conditions?.find(({type}) => type === 'Complete' || type === 'Failed');
    const wait = timeOf(ended?.lastTransitionTime) + seconds * 1000 - clock.now();
    if (wait > 0) {
      context.enqueue(component, key, wait);
      return;
    }
    const by = systemUser('ttl-after-finished-controller');
    machine.delete(resource, job.metadata.namespace ?? '', job.metadata.name, {
      user: by,
      propagationPolicy: 'Background',
    });
  }

  const refused = inNamespace<Job>(context, resource, (job) =>
    failing.has(`${job.metadata.namespace}/${job.metadata.name}`),
  );
  return {
    name: component,
    level: 3,
    watches: {
      [resource]: itself,
      pods: owner('Job'),
      limitranges: refused,
      resourcequotas: refused,
      serviceaccounts: refused,
      namespaces: refused,
    },
    reconcile,
  };
}

const isDone = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

const finishedAt = (pod: Pod): number =>
  Math.max(
    timeOf(pod.metadata.creationTimestamp),
    ...(pod.status?.containerStatuses ?? []).map((status) => timeOf(status.state.terminated?.finishedAt)),
  );

/** A Job's selector is made by the API server from its uid; its pods carry these labels. */
const labelsOf = ({metadata: {name, uid}}: Job): JsonObject => ({
  'batch.kubernetes.io/controller-uid': uid,
  'batch.kubernetes.io/job-name': name,
  'controller-uid': uid,
  'job-name': name,
});
