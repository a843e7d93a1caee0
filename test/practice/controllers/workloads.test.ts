import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {Stored} from '../../../src/practice/api/machine.ts';
import {isReady} from '../../../src/practice/controllers/pods.ts';
import type {CronJob, DaemonSet, Job, StatefulSet} from '../../../src/practice/controllers/types.ts';
import {type Cluster, startCluster} from '../../helpers/practice-machine.ts';

let cluster: Cluster;
beforeEach(async () => {
  cluster = await startCluster();
});
afterEach(() => cluster.stop());

const alive = () => cluster.pods('shop').filter((pod) => pod.metadata.deletionTimestamp === undefined);
const edit = (resource: string, name: string, spec: object): void =>
  cluster.change(
    resource,
    'shop',
    name,
    (object) => ({...object, spec: {...(object.spec as object), ...spec}}) as Stored,
  );

describe('StatefulSet', () => {
  const resource = 'statefulsets.apps';
  const set = (more = '') => `
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec:
  serviceName: db
  replicas: 3
  ${more}
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers: [{name: main, image: 'pause:3.10', volumeMounts: [{name: data, mountPath: /data}]}]
  volumeClaimTemplates:
    - metadata: {name: data}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: standard, annotations: {storageclass.kubernetes.io/is-default-class: 'true'}}
provisioner: sim/volumes
`;
  const ordinals = () => alive().map((pod) => pod.metadata.name);

  test('its pods come in order, each with its claim bound', async () => {
    const order: string[] = [];
    cluster.machine.subscribe(({type, resource: changed, object}) => {
      if (changed !== 'pods') return;
      if (type === 'ADDED') order.push(`${object.metadata.name} made`);
      else if (isReady(object as never) && !order.includes(`${object.metadata.name} ready`))
        order.push(`${object.metadata.name} ready`);
    });
    cluster.apply(set());
    await cluster.settled();
    expect(order).toEqual(['db-0 made', 'db-0 ready', 'db-1 made', 'db-1 ready', 'db-2 made', 'db-2 ready']);
    const claims = cluster.machine.list('persistentvolumeclaims', 'shop');
    expect(claims.map(({metadata}) => metadata.name)).toEqual(['data-db-0', 'data-db-1', 'data-db-2']);
    expect(claims.map(({status}) => (status as {phase: string}).phase)).toEqual(['Bound', 'Bound', 'Bound']);
    const status = cluster.get<StatefulSet>(resource, 'shop', 'db').status;
    expect(status).toMatchObject({
      replicas: 3,
      readyReplicas: 3,
      currentReplicas: 3,
      updatedReplicas: 3,
      availableReplicas: 3,
    });
    expect(status?.currentRevision).toBe(status?.updateRevision);
  });

  test('an update goes from the last to the first, one at a time, and keeps the claims', async () => {
    cluster.apply(set());
    await cluster.settled();
    const deleted: string[] = [];
    let fewest = 3;
    cluster.machine.subscribe(({type, resource: changed, object}) => {
      if (changed !== 'pods') return;
      fewest = Math.min(fewest, alive().filter(isReady).length);
      if (type === 'DELETED') deleted.push(String(object.metadata.name));
    });
    const {template} = cluster.get<StatefulSet>(resource, 'shop', 'db').spec;
    edit(resource, 'db', {
      template: {
        ...template,
        spec: {...template.spec, containers: [{...template.spec.containers[0]!, image: 'pause:3.11'}]},
      },
    });
    await cluster.settled();
    expect(deleted).toEqual(['db-2', 'db-1', 'db-0']);
    expect(fewest).toBe(2);
    expect(alive().map((pod) => pod.spec.containers[0]?.image)).toEqual(Array(3).fill('pause:3.11'));
    expect(cluster.machine.list('persistentvolumeclaims', 'shop')).toHaveLength(3);
    expect(
      cluster.machine
        .list('controllerrevisions.apps', 'shop')
        .map((one) => one.revision)
        .sort(),
    ).toEqual([1, 2]);
  });

  test('it shrinks from the end, and a parallel one grows at once', async () => {
    cluster.apply(set('podManagementPolicy: Parallel'));
    await cluster.settled();
    expect(ordinals()).toEqual(['db-0', 'db-1', 'db-2']);
    edit(resource, 'db', {replicas: 1});
    await cluster.settled();
    expect(ordinals()).toEqual(['db-0']);
  });
});

describe('DaemonSet', () => {
  const resource = 'daemonsets.apps';
  const set = (pod = '') => `
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: shop}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      ${pod}
      containers: [{name: main, image: 'pause:3.10'}]
`;
  const nodes = () =>
    alive()
      .map((pod) => pod.spec.nodeName)
      .sort();

  test('one pod on each node, also on a cordoned one', async () => {
    edit_node('rpi-2', {unschedulable: true});
    cluster.apply(set());
    await cluster.settled();
    expect(nodes()).toEqual(['rpi-1', 'rpi-2', 'rpi-3']);
    expect(cluster.get<DaemonSet>(resource, 'shop', 'agent').status).toMatchObject({
      desiredNumberScheduled: 3,
      currentNumberScheduled: 3,
      numberReady: 3,
      numberAvailable: 3,
      updatedNumberScheduled: 3,
      numberMisscheduled: 0,
    });
  });

  const edit_node = (name: string, spec: object): void =>
    cluster.change(
      'nodes',
      '',
      name,
      (node) => ({...node, spec: {...(node.spec as object), ...spec}}) as Stored,
    );

  test('none on a tainted node, unless it tolerates the taint', async () => {
    edit_node('rpi-1', {taints: [{key: 'slow', effect: 'NoSchedule'}]});
    cluster.apply(set());
    await cluster.settled();
    expect(nodes()).toEqual(['rpi-2', 'rpi-3']);
    cluster.machine.delete(resource, 'shop', 'agent', {propagationPolicy: 'Background'});
    await cluster.settled();
    cluster.apply(set('tolerations: [{operator: Exists}]'));
    await cluster.settled();
    expect(nodes()).toEqual(['rpi-1', 'rpi-2', 'rpi-3']);
  });

  test('a new template goes round with one pod missing at most', async () => {
    cluster.apply(set());
    await cluster.settled();
    let fewest = 3;
    cluster.machine.subscribe(({resource: changed}) => {
      if (changed === 'pods') fewest = Math.min(fewest, alive().filter(isReady).length);
    });
    const {template} = cluster.get<DaemonSet>(resource, 'shop', 'agent').spec;
    edit(resource, 'agent', {
      template: {
        ...template,
        spec: {...template.spec, containers: [{...template.spec.containers[0]!, image: 'pause:3.11'}]},
      },
    });
    await cluster.settled();
    expect(alive().map((pod) => pod.spec.containers[0]?.image)).toEqual(Array(3).fill('pause:3.11'));
    expect(fewest).toBe(2);
  });
});

describe('Job and CronJob', () => {
  const job = (command: string, spec = '') => `
apiVersion: batch/v1
kind: Job
metadata: {name: once, namespace: shop}
spec:
  ${spec}
  template:
    spec:
      restartPolicy: Never
      containers: [{name: main, image: busybox, command: [sh, -c, '${command}']}]
`;
  const once = (): Job => cluster.get<Job>('jobs.batch', 'shop', 'once');

  test('a Job that succeeds is complete', async () => {
    cluster.apply(job('echo done', 'completions: 3\n  parallelism: 2'));
    await cluster.settled();
    expect(once().status).toMatchObject({succeeded: 3, ready: 0});
    expect(once().status?.active).toBeUndefined();
    expect(once().status?.conditions?.map(({type}) => type)).toEqual(['SuccessCriteriaMet', 'Complete']);
    expect(alive().map((pod) => pod.status?.phase)).toEqual(['Succeeded', 'Succeeded', 'Succeeded']);
  });

  test('one that fails is tried again with growing waits, then given up', async () => {
    cluster.apply(job('exit 1', 'backoffLimit: 2'));
    await cluster.settled();
    expect(once().status).toMatchObject({failed: 1});
    await cluster.advance(9000);
    expect(once().status).toMatchObject({failed: 1});
    await cluster.advance(2000);
    expect(once().status).toMatchObject({failed: 2});
    await cluster.advance(21_000);
    expect(once().status?.conditions?.at(-1)).toMatchObject({
      type: 'Failed',
      reason: 'BackoffLimitExceeded',
      message: 'Job has reached the specified backoff limit',
    });
  });

  test('a finished Job goes after its time to live, with its pods', async () => {
    cluster.apply(job('true', 'ttlSecondsAfterFinished: 60'));
    await cluster.settled();
    await cluster.advance(58_000);
    expect(cluster.machine.list('jobs.batch', 'shop')).toHaveLength(1);
    await cluster.advance(3000);
    expect(cluster.machine.list('jobs.batch', 'shop')).toHaveLength(0);
    expect(alive()).toEqual([]);
  });

  test('a CronJob makes a Job when it is time and keeps three', async () => {
    cluster.apply(`
apiVersion: batch/v1
kind: CronJob
metadata: {name: tick, namespace: shop}
spec:
  schedule: '*/10 * * * *'
  jobTemplate:
    spec:
      template: {spec: {restartPolicy: Never, containers: [{name: main, image: busybox, command: ['true']}]}}
`);
    await cluster.settled();
    expect(cluster.machine.list('jobs.batch', 'shop')).toHaveLength(0);
    await cluster.advance(600_000);
    expect(cluster.machine.list('jobs.batch', 'shop')).toHaveLength(1);
    await cluster.advance(3_000_000);
    const jobs = cluster.machine.list('jobs.batch', 'shop');
    expect(jobs).toHaveLength(3);
    const {lastScheduleTime} = cluster.get<CronJob>('cronjobs.batch', 'shop', 'tick').status ?? {};
    const minute = Math.floor(Date.parse(String(lastScheduleTime)) / 60_000);
    expect(minute % 10).toBe(0);
    expect(jobs.map(({metadata}) => metadata.name)).toContain(`tick-${minute}`);
  });
});
