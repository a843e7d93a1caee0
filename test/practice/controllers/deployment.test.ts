import {afterEach, expect, test} from 'vitest';
import type {Stored} from '../../../src/practice/api/machine.ts';
import {isReady} from '../../../src/practice/controllers/pods.ts';
import type {Deployment, Pod, ReplicaSet} from '../../../src/practice/controllers/types.ts';
import {type Cluster, deployment, startCluster} from '../../helpers/practice-machine.ts';

let cluster: Cluster;
afterEach(() => cluster.stop());

const deployments = 'deployments.apps';
const web = (): Deployment => cluster.get<Deployment>(deployments, 'shop', 'web');
const condition = (type: string) => web().status?.conditions?.find((one) => one.type === type);
const sets = (): readonly ReplicaSet[] =>
  cluster.machine.list('replicasets.apps', 'shop') as readonly Stored[] as readonly ReplicaSet[];

function setTemplate(edit: (spec: Deployment['spec']['template']['spec']) => object): void {
  cluster.change(deployments, 'shop', 'web', (object) => {
    const {spec} = object as Deployment;
    const template = {...spec.template, spec: edit(spec.template.spec)};
    return {...object, spec: {...spec, template}} as Stored;
  });
}
const withImage = (image: string) => (spec: Deployment['spec']['template']['spec']) => ({
  ...spec,
  containers: spec.containers.map((one) => ({...one, image})),
});

test('a Deployment rolls out into ready pods on all nodes', async () => {
  cluster = await startCluster();
  cluster.apply(deployment({replicas: 3}));
  await cluster.settled();
  const pods = cluster.pods('shop');
  expect(pods.map((pod) => pod.status?.phase)).toEqual(['Running', 'Running', 'Running']);
  expect(new Set(pods.map((pod) => pod.spec.nodeName)).size).toBe(3);
  expect(new Set(pods.map((pod) => pod.status?.podIP)).size).toBe(3);
  expect(web().status).toMatchObject({
    replicas: 3,
    updatedReplicas: 3,
    readyReplicas: 3,
    availableReplicas: 3,
    observedGeneration: 1,
  });
  expect(condition('Available')).toMatchObject({status: 'True', reason: 'MinimumReplicasAvailable'});
  const [set] = sets();
  expect(condition('Progressing')?.message).toBe(
    `ReplicaSet "${set?.metadata.name}" has successfully progressed.`,
  );
  expect(set?.metadata.labels?.['pod-template-hash']).toMatch(/^[a-z0-9]{8,10}$/);
  expect(web().metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('1');
  expect(cluster.messages('ScalingReplicaSet')).toEqual([
    `Scaled up replica set ${set?.metadata.name} from 0 to 3`,
  ]);
});

test('a rolling update never has fewer ready pods than maxUnavailable allows, nor more than maxSurge', async () => {
  cluster = await startCluster();
  const spec = 'strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 1}}';
  cluster.apply(deployment({replicas: 4, spec}));
  await cluster.settled();
  let fewest = Number.POSITIVE_INFINITY;
  let most = 0;
  const stop = cluster.machine.subscribe(({resource}) => {
    if (resource !== 'pods') return;
    const pods = cluster.pods('shop').filter((pod) => pod.metadata.deletionTimestamp === undefined);
    fewest = Math.min(fewest, pods.filter(isReady).length);
    most = Math.max(most, pods.length);
  });
  setTemplate(withImage('registry.k8s.io/pause:3.11'));
  await cluster.settled();
  stop();
  expect(fewest).toBe(3);
  expect(most).toBe(5);
  expect(cluster.pods('shop').map((pod) => pod.spec.containers[0]?.image)).toEqual(
    Array(4).fill('registry.k8s.io/pause:3.11'),
  );
  expect(
    sets()
      .map((set) => set.spec.replicas)
      .sort(),
  ).toEqual([0, 4]);
});

test('Recreate takes all old pods away before the first new one', async () => {
  cluster = await startCluster();
  cluster.apply(deployment({replicas: 2, spec: 'strategy: {type: Recreate}'}));
  await cluster.settled();
  const seen = new Set<string>();
  const stop = cluster.machine.subscribe(({resource}) => {
    if (resource === 'pods')
      seen.add([...new Set(cluster.pods('shop').map((pod) => pod.spec.containers[0]?.image))].join());
  });
  setTemplate(withImage('registry.k8s.io/pause:3.11'));
  await cluster.settled();
  stop();
  expect([...seen]).not.toContain('registry.k8s.io/pause:3.10,registry.k8s.io/pause:3.11');
  expect(web().status).toMatchObject({updatedReplicas: 2, availableReplicas: 2});
});

test('a rollout that fails keeps the old pods, passes its deadline and goes back with the old template', async () => {
  cluster = await startCluster();
  cluster.apply(deployment({replicas: 2, spec: 'progressDeadlineSeconds: 60'}));
  await cluster.settled();
  setTemplate((spec) => ({
    ...withImage('docker.io/library/postgres:17.6-bookworm')(spec),
    securityContext: {runAsNonRoot: true},
  }));
  await cluster.settled();
  expect(web().status).toMatchObject({availableReplicas: 2, updatedReplicas: 1, unavailableReplicas: 1});
  await cluster.advance(59_000);
  expect(condition('Progressing')).toMatchObject({status: 'True'});
  await cluster.advance(2000);
  const failing = sets().find((set) => (set.status?.readyReplicas ?? 0) === 0)!;
  expect(condition('Progressing')).toMatchObject({
    status: 'False',
    reason: 'ProgressDeadlineExceeded',
    message: `ReplicaSet "${failing.metadata.name}" has timed out progressing.`,
  });
  const first = sets().find((set) => set !== failing)!;
  cluster.change(deployments, 'shop', 'web', (object) => {
    const {'pod-template-hash': _, ...labels} = first.spec.template.metadata?.labels ?? {};
    const template = {...first.spec.template, metadata: {...first.spec.template.metadata, labels}};
    return {...object, spec: {...(object as Deployment).spec, template}} as Stored;
  });
  await cluster.settled();
  expect(web().status).toMatchObject({updatedReplicas: 2, availableReplicas: 2, replicas: 2});
  expect(web().metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('3');
  const back = cluster.get<ReplicaSet>('replicasets.apps', 'shop', first.metadata.name);
  expect(back.metadata.annotations?.['deployment.kubernetes.io/revision-history']).toBe('1');
  expect(condition('Progressing')).toMatchObject({status: 'True', reason: 'NewReplicaSetAvailable'});
});

test('what the API server refuses is an Event of the ReplicaSet and a condition of the Deployment', async () => {
  cluster = await startCluster();
  cluster.apply(deployment({pod: 'serviceAccountName: nobody'}));
  await cluster.settled();
  const refusal =
    /^pods "web-[a-z0-9]+-[a-z0-9]{5}" is forbidden: error looking up service account shop\/nobody: serviceaccount "nobody" not found$/;
  expect(condition('ReplicaFailure')).toMatchObject({
    status: 'True',
    reason: 'FailedCreate',
    message: expect.stringMatching(refusal),
  });
  expect(cluster.messages('FailedCreate')[0]).toMatch(/^Error creating: pods "web-/);
  cluster.apply('{apiVersion: v1, kind: ServiceAccount, metadata: {name: nobody, namespace: shop}}');
  await cluster.settled();
  expect(web().status?.availableReplicas).toBe(1);
  expect(condition('ReplicaFailure')).toBeUndefined();
});

test('scaling changes the one ReplicaSet, and a paused Deployment keeps its template', async () => {
  cluster = await startCluster();
  cluster.apply(deployment({replicas: 1}));
  await cluster.settled();
  const spec = (edit: object) =>
    cluster.change(
      deployments,
      'shop',
      'web',
      (object) => ({...object, spec: {...(object as Deployment).spec, ...edit}}) as Stored,
    );
  spec({replicas: 5});
  await cluster.settled();
  expect(cluster.pods('shop')).toHaveLength(5);
  expect(sets()).toHaveLength(1);
  spec({paused: true});
  setTemplate(withImage('registry.k8s.io/pause:3.11'));
  await cluster.settled();
  expect(sets()).toHaveLength(1);
  expect(condition('Progressing')?.reason).toBe('DeploymentPaused');
  spec({paused: false});
  await cluster.settled();
  expect(sets()).toHaveLength(2);
  expect(web().status).toMatchObject({updatedReplicas: 5, availableReplicas: 5});
  spec({replicas: 0});
  await cluster.settled();
  expect(cluster.pods('shop')).toHaveLength(0);
});

test('a deleted pod is replaced, a deleted Deployment takes its ReplicaSets and pods along', async () => {
  cluster = await startCluster();
  cluster.apply(deployment({replicas: 2}));
  await cluster.settled();
  const [gone] = cluster.pods('shop') as readonly [Pod];
  cluster.machine.delete('pods', 'shop', gone.metadata.name);
  await cluster.settled();
  expect(cluster.pods('shop')).toHaveLength(2);
  expect(cluster.pods('shop').map((pod) => pod.metadata.uid)).not.toContain(gone.metadata.uid);
  cluster.machine.delete(deployments, 'shop', 'web', {propagationPolicy: 'Background'});
  await cluster.settled();
  expect(sets()).toEqual([]);
  expect(cluster.pods('shop')).toEqual([]);
});

test('orphaned ReplicaSets stay, and a Deployment with their selector takes them over', async () => {
  cluster = await startCluster();
  cluster.apply(deployment({replicas: 2}));
  await cluster.settled();
  cluster.machine.delete(deployments, 'shop', 'web', {propagationPolicy: 'Orphan'});
  await cluster.settled();
  const before = cluster.pods('shop').map((pod) => pod.metadata.uid);
  expect(before).toHaveLength(2);
  cluster.apply(deployment({replicas: 2}));
  await cluster.settled();
  expect(cluster.pods('shop').map((pod) => pod.metadata.uid)).toEqual(before);
});
