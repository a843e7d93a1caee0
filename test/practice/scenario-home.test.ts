import {expect, test} from 'vitest';
import {asArray, asObject, asString} from '../../src/engine/json.ts';
import type {Obj} from '../../src/practice/controllers/types.ts';
import {kubeletConfiguration, scenarioObjects, staticPodManifests} from '../helpers/scenario-home.ts';

const objects = scenarioObjects();
const of = (kind: string): readonly Obj[] => objects.filter((object) => object.kind === kind);
const names = (list: readonly Obj[]): readonly string[] =>
  list.map(({metadata}) => `${metadata.namespace ?? ''}/${metadata.name}`);
const workloadKinds = ['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob', 'Pod'];
const workloads = [...workloadKinds.flatMap(of), ...staticPodManifests()];

const podsOf = (workload: Obj): number => {
  if (workload.kind === 'Pod') return 1;
  if (workload.kind === 'CronJob') return 0;
  return workload.kind === 'DaemonSet' ? of('Node').length : Number(asObject(workload.spec).replicas);
};

test('35 workloads with 44 pods in 6 of 9 namespaces', () => {
  expect(workloads).toHaveLength(35);
  expect(workloads.reduce((sum, workload) => sum + podsOf(workload), 0)).toBe(44);
  const withPods = workloads.filter((workload) => podsOf(workload) > 0);
  expect(new Set(withPods.map(({metadata}) => metadata.namespace)).size).toBe(6);
  expect(of('Namespace')).toHaveLength(9);
  expect(of('Deployment')).toHaveLength(22);
});

test('63 ServiceAccounts, 42 of them in kube-system, none of which says anything about its token', () => {
  const accounts = of('ServiceAccount');
  expect(new Set(names(accounts)).size).toBe(63);
  expect(accounts.filter(({metadata}) => metadata.namespace === 'kube-system')).toHaveLength(42);
  expect(accounts.filter((account) => 'automountServiceAccountToken' in account)).toEqual([]);
  for (const namespace of of('Namespace'))
    expect(names(accounts)).toContain(`${namespace.metadata.name}/default`);
});

test('32 ConfigMaps, with the root certificate that each namespace is given', () => {
  expect(of('ConfigMap')).toHaveLength(32 - of('Namespace').length);
});

test('99 grants: subjects of bindings', () => {
  const bindings = [...of('ClusterRoleBinding'), ...of('RoleBinding')];
  expect(bindings.reduce((sum, binding) => sum + asArray(binding.subjects).length, 0)).toBe(99);
});

test('every binding finds its role, and every account of a pod is there', () => {
  const roles = new Set([
    ...names(of('Role')).map((name) => `Role ${name}`),
    ...names(of('ClusterRole')).map((name) => `ClusterRole ${name}`),
  ]);
  for (const binding of [...of('ClusterRoleBinding'), ...of('RoleBinding')]) {
    const {kind, name} = asObject(binding.roleRef);
    const namespace = kind === 'Role' ? (binding.metadata.namespace ?? '') : '';
    expect(roles, names([binding])[0]).toContain(`${asString(kind)} ${namespace}/${asString(name)}`);
  }
  const accounts = new Set(names(of('ServiceAccount')));
  for (const workload of workloads) {
    const text = JSON.stringify(workload);
    const account = /"serviceAccountName":"([^"]+)"/.exec(text)?.[1] ?? 'default';
    expect(accounts).toContain(`${workload.metadata.namespace}/${account}`);
    expect(text).not.toContain('automountServiceAccountToken');
  }
});

test('owners that a manifest names by uid are written down with that uid', () => {
  const uids = new Map(
    objects.map((object) => [object.metadata.uid, `${object.kind}/${object.metadata.name}`]),
  );
  const owned = objects.flatMap((object) => object.metadata.ownerReferences ?? []);
  expect(owned.length).toBeGreaterThan(6);
  for (const {uid, kind, name} of owned) expect(uids.get(uid)).toBe(`${kind}/${name}`);
});

test('the namespaces are unguarded: no Pod Security label, LimitRange or ResourceQuota', () => {
  expect([...of('LimitRange'), ...of('ResourceQuota')]).toEqual([]);
  for (const namespace of of('Namespace')) expect(namespace.metadata.labels ?? {}).toEqual({});
  expect(names(of('NetworkPolicy'))).toEqual(['network/ddns', 'pantry/pantry-db']);
});

test('the kubelet of rpi-3 alone answers anonymous requests', () => {
  const anonymous = ['rpi-1', 'rpi-2', 'rpi-3'].map((node) => {
    const {authentication, authorization} = kubeletConfiguration(node);
    expect(asObject(asObject(authentication).x509).clientCAFile).toBe('/etc/kubernetes/pki/ca.crt');
    expect(asObject(authorization).mode).toBe('Webhook');
    return asObject(asObject(authentication).anonymous).enabled;
  });
  expect(anonymous).toEqual([false, false, true]);
});

test('no object is written twice', () => {
  const keys = objects.map(
    ({kind, apiVersion, metadata}) => `${apiVersion} ${kind} ${metadata.namespace} ${metadata.name}`,
  );
  expect(new Set(keys).size).toBe(keys.length);
});
