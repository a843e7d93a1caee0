import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {podLog} from '../../../src/practice/controllers/kubelet/log.ts';
import type {ContainerStatus, Pod} from '../../../src/practice/controllers/types.ts';
import {type Cluster, homeDirectory, startCluster} from '../../helpers/practice-machine.ts';

let cluster: Cluster;
beforeEach(async () => {
  cluster = await startCluster();
});
afterEach(() => cluster.stop());

const images = {
  api: '192.168.1.12:5000/pantry-api:1.8.2',
  web: '192.168.1.12:5000/pantry-web:1.8.2',
  postgres: 'docker.io/library/postgres:17.6-bookworm',
  valkey: 'docker.io/valkey/valkey:8.1-alpine',
  buildkit: 'docker.io/moby/buildkit:v0.27.0',
  argocd: 'quay.io/argoproj/argocd:v3.5.1',
  redis: 'public.ecr.aws/docker/library/redis:8.10.1-alpine',
  speaker: 'quay.io/metallb/speaker:v0.16.1',
};

type Options = {
  readonly image: string;
  readonly container?: string;
  readonly pod?: string;
  readonly name?: string;
};
const run = async ({image, container = '{}', pod = '{}', name = 'one'}: Options): Promise<Pod> => {
  const spec = {
    ...(JSON.parse(pod) as object),
    containers: [{name: 'main', image, ...(JSON.parse(container) as object)}],
  };
  cluster.apply(
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {name, namespace: 'shop', labels: {app: name}},
      spec,
    }),
  );
  await cluster.settled();
  return cluster.get<Pod>('pods', 'shop', name);
};
const status = (pod: Pod): ContainerStatus => pod.status!.containerStatuses![0]!;
const log = (name = 'one'): string => podLog(cluster.machine, homeDirectory, {namespace: 'shop', name}) ?? '';
const json = (value: object): string => JSON.stringify(value);

/** What each trait breaks on, and beside it the nearest that works. */
const crashes: readonly [what: string, bad: Options, says: string, good: Options][] = [
  [
    'a user that the files do not belong to',
    {image: images.postgres, container: json({securityContext: {runAsUser: 1000}})},
    'fatal: running as user 1000: permission denied (its files belong to user 0)',
    {image: images.postgres, container: json({securityContext: {runAsUser: 999}})},
  ],
  [
    'a user other than root where only root works',
    {image: images.web, pod: json({securityContext: {runAsUser: 1000}})},
    'fatal: running as user 1000: permission denied (master process opens port 80 and changes user)',
    {image: images.web, pod: json({securityContext: {runAsUser: 0}})},
  ],
  [
    'a read-only root file system',
    {
      image: images.api,
      container: json({
        securityContext: {readOnlyRootFilesystem: true},
        volumeMounts: [{name: 'tmp', mountPath: '/tmp'}],
      }),
      pod: json({volumes: [{name: 'tmp', emptyDir: {}}]}),
    },
    'open /app/.cache: read-only file system',
    {
      image: images.api,
      container: json({
        securityContext: {readOnlyRootFilesystem: true},
        volumeMounts: [
          {name: 'tmp', mountPath: '/tmp'},
          {name: 'tmp', mountPath: '/app'},
        ],
      }),
      pod: json({volumes: [{name: 'tmp', emptyDir: {}}]}),
    },
  ],
  [
    'a port below 1024',
    {
      image: images.web,
      container: json({securityContext: {capabilities: {drop: ['ALL'], add: ['CHOWN', 'SETGID', 'SETUID']}}}),
    },
    'listen tcp :80: bind: permission denied',
    {
      image: images.web,
      container: json({
        securityContext: {
          capabilities: {drop: ['ALL'], add: ['CHOWN', 'SETGID', 'SETUID', 'NET_BIND_SERVICE']},
        },
      }),
    },
  ],
  [
    'the same port, opened by a sysctl',
    {
      image: images.web,
      container: json({securityContext: {capabilities: {drop: ['NET_BIND_SERVICE']}}}),
      pod: json({securityContext: {sysctls: [{name: 'net.ipv4.ip_unprivileged_port_start', value: '81'}]}}),
    },
    'listen tcp :80: bind: permission denied',
    {
      image: images.web,
      container: json({securityContext: {capabilities: {drop: ['NET_BIND_SERVICE']}}}),
      pod: json({securityContext: {sysctls: [{name: 'net.ipv4.ip_unprivileged_port_start', value: '80'}]}}),
    },
  ],
  [
    'capabilities that it needs as root',
    {image: images.valkey, container: json({securityContext: {capabilities: {drop: ['ALL']}}})},
    'fatal: operation not permitted (needs capability CHOWN)',
    {
      image: images.valkey,
      container: json({securityContext: {runAsUser: 999, capabilities: {drop: ['ALL']}}}),
    },
  ],
  [
    'raw sockets',
    {image: images.speaker, container: json({securityContext: {capabilities: {drop: ['NET_RAW']}}})},
    'fatal: operation not permitted (needs capability NET_RAW)',
    {
      image: images.speaker,
      container: json({securityContext: {capabilities: {drop: ['ALL'], add: ['NET_RAW']}}}),
    },
  ],
  [
    'privileges',
    {image: images.buildkit},
    'fatal: operation not permitted (mounts file systems to build images)',
    {image: images.buildkit, container: json({securityContext: {privileged: true}})},
  ],
];

describe.each(crashes)('%s', (_, bad, says, good) => {
  test('crashes', async () => {
    const pod = await run(bad);
    expect(pod.status?.phase).toBe('Running');
    expect(status(pod)).toMatchObject({
      ready: false,
      restartCount: 1,
      state: {
        waiting: {
          reason: 'CrashLoopBackOff',
          message: `back-off 10s restarting failed container=main pod=one_shop(${pod.metadata.uid})`,
        },
      },
      lastState: {terminated: {exitCode: 1, reason: 'Error'}},
    });
    expect(log()).toContain(says);
  });
  test('its neighbour runs', async () => {
    const pod = await run(good);
    expect(status(pod)).toMatchObject({ready: true, restartCount: 0, state: {running: {}}});
  });
});

test('runAsNonRoot and an image that runs as root', async () => {
  const pod = await run({image: images.postgres, container: json({securityContext: {runAsNonRoot: true}})});
  const message = `container has runAsNonRoot and image will run as root (pod: "one_shop(${pod.metadata.uid})", container: main)`;
  expect(pod.status?.phase).toBe('Pending');
  expect(status(pod).state).toEqual({waiting: {reason: 'CreateContainerConfigError', message}});
  expect(cluster.messages('Failed')).toEqual([`Error: ${message}`]);
  const zero = await run({
    name: 'zero',
    image: images.redis,
    container: json({securityContext: {runAsNonRoot: true, runAsUser: 0}}),
  });
  expect(status(zero).state.waiting?.message).toMatch(/^container's runAsUser breaks non-root policy/);
  const good = await run({
    name: 'good',
    image: images.postgres,
    container: json({securityContext: {runAsNonRoot: true, runAsUser: 999}}),
  });
  expect(status(good).ready).toBe(true);
});

test('restarts wait 10 s, then twice as long each time, and stop when it is healed', async () => {
  cluster.apply(
    json({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: {name: 'deny', namespace: 'shop'},
      spec: {podSelector: {}, policyTypes: ['Egress']},
    }),
  );
  cluster.apply(
    json({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {name: 'dns', namespace: 'kube-system', labels: {'k8s-app': 'kube-dns'}},
      spec: {containers: [{name: 'dns', image: 'dns'}]},
    }),
  );
  await cluster.settled();
  await run({image: images.api});
  const now = () => status(cluster.get<Pod>('pods', 'shop', 'one'));
  expect(log()).toBe('dial tcp: lookup pantry-db: i/o timeout');
  expect(now()).toMatchObject({restartCount: 1, state: {waiting: {reason: 'CrashLoopBackOff'}}});
  await cluster.advance(9000);
  expect(now().restartCount).toBe(1);
  await cluster.advance(1000);
  expect(now()).toMatchObject({
    restartCount: 2,
    state: {waiting: {message: expect.stringContaining('back-off 20s')}},
  });
  await cluster.advance(19_000);
  expect(now().restartCount).toBe(2);
  await cluster.advance(1000);
  expect(now()).toMatchObject({
    restartCount: 3,
    state: {waiting: {message: expect.stringContaining('back-off 40s')}},
  });
  cluster.machine.delete('networkpolicies.networking.k8s.io', 'shop', 'deny');
  await cluster.settled();
  expect(now().ready).toBe(false);
  await cluster.advance(40_000);
  expect(now()).toMatchObject({restartCount: 4, ready: true, lastState: {terminated: {exitCode: 1}}});
});

describe('network policies and DNS', () => {
  const policy = (spec: object) =>
    cluster.apply(
      json({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: {name: 'policy', namespace: 'shop'},
        spec,
      }),
    );
  const dns = {
    to: [{namespaceSelector: {matchLabels: {'kubernetes.io/metadata.name': 'kube-system'}}}],
    ports: [{port: 53, protocol: 'UDP'}],
  };
  beforeEach(async () => {
    cluster.apply(
      json({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {name: 'dns', namespace: 'kube-system', labels: {'k8s-app': 'kube-dns'}},
        spec: {containers: [{name: 'dns', image: 'dns'}]},
      }),
    );
    await cluster.settled();
    expect(status(await run({image: images.api})).ready).toBe(true);
  });
  const isReady = async () => {
    await cluster.settled();
    return status(cluster.get<Pod>('pods', 'shop', 'one')).ready;
  };
  test('a default deny for egress stops a running pod that asks for names', async () => {
    policy({podSelector: {}, policyTypes: ['Ingress', 'Egress']});
    expect(await isReady()).toBe(false);
  });
  test('one for ingress does not', async () => {
    policy({podSelector: {}, policyTypes: ['Ingress']});
    expect(await isReady()).toBe(true);
  });
  test('egress to the DNS pods on port 53 is enough', async () => {
    policy({podSelector: {}, policyTypes: ['Egress'], egress: [dns]});
    expect(await isReady()).toBe(true);
  });
  test('egress to the own namespace is not', async () => {
    policy({podSelector: {}, policyTypes: ['Egress'], egress: [{to: [{podSelector: {}}]}]});
    expect(await isReady()).toBe(false);
  });
  test('a policy for other pods says nothing', async () => {
    policy({podSelector: {matchLabels: {app: 'other'}}, policyTypes: ['Egress']});
    expect(await isReady()).toBe(true);
  });
  test('egress of port 443 to anywhere leaves names unresolved', async () => {
    policy({
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [{to: [{ipBlock: {cidr: '0.0.0.0/0'}}], ports: [{port: 443}]}],
    });
    expect(await isReady()).toBe(false);
  });
});

describe('memory', () => {
  const limited = (memory: string) =>
    run({image: images.postgres, container: json({resources: {limits: {memory}}})});
  test('a limit below what it always uses kills it at once', async () => {
    const pod = await limited('128Mi');
    expect(status(pod)).toMatchObject({
      restartCount: 1,
      state: {waiting: {reason: 'CrashLoopBackOff'}},
      lastState: {terminated: {exitCode: 137, reason: 'OOMKilled'}},
    });
  });
  test('a limit below its peak kills it when it gets there', async () => {
    expect(status(await limited('256Mi'))).toMatchObject({ready: true, restartCount: 0});
    await cluster.advance(31_000);
    const pod = cluster.get<Pod>('pods', 'shop', 'one');
    expect(status(pod)).toMatchObject({
      restartCount: 1,
      lastState: {terminated: {exitCode: 137, reason: 'OOMKilled'}},
    });
  });
  test('a limit above its peak does not', async () => {
    await limited('384Mi');
    await cluster.advance(600_000);
    expect(status(cluster.get<Pod>('pods', 'shop', 'one'))).toMatchObject({ready: true, restartCount: 0});
  });
});

describe('ConfigMaps and Secrets', () => {
  const env = (valueFrom: object) => json({env: [{name: 'A', valueFrom}]});
  test('a missing ConfigMap keeps a container from starting until it is there', async () => {
    const pod = await run({
      image: images.redis,
      container: env({configMapKeyRef: {name: 'settings', key: 'a'}}),
    });
    expect(status(pod).state.waiting).toEqual({
      reason: 'CreateContainerConfigError',
      message: 'configmap "settings" not found',
    });
    cluster.apply('{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {b: x}}');
    await cluster.settled();
    const still = cluster.get<Pod>('pods', 'shop', 'one');
    expect(status(still).state.waiting?.message).toBe("couldn't find key a in ConfigMap shop/settings");
    cluster.change('configmaps', 'shop', 'settings', (object) => ({...object, data: {a: 'x'}}));
    await cluster.settled();
    expect(status(cluster.get<Pod>('pods', 'shop', 'one')).ready).toBe(true);
  });
  test('a missing Secret likewise, unless it is optional', async () => {
    const reference = {name: 'keys', key: 'a'};
    const pod = await run({image: images.redis, container: env({secretKeyRef: reference})});
    expect(status(pod).state.waiting?.message).toBe('secret "keys" not found');
    const optional = await run({
      name: 'two',
      image: images.redis,
      container: env({secretKeyRef: {...reference, optional: true}}),
    });
    expect(status(optional).ready).toBe(true);
  });
  test('a volume of a missing Secret leaves the pod in creation', async () => {
    const pod = await run({
      image: images.redis,
      container: json({volumeMounts: [{name: 'keys', mountPath: '/keys'}]}),
      pod: json({volumes: [{name: 'keys', secret: {secretName: 'keys'}}]}),
    });
    expect(pod.status?.phase).toBe('Pending');
    expect(status(pod).state.waiting?.reason).toBe('ContainerCreating');
    expect(cluster.messages('FailedMount')).toEqual([
      'MountVolume.SetUp failed for volume "keys" : secret "keys" not found',
    ]);
    cluster.apply('{apiVersion: v1, kind: Secret, metadata: {name: keys}}');
    await cluster.settled();
    expect(status(cluster.get<Pod>('pods', 'shop', 'one')).ready).toBe(true);
  });
});
