import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {Stored} from '../../../src/practice/api/machine.ts';
import {metricsProvider} from '../../../src/practice/controllers/metrics.ts';
import type {Pod} from '../../../src/practice/controllers/types.ts';
import {type Cluster, deployment, homeDirectory, startCluster} from '../../helpers/practice-machine.ts';

let cluster: Cluster;
beforeEach(async () => {
  cluster = await startCluster();
});
afterEach(() => cluster.stop());

const get = (resource: string, name: string, namespace = 'shop') =>
  cluster.get<Stored>(resource, namespace, name);
const json = (value: object): string => JSON.stringify(value);

describe('namespaces', () => {
  test('a new one gets its account and the root certificate, again when they are deleted', async () => {
    expect(get('serviceaccounts', 'default')).toBeDefined();
    expect(get('configmaps', 'kube-root-ca.crt')).toBeDefined();
    cluster.machine.delete('configmaps', 'shop', 'kube-root-ca.crt');
    await cluster.settled();
    expect(get('configmaps', 'kube-root-ca.crt')).toBeDefined();
  });

  test('a deleted one goes with all that it holds', async () => {
    cluster.apply(deployment({replicas: 2}));
    cluster.apply('{apiVersion: v1, kind: Secret, metadata: {name: keys}}');
    await cluster.settled();
    cluster.machine.delete('namespaces', '', 'shop');
    await cluster.settled();
    expect(cluster.machine.get('namespaces', '', 'shop')).toBeUndefined();
    expect(cluster.pods('shop')).toEqual([]);
    for (const resource of ['secrets', 'events', 'serviceaccounts', 'replicasets.apps', 'configmaps']) {
      expect(cluster.machine.list(resource, 'shop'), resource).toEqual([]);
    }
  });

  test('one with a finalizer that nobody takes away stays, and says so', async () => {
    cluster.apply(
      '{apiVersion: v1, kind: ConfigMap, metadata: {name: held, finalizers: [example.com/hold]}}',
    );
    cluster.machine.delete('namespaces', '', 'shop');
    await cluster.settled();
    expect(json(cluster.get('namespaces', '', 'shop'))).toContain('example.com/hold in 1 resource instances');
    cluster.change('configmaps', 'shop', 'held', (object) => ({
      ...object,
      metadata: {...object.metadata, finalizers: []},
    }));
    await cluster.settled();
    expect(cluster.machine.get('namespaces', '', 'shop')).toBeUndefined();
  });
});

describe('owners', () => {
  const owned = (name: string, owners: readonly Stored[]) =>
    cluster.apply(
      json({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: {
          name,
          namespace: 'shop',
          ownerReferences: owners.map(({apiVersion, kind, metadata}) => ({
            apiVersion,
            kind,
            name: metadata.name,
            uid: metadata.uid,
            blockOwnerDeletion: true,
          })),
        },
      }),
    );
  const settle = async (): Promise<readonly unknown[]> => {
    await cluster.settled();
    return cluster.machine.list('configmaps', 'shop').map(({metadata}) => metadata.name);
  };

  test('a dependent goes with its last owner', async () => {
    for (const name of ['one', 'two'])
      cluster.apply(json({apiVersion: 'v1', kind: 'ConfigMap', metadata: {name, namespace: 'shop'}}));
    owned('both', [get('configmaps', 'one'), get('configmaps', 'two')]);
    cluster.machine.delete('configmaps', 'shop', 'one');
    expect(await settle()).toContain('both');
    expect(get('configmaps', 'both').metadata.ownerReferences).toHaveLength(1);
    cluster.machine.delete('configmaps', 'shop', 'two');
    expect(await settle()).not.toContain('both');
  });

  test('one that names an owner which never was goes, one of an unknown kind stays', async () => {
    const stranger = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {name: 'nobody', uid: '11111111-1111-4111-8111-111111111111'},
    } as Stored;
    owned('lost', [stranger]);
    owned('kept', [{...stranger, apiVersion: 'example.com/v1', kind: 'Thing'}]);
    const left = await settle();
    expect(left).not.toContain('lost');
    expect(left).toContain('kept');
  });

  test('in the foreground the owner goes last', async () => {
    cluster.apply(deployment({replicas: 1}));
    await cluster.settled();
    const order: string[] = [];
    cluster.machine.subscribe(({type, object}) => {
      if (type === 'DELETED') order.push(object.kind);
    });
    cluster.machine.delete('deployments.apps', 'shop', 'web', {propagationPolicy: 'Foreground'});
    await cluster.settled();
    expect(order.filter((kind) => kind !== 'Event')).toEqual(['Pod', 'ReplicaSet', 'Deployment']);
  });
});

describe('services', () => {
  const service = json({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {name: 'web', namespace: 'shop'},
    spec: {selector: {app: 'web'}, ports: [{port: 80, targetPort: 8080}]},
  });
  const slice = () => cluster.machine.list('endpointslices.discovery.k8s.io', 'shop')[0];

  test('ready pods are their endpoints, others are listed as not ready', async () => {
    cluster.apply(service);
    cluster.apply(deployment({replicas: 2}));
    await cluster.settled();
    const ips = cluster.pods('shop').map((pod) => pod.status?.podIP);
    const endpoints = slice()?.endpoints as readonly {addresses: readonly string[]; conditions: object}[];
    expect(endpoints.map(({addresses}) => addresses[0]).sort()).toEqual([...ips].sort());
    expect(
      endpoints.every(
        ({conditions}) => json(conditions) === json({ready: true, serving: true, terminating: false}),
      ),
    ).toBe(true);
    expect(slice()?.ports).toEqual([{name: '', port: 8080, protocol: 'TCP'}]);
    expect(json(get('endpoints', 'web'))).toContain(ips[0]);
    cluster.apply(
      deployment({name: 'bad', image: 'docker.io/moby/buildkit:v0.27.0'}).replaceAll(
        'app: bad',
        'app: web, x: y',
      ),
    );
    await cluster.settled();
    expect(
      (slice()!.endpoints as readonly {conditions: {ready: boolean}}[])
        .map(({conditions}) => conditions.ready)
        .sort(),
    ).toEqual([false, true, true]);
  });

  test('they go with the Service', async () => {
    cluster.apply(service);
    await cluster.settled();
    cluster.machine.delete('services', 'shop', 'web');
    await cluster.settled();
    expect(slice()).toBeUndefined();
    expect(cluster.machine.get('endpoints', 'shop', 'web')).toBeUndefined();
  });

  test('a load balancer gets the address that it asks for', async () => {
    cluster.apply(
      json({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: {
          name: 'front',
          namespace: 'shop',
          annotations: {'metallb.io/loadBalancerIPs': '192.168.1.240'},
        },
        spec: {type: 'LoadBalancer', ports: [{port: 80}]},
      }),
    );
    await cluster.settled();
    expect(get('services', 'front').status).toEqual({
      loadBalancer: {ingress: [{ip: '192.168.1.240', ipMode: 'VIP'}]},
    });
  });
});

describe('volumes', () => {
  const claim = (more: object = {}) =>
    json({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {name: 'data', namespace: 'shop'},
      spec: {accessModes: ['ReadWriteOnce'], resources: {requests: {storage: '2Gi'}}, ...more},
    });
  const storageClass = json({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: {name: 'standard', annotations: {'storageclass.kubernetes.io/is-default-class': 'true'}},
    provisioner: 'sim/volumes',
  });

  test('a pod waits for its claim, and the claim for a class', async () => {
    cluster.apply(claim());
    cluster.apply(
      json({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {name: 'one', namespace: 'shop'},
        spec: {
          volumes: [{name: 'data', persistentVolumeClaim: {claimName: 'data'}}],
          containers: [{name: 'main', image: 'pause'}],
        },
      }),
    );
    await cluster.settled();
    expect(get('persistentvolumeclaims', 'data').status).toMatchObject({phase: 'Pending'});
    expect(cluster.messages('FailedScheduling')[0]).toBe(
      '0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found',
    );
    cluster.apply(storageClass);
    await cluster.settled();
    expect(get('persistentvolumeclaims', 'data')).toMatchObject({
      spec: {storageClassName: 'standard'},
      status: {phase: 'Bound', capacity: {storage: '2Gi'}},
    });
    expect(get('pods', 'one').status).toMatchObject({phase: 'Running'});
  });

  test('the volume goes with its claim', async () => {
    cluster.apply(storageClass);
    cluster.apply(claim());
    await cluster.settled();
    expect(cluster.machine.list('persistentvolumes')).toHaveLength(1);
    cluster.machine.delete('persistentvolumeclaims', 'shop', 'data');
    await cluster.settled();
    expect(cluster.machine.list('persistentvolumeclaims', 'shop')).toEqual([]);
    expect(cluster.machine.list('persistentvolumes')).toEqual([]);
  });

  test('a volume that is there and fits is taken first', async () => {
    for (const [name, storage] of [
      ['small', '1Gi'],
      ['large', '9Gi'],
      ['fits', '3Gi'],
    ] as const) {
      cluster.apply(
        json({
          apiVersion: 'v1',
          kind: 'PersistentVolume',
          metadata: {name},
          spec: {capacity: {storage}, accessModes: ['ReadWriteOnce'], hostPath: {path: '/x'}},
        }),
      );
    }
    cluster.apply(claim({storageClassName: ''}));
    await cluster.settled();
    expect(get('persistentvolumeclaims', 'data')).toMatchObject({
      spec: {volumeName: 'fits'},
      status: {phase: 'Bound', capacity: {storage: '3Gi'}},
    });
  });
});

test('a disruption budget counts the pods that may go', async () => {
  cluster.apply(
    json({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: {name: 'web', namespace: 'shop'},
      spec: {minAvailable: 2, selector: {matchLabels: {app: 'web'}}},
    }),
  );
  cluster.apply(deployment({replicas: 3}));
  await cluster.settled();
  const budget = () => get('poddisruptionbudgets.policy', 'web').status;
  expect(budget()).toMatchObject({
    expectedPods: 3,
    currentHealthy: 3,
    desiredHealthy: 2,
    disruptionsAllowed: 1,
  });
  cluster.change(
    'deployments.apps',
    'shop',
    'web',
    (object) => ({...object, spec: {...(object.spec as object), replicas: 2}}) as Stored,
  );
  await cluster.settled();
  expect(budget()).toMatchObject({expectedPods: 2, currentHealthy: 2, disruptionsAllowed: 0});
});

test('metrics tell the steady use of running containers', async () => {
  const provider = metricsProvider(cluster.machine, homeDirectory, cluster.clock);
  cluster.apply(deployment({image: 'docker.io/library/postgres:17.6-bookworm'}));
  await cluster.settled();
  const [metrics] = provider.pods('shop') as readonly {
    containers: readonly {usage: {cpu: string; memory: string}}[];
  }[];
  const mebibytes = Number.parseInt(metrics!.containers[0]!.usage.memory, 10) / 1024;
  expect(mebibytes).toBeGreaterThan(150);
  expect(mebibytes).toBeLessThanOrEqual(160);
  expect(metrics!.containers[0]!.usage.cpu).toMatch(/^\d+n$/);
  expect(provider.nodes()).toHaveLength(3);
  provider.stop();
});

test('an Event that happens again is counted, and forgotten after an hour', async () => {
  cluster.apply(deployment({image: 'docker.io/moby/buildkit:v0.27.0'}));
  await cluster.settled();
  await cluster.advance(120_000);
  const backOff = cluster.machine.list('events', 'shop').filter((event) => event.reason === 'BackOff');
  expect(backOff).toHaveLength(1);
  expect(backOff[0]?.count).toBeGreaterThan(3);
  const [pod] = cluster.pods('shop') as readonly [Pod];
  await cluster.advance(3_700_000);
  cluster.machine.delete('pods', 'shop', pod.metadata.name);
  await cluster.settled();
  const old = cluster.machine.list('events', 'shop').filter((event) => event.reason === 'Scheduled');
  expect(old.map((event) => event.message)).not.toContain(
    `Successfully assigned shop/${pod.metadata.name} to ${pod.spec.nodeName}`,
  );
});

describe('nodes', () => {
  const spec = (name: string, edit: object): void =>
    cluster.change(
      'nodes',
      '',
      name,
      (node) => ({...node, spec: {...(node.spec as object), ...edit}}) as Stored,
    );
  const taints = () => (cluster.get('nodes', '', 'rpi-2').spec as {taints?: readonly object[]}).taints;
  const places = () =>
    cluster
      .pods('shop')
      .map((pod) => pod.spec.nodeName)
      .sort();

  test('a cordoned one is tainted, and keeps its pods', async () => {
    cluster.apply(deployment({replicas: 3}));
    await cluster.settled();
    spec('rpi-2', {unschedulable: true});
    await cluster.settled();
    expect(taints()).toEqual([{key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule'}]);
    expect(places()).toEqual(['rpi-1', 'rpi-2', 'rpi-3']);
    spec('rpi-2', {unschedulable: false});
    await cluster.settled();
    expect(taints()).toBeUndefined();
  });

  test('a taint NoExecute drives pods off, those that tolerate it for a while later', async () => {
    cluster.apply(
      deployment({
        replicas: 3,
        pod: 'tolerations: [{key: gone, operator: Exists, effect: NoExecute, tolerationSeconds: 60}]',
      }),
    );
    await cluster.settled();
    spec('rpi-2', {taints: [{key: 'gone', effect: 'NoExecute'}]});
    await cluster.advance(55_000);
    expect(places()).toContain('rpi-2');
    await cluster.advance(10_000);
    expect(cluster.messages('TaintManagerEviction')[0]).toMatch(/^Marking for deletion Pod shop\/web-/);
    cluster.apply(deployment({name: 'other', replicas: 3}));
    await cluster.settled();
    expect(
      cluster
        .pods('shop')
        .filter((pod) => pod.metadata.name.startsWith('other') && pod.spec.nodeName === 'rpi-2'),
    ).toEqual([]);
  });

  test('the pods of one that is deleted come up elsewhere', async () => {
    cluster.apply(deployment({replicas: 3}));
    await cluster.settled();
    cluster.machine.delete('nodes', '', 'rpi-2');
    await cluster.settled();
    expect(places()).toHaveLength(3);
    expect(places()).not.toContain('rpi-2');
  });
});

test('nothing is written after they are stopped', async () => {
  cluster.stop();
  cluster.apply(deployment({replicas: 2}));
  await cluster.settled();
  expect(cluster.pods('shop')).toEqual([]);
  cluster.restart();
  await cluster.settled();
  expect(cluster.pods('shop')).toHaveLength(2);
});
