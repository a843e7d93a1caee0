import {cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import {asObject, type JsonObject} from '../../../src/engine/json.ts';
import type {Stored} from '../../../src/practice/api/machine.ts';
import {Cache} from '../../../src/practice/controllers/cache.ts';
import {startOutcome} from '../../../src/practice/controllers/kubelet/kubelet.ts';
import {podLog} from '../../../src/practice/controllers/kubelet/log.ts';
import {readTraits, workloadOf} from '../../../src/practice/controllers/kubelet/traits.ts';
import {isReady} from '../../../src/practice/controllers/pods.ts';
import {builtInResources} from '../../../src/practice/controllers/resources.ts';
import type {Container, Obj, Pod, PodSpec} from '../../../src/practice/controllers/types.ts';
import {type Cluster, homeDirectory, startCluster} from '../../helpers/practice-machine.ts';

let cluster: Cluster;
const nodeDirectory = mkdtempSync(join(tmpdir(), 'kubekata-nodes-'));
beforeEach(async () => {
  rmSync(nodeDirectory, {recursive: true, force: true});
  cpSync(join(homeDirectory, 'nodes'), nodeDirectory, {recursive: true});
  cluster = await startCluster({home: true, nodeDirectory});
});
afterEach(() => {
  cluster.stop();
  rmSync(nodeDirectory, {recursive: true, force: true});
});

const workloads = ['deployments.apps', 'statefulsets.apps', 'daemonsets.apps'] as const;
const everyWorkload = (): readonly (readonly [string, Stored])[] =>
  workloads.flatMap((resource) =>
    cluster.machine.list(resource).map((object) => [resource, object] as const),
  );
const storyNamespaces = ['argocd', 'argo', 'argo-events', 'network', 'pantry'];

function cacheOf(): Cache {
  const cache = new Cache();
  cache.load(cluster.machine, builtInResources);
  return cache;
}

/** As `kubectl rollout restart` does. */
async function restartAll(namespaces: readonly string[]): Promise<void> {
  for (const [resource, object] of everyWorkload()) {
    const {namespace = '', name = ''} = object.metadata;
    if (!namespaces.includes(namespace)) continue;
    cluster.change(resource, namespace, name, (one) => {
      const spec = asObject(one.spec);
      const template = asObject(spec.template);
      const annotations = {'kubectl.kubernetes.io/restartedAt': '2026-05-02T08:14:06Z'};
      return {
        ...one,
        spec: {...spec, template: {...template, metadata: {...asObject(template.metadata), annotations}}},
      };
    });
  }
  await cluster.settled();
}

/** Workloads that are not as they should be. */
function broken(): readonly string[] {
  const cache = cacheOf();
  const ill = new Set(
    cluster
      .pods()
      .filter((pod) => pod.status?.phase !== 'Succeeded' && !isReady(pod))
      .map((pod) => workloadOf(cache, pod)),
  );
  for (const [, {metadata, status}] of everyWorkload()) {
    const {unavailableReplicas, numberUnavailable} = asObject(status);
    if (unavailableReplicas !== undefined || numberUnavailable !== undefined)
      ill.add(`${metadata.namespace}/${metadata.name}`);
  }
  return [...ill].sort();
}

test('the home comes up: 44 pods in 6 namespaces, all workloads available', () => {
  const pods = cluster.pods();
  expect(pods).toHaveLength(44);
  expect(
    Object.fromEntries(
      Map.groupBy(pods, (pod) => pod.status?.phase ?? '')
        .entries()
        .map(([phase, all]) => [phase, all.length]),
    ),
  ).toEqual({Running: 43, Succeeded: 1});
  expect(new Set(pods.map((pod) => pod.metadata.namespace)).size).toBe(6);
  expect(broken()).toEqual([]);
  expect(cluster.machine.list('serviceaccounts')).toHaveLength(63);
  expect(cluster.machine.list('configmaps')).toHaveLength(32);
  expect(cluster.machine.list('events')).toEqual([]);
  const mirrors = pods.filter(
    (pod) => pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined,
  );
  expect(mirrors.map((pod) => pod.metadata.name).sort()).toEqual([
    'etcd-rpi-1',
    'kube-apiserver-rpi-1',
    'kube-controller-manager-rpi-1',
    'kube-scheduler-rpi-1',
  ]);
  const service = cluster.get('services', 'network', 'ingress-nginx-controller');
  expect(asObject(service.status).loadBalancer).toMatchObject({ingress: [{ip: '192.168.1.240'}]});
});

test('each node holds a lease', () => {
  const leases = cluster.machine.list('leases.coordination.k8s.io', 'kube-node-lease');
  expect(leases.map(({metadata, spec}) => [metadata.name, asObject(spec).holderIdentity])).toEqual([
    ['rpi-1', 'rpi-1'],
    ['rpi-2', 'rpi-2'],
    ['rpi-3', 'rpi-3'],
  ]);
});

test('started again, it writes nothing', async () => {
  const written: string[] = [];
  cluster.machine.subscribe(({resource, object, type}) =>
    written.push(`${type} ${resource} ${object.metadata.name}`),
  );
  cluster.restart();
  await cluster.settled();
  expect(written).toEqual([]);
});

describe('tokens', () => {
  const setToken = (namespace: string, name: string, value: boolean): void =>
    cluster.change('serviceaccounts', namespace, name, (account) => ({
      ...account,
      automountServiceAccountToken: value,
    }));

  test('off at the accounts that are safe breaks nothing, even after all pods are new', async () => {
    const safe = [
      ...['default', 'kube-public', 'kube-node-lease', ...storyNamespaces].map(
        (namespace) => [namespace, 'default'] as const,
      ),
      ['argocd', 'argocd-repo-server'],
      ['pantry', 'pantry-api'],
      ['pantry', 'pantry-db'],
      ['pantry', 'pantry-web'],
    ] as const;
    expect(safe).toHaveLength(12);
    for (const [namespace, name] of safe) setToken(namespace, name, false);
    await cluster.settled();
    await restartAll(storyNamespaces);
    expect(broken()).toEqual([]);
  });

  test('off where it is needed shows at the next start, and not before', async () => {
    setToken('argocd', 'argocd-server', false);
    await cluster.settled();
    expect(broken()).toEqual([]);
    await restartAll(['argocd']);
    expect(broken()).toEqual(['argocd/argocd-server']);
    const pod = cluster
      .pods('argocd')
      .find((one) => one.metadata.name.startsWith('argocd-server') && !isReady(one))!;
    expect(podLog(cluster.machine, homeDirectory, {namespace: 'argocd', name: pod.metadata.name})).toBe(
      'open /var/run/secrets/kubernetes.io/serviceaccount/token: no such file or directory',
    );
  });
});

describe('the LimitRange', () => {
  const limitRange = (values: JsonObject): void => {
    for (const namespace of storyNamespaces) {
      cluster.machine.create('limitranges', namespace, {
        apiVersion: 'v1',
        kind: 'LimitRange',
        metadata: {name: 'home-limits', namespace},
        spec: {limits: [{type: 'Container', ...values}]},
      });
    }
  };
  const amounts = (text: string): JsonObject => {
    const [cpu = '', memory = ''] = text.split('/');
    return {cpu, memory};
  };
  const of = (given: string, request: string, max: string, min: string): JsonObject => ({
    default: amounts(given),
    defaultRequest: amounts(request),
    max: amounts(max),
    min: amounts(min),
  });

  test('of the story breaks five workloads at their next rollout, in the words of the API server', async () => {
    limitRange(of('500m/256Mi', '50m/64Mi', '1/512Mi', '10m/32Mi'));
    await cluster.settled();
    expect(broken()).toEqual([]);
    await restartAll(storyNamespaces);
    await cluster.advance(60_000);
    expect(broken()).toEqual([
      'argo/buildkitd',
      'argo/minio',
      'argocd/argocd-application-controller',
      'argocd/argocd-repo-server',
      'network/ddns',
    ]);
    const failure = (name: string, namespace: string) => {
      const conditions = asObject(cluster.get('deployments.apps', namespace, name).status)
        .conditions as readonly JsonObject[];
      return conditions.find(({type}) => type === 'ReplicaFailure')?.message;
    };
    expect(failure('minio', 'argo')).toMatch(
      /^Pod "minio-\w+-\w+" is invalid: spec\.containers\[0\]\.resources\.requests: Invalid value: "512Mi": must be less than or equal to memory limit of 256Mi$/,
    );
    expect(failure('buildkitd', 'argo')).toMatch(
      /^pods "buildkitd-\w+-\w+" is forbidden: \[maximum cpu usage per Container is 1, but limit is 2, maximum memory usage per Container is 512Mi, but limit is 1536Mi\]$/,
    );
    expect(failure('ddns', 'network')).toMatch(
      /is forbidden: \[minimum cpu usage per Container is 10m, but request is 5m, minimum memory usage per Container is 32Mi, but request is 16Mi\]$/,
    );
    const controller = cluster.get<Pod>('pods', 'argocd', 'argocd-application-controller-0');
    expect(controller.status?.containerStatuses?.[0]?.lastState.terminated).toMatchObject({
      exitCode: 137,
      reason: 'OOMKilled',
    });
    for (const namespace of storyNamespaces) cluster.machine.delete('limitranges', namespace, 'home-limits');
    await cluster.settled();
    expect(broken()).not.toContain('argo/minio');
  });

  test('that is gentle breaks nothing', async () => {
    limitRange(of('500m/768Mi', '20m/32Mi', '2/2Gi', '1m/4Mi'));
    await restartAll(storyNamespaces);
    await cluster.advance(60_000);
    expect(broken()).toEqual([]);
  });
});

describe('what a fix breaks when it is put on every container', () => {
  const breaks = (security: JsonObject): readonly string[] => {
    const cache = cacheOf();
    const traitsOf = readTraits(homeDirectory, cache);
    const names = new Set<string>();
    for (const pod of [...cluster.pods(), backupPod()]) {
      const containers = pod.spec.containers.map(
        (one): Container => ({...one, securityContext: {...one.securityContext, ...security}}),
      );
      const changed = {...pod, spec: {...pod.spec, containers}};
      const fails = containers.some((one) =>
        ['refused', 'crashed'].includes(startOutcome({cache}, traitsOf, changed, one).is),
      );
      if (fails) names.add(workloadOf(cache, pod).replace(/^[^/]*\//, ''));
    }
    return [...names].sort();
  };
  const backupPod = (): Pod => {
    const cron = cluster.get<Obj>('cronjobs.batch', 'kube-system', 'etcd-backup');
    const spec = asObject(asObject(asObject(asObject(cron.spec).jobTemplate).spec).template).spec as PodSpec;
    return {...cron, spec} as Obj as Pod;
  };

  test('nothing as it is', () => expect(breaks({})).toEqual([]));
  test('runAsNonRoot', () => expect(breaks({runAsNonRoot: true})).toHaveLength(23));
  test('runAsUser 1000', () =>
    expect(breaks({runAsUser: 1000, runAsGroup: 1000})).toEqual([
      'argocd-application-controller',
      'argocd-repo-server',
      'argocd-server',
      'buildkitd',
      'etcd-backup',
      'etcd-rpi-1',
      'ingress-nginx-controller',
      'kube-apiserver-rpi-1',
      'kube-controller-manager-rpi-1',
      'kube-proxy',
      'kube-router',
      'kube-scheduler-rpi-1',
      'metallb-speaker',
      'pantry-cache',
      'pantry-db',
      'pantry-web',
    ]));
  test('readOnlyRootFilesystem', () =>
    expect(breaks({readOnlyRootFilesystem: true})).toEqual([
      'buildkitd',
      'ingress-nginx-controller',
      'minio',
      'pantry-api',
      'pantry-db',
      'pantry-web',
    ]));
  test('all capabilities dropped', () =>
    expect(breaks({capabilities: {drop: ['ALL']}})).toEqual([
      'coredns',
      'ingress-nginx-controller',
      'metallb-speaker',
      'pantry-cache',
      'pantry-db',
      'pantry-web',
    ]));
  test('no privileges', () =>
    expect(breaks({privileged: false})).toEqual(['buildkitd', 'kube-proxy', 'kube-router']));
});

test('a default deny of egress in pantry stops what asks for names, and only that', async () => {
  const spec = {podSelector: {}, policyTypes: ['Ingress', 'Egress']};
  const policy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: {name: 'deny', namespace: 'pantry'},
    spec,
  };
  cluster.machine.create('networkpolicies.networking.k8s.io', 'pantry', policy);
  await cluster.settled();
  expect(broken()).toEqual(['pantry/pantry-api', 'pantry/pantry-web']);
});

test('an edited static pod is replaced by one with the new flags', async () => {
  const file = join(nodeDirectory, 'rpi-1/etc/kubernetes/manifests/kube-apiserver.yaml');
  const uid = cluster.get('pods', 'kube-system', 'kube-apiserver-rpi-1').metadata.uid;
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(
      '- --allow-privileged=true',
      '- --allow-privileged=true\n        - --profiling=false',
    ),
  );
  await vi.waitFor(async () => {
    await cluster.advance(100);
    const pod = cluster.get<Pod>('pods', 'kube-system', 'kube-apiserver-rpi-1');
    expect(pod.spec.containers[0]?.command).toContain('--profiling=false');
    expect(pod.status?.phase).toBe('Running');
    expect(pod.metadata.uid).not.toBe(uid);
  }, 5000);
  const good = readFileSync(file, 'utf8');
  const edits = [
    ['--profiling=false', '--profilling=false', 'Error: unknown flag: --profilling'],
    ['--profiling=false', '--profiling=no', 'Error: invalid argument "no" for "--profiling" flag'],
    ['Node,RBAC', 'Node,RBACK', 'authorization-mode \\"RBACK\\" is not a valid mode'],
    [
      '--profiling=false',
      '--audit-policy-file=/etc/kubernetes/audit/policy.yaml',
      'open /etc/kubernetes/audit/policy.yaml',
    ],
  ] as const;
  for (const [right, wrong, said] of edits) {
    writeFileSync(file, good.replace(right, wrong));
    await vi.waitFor(async () => {
      await cluster.advance(100);
      const pod = cluster.get<Pod>('pods', 'kube-system', 'kube-apiserver-rpi-1');
      expect(pod.spec.containers[0]?.command?.join(' ')).toContain(wrong);
      expect(pod.status?.containerStatuses?.[0]?.state.waiting?.reason).toBe('CrashLoopBackOff');
      const of = {namespace: 'kube-system', name: pod.metadata.name, previous: true};
      expect(podLog(cluster.machine, homeDirectory, of, nodeDirectory)).toContain(said);
    }, 5000);
  }
  // The last one works once the file is there, and mounted.
  const folder = join(nodeDirectory, 'rpi-1/etc/kubernetes/audit');
  mkdirSync(folder, {recursive: true});
  writeFileSync(
    join(folder, 'policy.yaml'),
    'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Metadata}]\n',
  );
  const mounted = good
    .replace('--profiling=false', '--audit-policy-file=/etc/kubernetes/audit/policy.yaml')
    .replace(
      'volumeMounts:\n',
      'volumeMounts:\n        - {name: audit, mountPath: /etc/kubernetes/audit, readOnly: true}\n',
    )
    .replace('  volumes:\n', '  volumes:\n    - {name: audit, hostPath: {path: /etc/kubernetes/audit}}\n');
  writeFileSync(file, mounted);
  await vi.waitFor(async () => {
    await cluster.advance(100);
    const pod = cluster.get<Pod>('pods', 'kube-system', 'kube-apiserver-rpi-1');
    expect(pod.spec.volumes?.map(({name}) => name)).toContain('audit');
    expect(pod.status?.phase).toBe('Running');
    expect(isReady(pod)).toBe(true);
  }, 5000);
  const before = cluster.get('pods', 'kube-system', 'kube-apiserver-rpi-1').metadata.uid;
  writeFileSync(file, 'spec: [');
  await cluster.advance(100);
  expect(cluster.get('pods', 'kube-system', 'kube-apiserver-rpi-1').metadata.uid).toBe(before);
});
