import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {Step} from '../../src/engine/change.ts';
import {Inventory} from '../../src/engine/inventory.ts';
import {preparePlan} from '../../src/fix/prepare.ts';
import {liveTarget} from '../../src/target/live/live.ts';
import type {Target} from '../../src/target/target.ts';
import {type ControlPlane, startControlPlane, until} from '../helpers/control-plane.ts';
import {intoInventory} from '../helpers/events.ts';
import {hasShared} from '../helpers/shared.ts';

const objects = `
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: lone, namespace: shop}
spec: {containers: [{name: main, image: web:1}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: fixer, namespace: shop}
rules:
- {apiGroups: [""], resources: [serviceaccounts], resourceNames: [web], verbs: [patch]}
- {apiGroups: [networking.k8s.io], resources: [networkpolicies], verbs: [create]}
`;

const on = (kind: string, name: string, namespace = 'shop') => ({apiVersion: 'v1', kind, namespace, name});
const path = ['automountServiceAccountToken'] as const;
const edit = (kind: string, name: string, namespace?: string): Step => ({
  do: 'edit',
  object: on(kind, name, namespace),
  edits: [{op: 'set', path: [...path], value: {json: false}}],
});

describe.skipIf(!hasShared)('what one may do', () => {
  let plane: ControlPlane;
  const targets: Target[] = [];
  const as = async (user: string, namespaces?: readonly string[]): Promise<Target> => {
    const kubeconfig = await plane.user(user);
    const target = await liveTarget({kubeconfig, ...(namespaces ? {namespaces} : {})});
    targets.push(target);
    return target;
  };

  beforeAll(async () => {
    plane = await startControlPlane();
    await plane.load(objects);
  }, 120_000);

  afterAll(async () => {
    for (const target of targets) await target.close();
    await plane?.stop();
  });

  it('is everything for an administrator', async () => {
    const admin = await liveTarget({kubeconfig: plane.kubeconfig});
    targets.push(admin);
    const access = await admin.access!(['shop']);
    expect(access.denial(edit('Namespace', 'shop', ''))).toBeUndefined();
    expect(access.denial({do: 'recreate', object: on('Pod', 'lone'), edits: []})).toBeUndefined();
  });

  it('is nothing for a viewer: each step names the permission', async () => {
    await plane.kubectl('-n', 'shop', 'create', 'rolebinding', 'v', '--clusterrole=view', '--user=viewer');
    const access = await (await as('viewer')).access!(['shop']);
    expect(access.denial(edit('ServiceAccount', 'web'))).toEqual({
      permission: 'patch serviceaccounts in namespace shop',
      reason:
        'User viewer may not patch serviceaccounts in namespace shop of local, which ServiceAccount shop/web needs.',
    });
    expect(access.denial(edit('Namespace', 'shop', ''))?.permission).toBe('patch namespaces');
    expect(access.denial({do: 'recreate', object: on('Pod', 'lone'), edits: []})?.permission).toBe(
      'delete and create pods in namespace shop',
    );
  });

  it('is what a Role gives by name and by verb, and nothing beside it', async () => {
    await plane.kubectl('-n', 'shop', 'create', 'rolebinding', 'f', '--role=fixer', '--user=fixer');
    const access = await (await as('fixer')).access!(['shop']);
    expect(access.denial(edit('ServiceAccount', 'web'))).toBeUndefined();
    expect(access.denial(edit('ServiceAccount', 'default'))?.permission).toBe(
      'patch serviceaccounts in namespace shop',
    );
    const policy = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: {name: 'deny', namespace: 'shop'},
    };
    expect(access.denial({do: 'create', id: 'p', object: {base: policy}})).toBeUndefined();
    expect(
      access.denial({
        do: 'create',
        id: 'p',
        object: {base: {...policy, apiVersion: 'v1', kind: 'LimitRange'}},
      })?.permission,
    ).toBe('create limitranges in namespace shop');
  });

  it('refuses in the preview what the server can not dry-run: a pod that is made again', async () => {
    const viewer = await as('viewer', ['shop']);
    const plan = await preparePlan({
      target: viewer,
      inventory: new Inventory(),
      change: {
        id: 'again',
        steps: [
          {
            do: 'recreate',
            object: on('Pod', 'lone'),
            edits: [{op: 'set', path: ['spec', ...path], value: {json: false}}],
          },
        ],
      },
      access: await viewer.access!(['shop']),
    });
    expect(plan.items[0]?.rejection).toBe(
      'User viewer may not delete and create pods in namespace shop of local, which Pod shop/lone needs.',
    );
    expect(plan.server[0]?.mark).toBe('failed');
  });

  it('is looked at again when it is asked for: what was forbidden appears, and is followed', async () => {
    await plane.kubectl('-n', 'shop', 'create', 'rolebinding', 'l', '--clusterrole=view', '--user=late');
    const late = await as('late', ['shop']);
    const inventory = new Inventory();
    const stop = new AbortController();
    const watching = late.watch((events) => intoInventory(events, inventory), stop.signal);
    await until(() => inventory.get('Pod', 'shop', 'lone') !== undefined, 'the first list');
    await until(() => inventory.gap('Node') !== undefined, 'the gap of nodes');
    expect(inventory.get('ServiceAccount', 'kube-system', 'default')).toBeUndefined();
    await plane.kubectl('create', 'clusterrolebinding', 'l', '--clusterrole=cluster-admin', '--user=late');
    await until(() => {
      late.relist!();
      return inventory.gap('Node') === undefined && inventory.gap('ClusterRole') === undefined;
    }, 'nodes and roles are read');
    await until(() => {
      late.relist!();
      return inventory.get('ServiceAccount', 'kube-system', 'default') !== undefined;
    }, 'all namespaces are read');
    await plane.kubectl('create', 'clusterrole', 'fresh', '--verb=get', '--resource=pods');
    await until(() => inventory.get('ClusterRole', '', 'fresh') !== undefined, 'the new role is followed');
    stop.abort();
    await watching;
  });

  it('reads one more namespace, too, once a binding there allows it', async () => {
    await plane.kubectl('create', 'namespace', 'store');
    await plane.kubectl('-n', 'shop', 'create', 'rolebinding', 'p', '--clusterrole=view', '--user=part');
    const part = await as('part', ['shop', 'store']);
    const inventory = new Inventory();
    const stop = new AbortController();
    const watching = part.watch((events) => intoInventory(events, inventory), stop.signal);
    await until(() => inventory.unreadable().size > 0, 'that a part is read');
    expect([...inventory.unreadable().values()]).toEqual(['User part may read namespace shop only.']);
    await plane.kubectl('-n', 'store', 'create', 'rolebinding', 'p', '--clusterrole=view', '--user=part');
    await until(() => {
      part.relist!();
      return inventory.get('ServiceAccount', 'store', 'default') !== undefined;
    }, 'the other namespace is read');
    await until(() => inventory.unreadable().size === 0, 'that nothing is missing is told');
    await plane.kubectl('-n', 'store', 'create', 'serviceaccount', 'fresh');
    await until(() => inventory.get('ServiceAccount', 'store', 'fresh') !== undefined, 'it is followed');
    expect(inventory.gap('Node')).toBeDefined();
    stop.abort();
    await watching;
  });

  it('tells a permission that was taken away meanwhile', async () => {
    await plane.kubectl('create', 'clusterrolebinding', 'g', '--clusterrole=cluster-admin', '--user=gone');
    const kubeconfig = await plane.user('gone');
    const gone = await liveTarget({kubeconfig, timing: {watchSeconds: 1, backoff: {first: 50, most: 100}}});
    targets.push(gone);
    const inventory = new Inventory();
    const stop = new AbortController();
    const watching = gone.watch((events) => intoInventory(events, inventory), stop.signal);
    await until(() => inventory.get('Pod', 'shop', 'lone') !== undefined, 'the first list');
    await plane.kubectl('delete', 'clusterrolebinding', 'g');
    await until(() => inventory.gap('Pod') !== undefined, 'the gap of pods');
    expect(inventory.gaps().get('Pod')).toEqual({
      reason: 'User gone may not watch Pods in local.',
      permission: 'list pods',
    });
    await plane.kubectl('create', 'clusterrolebinding', 'g', '--clusterrole=cluster-admin', '--user=gone');
    await until(() => inventory.gap('Pod') === undefined, 'pods are read again');
    stop.abort();
    await watching;
  });
});
