import {asArray, asObject} from '../../engine/json.ts';
import {timeOf, timestamp} from './clock.ts';
import {
  type Context,
  type Controller,
  defined,
  itself,
  owner,
  ownerReference,
  refusal,
  splitKey,
  systemUser,
  writeStatus,
} from './controller.ts';
import {nextTime, parseSchedule, type Schedule} from './cron-schedule.ts';
import {isFinished} from './job.ts';
import {oldestFirst} from './pods.ts';
import type {CronJob, Job} from './types.ts';

const component = 'cronjob-controller';
const user = systemUser(component);
const resource = 'cronjobs.batch';
const scheduledAt = 'batch.kubernetes.io/cronjob-scheduled-timestamp';

/** Makes Jobs when it is time, and forgets the old ones. A time that passed while nothing ran is made up for once. */
export function cronJobController(context: Context): Controller {
  const {cache, machine, events, clock} = context;

  function reconcile(key: string): void {
    const cron = cache.get<CronJob>(resource, ...splitKey(key));
    if (!cron || cron.metadata.deletionTimestamp !== undefined) return;
    const jobs = cache.controlled<Job>('jobs.batch', cron);
    forget(cron, jobs);
    const schedule = parseSchedule(cron.spec.schedule);
    if (!schedule) {
      const message = `unparseable schedule: ${JSON.stringify(cron.spec.schedule)}`;
      events.warning(cron, 'UnparseableSchedule', message, component);
      report(key, undefined);
      return;
    }
    if (cron.spec.suspend) {
      report(key, undefined);
      return;
    }
    const now = clock.now();
    const due = lastDue(cron, schedule, now);
    const ran = due === undefined ? undefined : run(cron, jobs, due);
    report(key, ran);
    const next = nextTime(schedule, now, cron.spec.timeZone);
    if (next !== undefined) context.enqueue(component, key, next - now);
  }

  /** The latest time that passed since the last run; older ones are let go. */
  function lastDue(cron: CronJob, schedule: Schedule, now: number): number | undefined {
    const {startingDeadlineSeconds, timeZone} = cron.spec;
    let since = timeOf(cron.status?.lastScheduleTime ?? cron.metadata.creationTimestamp);
    if (startingDeadlineSeconds !== undefined) since = Math.max(since, now - startingDeadlineSeconds * 1000);
    let due: number | undefined;
    let next = nextTime(schedule, since, timeZone);
    for (let missed = 0; next !== undefined && next <= now; missed += 1) {
      due = next;
      // As with a real one, the times in between are not counted when there are too many.
      next = nextTime(schedule, missed > 100 ? Math.max(next, now - 3_600_000) : next, timeZone);
    }
    return due;
  }

  function run(cron: CronJob, jobs: readonly Job[], due: number): number | undefined {
    const active = jobs.filter((job) => !isFinished(job));
    const {concurrencyPolicy} = cron.spec;
    if (concurrencyPolicy === 'Forbid' && active.length > 0) {
      const message = `Not starting job because prior execution is running and concurrency policy is Forbid`;
      events.normal(cron, 'JobAlreadyActive', message, component);
      return undefined;
    }
    if (concurrencyPolicy === 'Replace') for (const job of active) remove(cron, job);
    const {name, namespace = ''} = cron.metadata;
    const jobName = `${name}-${Math.floor(due / 60_000)}`;
    const {metadata = {}, spec} = cron.spec.jobTemplate;
    const job = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: defined({
        name: jobName,
        namespace,
        labels: metadata.labels,
        annotations: {...asObject(metadata.annotations), [scheduledAt]: timestamp(due)},
        ownerReferences: [ownerReference(cron)],
      }),
      spec,
    };
    try {
      machine.create('jobs.batch', namespace, job, {user});
      events.normal(cron, 'SuccessfulCreate', `Created job ${jobName}`, component);
    } catch (error) {
      const {reason, message} = refusal(error);
      if (reason === 'AlreadyExists') return due;
      events.warning(cron, 'FailedCreate', `Error creating job: ${message}`, component);
      return undefined;
    }
    return due;
  }

  function forget(cron: CronJob, jobs: readonly Job[]): void {
    const done = (type: string): Job[] =>
      jobs
        .filter((job) => job.status?.conditions?.some((one) => one.type === type && one.status === 'True'))
        .sort(oldestFirst);
    const {successfulJobsHistoryLimit = 3, failedJobsHistoryLimit = 1} = cron.spec;
    const complete = done('Complete');
    const failed = done('Failed');
    const old = [
      ...complete.slice(0, Math.max(0, complete.length - successfulJobsHistoryLimit)),
      ...failed.slice(0, Math.max(0, failed.length - failedJobsHistoryLimit)),
    ];
    for (const job of old) remove(cron, job);
  }

  function remove(cron: CronJob, job: Job): void {
    if (job.metadata.deletionTimestamp !== undefined) return;
    const {name, namespace = ''} = job.metadata;
    machine.delete('jobs.batch', namespace, name, {user, propagationPolicy: 'Background'});
    events.normal(cron, 'SuccessfulDelete', `Deleted job ${name}`, component);
  }

  function report(key: string, ran: number | undefined): void {
    const cron = cache.get<CronJob>(resource, ...splitKey(key));
    if (!cron) return;
    const jobs = cache.controlled<Job>('jobs.batch', cron);
    const active = jobs
      .filter((job) => !isFinished(job))
      .map(({apiVersion, kind, metadata: {name, namespace = '', uid, resourceVersion}}) => ({
        apiVersion,
        kind,
        name,
        namespace,
        uid,
        resourceVersion:
          asArray(cron.status?.active).length > 0
            ? knownVersion(cron, uid, resourceVersion)
            : resourceVersion,
      }));
    const ended = jobs.map((job) => timeOf(job.status?.completionTime));
    const lastSuccess = Math.max(0, ...ended);
    const status = defined({
      active: active.length > 0 ? active : undefined,
      lastScheduleTime: ran === undefined ? cron.status?.lastScheduleTime : timestamp(ran),
      lastSuccessfulTime: lastSuccess > 0 ? timestamp(lastSuccess) : cron.status?.lastSuccessfulTime,
    });
    writeStatus(context, resource, cron, status, user);
  }

  return {
    name: component,
    level: 4,
    watches: {[resource]: itself, 'jobs.batch': owner('CronJob')},
    reconcile,
  };
}

/** A reference keeps the version that it was made with. */
function knownVersion(cron: CronJob, uid: string, fresh: string): string {
  const known = (cron.status?.active ?? []).find((one) => one.uid === uid)?.resourceVersion;
  return typeof known === 'string' ? known : fresh;
}
