import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {Change, Edit} from '../../src/engine/change.ts';
import type {Json, JsonObject} from '../../src/engine/json.ts';
import type {Ref} from '../../src/engine/objects.ts';
import {element, getAt, type Path} from '../../src/engine/path.ts';
import {liveTarget} from '../../src/target/live/live.ts';
import {type Target, TargetError, type TargetEvent} from '../../src/target/target.ts';
import {type ControlPlane, startControlPlane, until} from '../helpers/control-plane.ts';
import {intoInventory} from '../helpers/events.ts';
import {hasShared} from '../helpers/shared.ts';

const shop = `
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: shop}
---
apiVersion: v1
kind: Secret
metadata: {name: database, namespace: shop}
stringData: {password: hunter2-in-etcd}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: side
        image: side:1
      - name: web
        image: web:1
        env: [{name: DB_PASSWORD, value: in-plain-sight}]
---
apiVersion: v1
kind: Pod
metadata: {name: bare, namespace: shop}
spec: {containers: [{name: bare, image: bare:1}]}
`;

const deployment: Ref = {apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web'};
const account: Ref = {apiVersion: 'v1', kind: 'ServiceAccount', namespace: 'shop', name: 'web'};
const bare: Ref = {apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'bare'};
const web: Path = ['spec', 'template', 'spec', 'containers', element('name', 'web')];
const set = (path: Path, json: Json): Edit => ({op: 'set', path, value: {json}});
const changeOf = (...steps: Change['steps']): Change => ({id: 'test', steps});
const token = set(['automountServiceAccountToken'], false);

const problemOf = async (work: Promise<unknown>): Promise<TargetError> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof TargetError)) throw new Error(`expected a TargetError, got ${String(error)}`);
  return error;
};

describe.skipIf(!hasShared)('a live cluster', () => {
  let plane: ControlPlane;
  let target: Target;

  beforeAll(async () => {
    plane = await startControlPlane();
    await plane.load(shop);
    await plane.kubectl('-n', 'shop', 'rollout', 'status', 'deployment/web');
    target = await liveTarget({kubeconfig: plane.kubeconfig, timing: {pageSize: 2}});
  }, 120_000);

  afterAll(async () => {
    await target?.close();
    await plane?.stop();
  });

  describe('list', () => {
    it('holds every kind, in pages, with apiVersion and kind, without bookkeeping and without data of Secrets', async () => {
      const inventory = intoInventory(await target.list());
      expect(inventory.get('Deployment', 'shop', 'web')?.object).toMatchObject({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
      });
      expect(inventory.list('Node').map(({name}) => name)).toEqual(['rpi-1', 'rpi-2', 'rpi-3']);
      expect(inventory.list('ClusterRole').length).toBeGreaterThan(30);
      expect(inventory.list('Pod', 'shop')).toHaveLength(3);
      const secret = inventory.get('Secret', 'shop', 'database');
      expect(secret?.object).toMatchObject({apiVersion: 'v1', kind: 'Secret'});
      const everything = JSON.stringify(
        [...inventory.kinds()].map((kind) => inventory.list(kind).map(({object}) => object)),
      );
      expect(everything).not.toContain('managedFields');
      expect(everything).not.toContain('last-applied-configuration');
      expect(everything).not.toContain(btoa('hunter2-in-etcd'));
      expect(inventory.gap('Pod')).toBeUndefined();
      expect(inventory.gap('Kubelet')).toContain('nodes/proxy');
    });

    it('tells that a kubelet did not answer when it was asked', async () => {
      const asking = await liveTarget({kubeconfig: plane.kubeconfig, nodesProxy: true});
      const inventory = intoInventory(await asking.list());
      expect(inventory.gap('Kubelet')).toMatch(
        /^The configuration of the kubelet of rpi-\d could not be read: /,
      );
      await asking.close();
    });
  });

  it('knows the cluster by the uid of kube-system', async () => {
    const uid = await plane.kubectl('get', 'namespace', 'kube-system', '-o', 'jsonpath={.metadata.uid}');
    expect(await target.identity()).toBe(uid);
  });

  it('follows what others change, with who did it, until it is aborted', async () => {
    const events: TargetEvent[] = [];
    const stop = new AbortController();
    const watching = target.watch((batch) => events.push(...batch), stop.signal);
    await until(() => events.some(({type}) => type === 'ready'), 'ready');
    const before = events.length;
    await plane.kubectl('-n', 'shop', 'create', 'configmap', 'late', '--from-literal=a=b');
    await plane.kubectl('-n', 'shop', 'label', 'configmap', 'late', 'team=a');
    await plane.kubectl('-n', 'shop', 'delete', 'configmap', 'late');
    await until(
      () => events.some((event) => event.type === 'delete' && event.key === 'ConfigMap/shop/late'),
      'the deletion of late',
    );
    const late = events
      .slice(before)
      .filter((event) => event.type === 'set' && event.resource.name === 'late');
    expect(late).toHaveLength(2);
    expect(late[0]).toMatchObject({manager: 'kubectl-create'});
    expect(late[1]).toMatchObject({manager: 'kubectl-label'});
    stop.abort();
    await watching;
  });

  describe('preview', () => {
    it('shows what the server would store, defaults of its own included, and writes nothing', async () => {
      const probe = set([...web, 'livenessProbe'], {tcpSocket: {port: 80}});
      const [item] = await target.preview(changeOf({do: 'edit', object: deployment, edits: [probe]}));
      expect(item).toMatchObject({confirmedBy: 'server', warnings: [], ref: deployment});
      expect(item?.rejection).toBeUndefined();
      expect(getAt(item?.after, [...web, 'livenessProbe', 'failureThreshold'])).toBe(3);
      expect(getAt(item?.before, [...web, 'livenessProbe'])).toBeUndefined();
      expect(item?.before).not.toHaveProperty('status');
      expect(item?.before?.metadata).not.toHaveProperty('resourceVersion');
      expect(await plane.kubectl('-n', 'shop', 'get', 'deployment', 'web', '-o', 'yaml')).not.toContain(
        'livenessProbe',
      );
    });

    it('never shows a credential', async () => {
      const items = await target.preview(
        changeOf({do: 'edit', object: deployment, edits: [set(['spec', 'paused'], true)]}),
      );
      expect(JSON.stringify(items)).not.toContain('in-plain-sight');
      expect(getAt(items[0]?.after, [...web, 'env', 0, 'value'])).toBe('*** (14 chars)');
    });

    it('gives the reason where the server refuses', async () => {
      const [item] = await target.preview(
        changeOf({
          do: 'edit',
          object: deployment,
          edits: [set([...web, 'securityContext'], {privileged: true, allowPrivilegeEscalation: false})],
        }),
      );
      expect(item?.rejection).toContain(
        'cannot set `allowPrivilegeEscalation` to false and `privileged` to true',
      );
    });

    it('is strict: a field that does not exist is refused', async () => {
      const [item] = await target.preview(
        changeOf({do: 'edit', object: deployment, edits: [set([...web, 'readOnly'], true)]}),
      );
      expect(item?.rejection).toContain('unknown field');
    });

    it('hands on the warnings of the server', async () => {
      const [item] = await target.preview(
        changeOf({
          do: 'edit',
          object: {apiVersion: 'v1', kind: 'Namespace', namespace: '', name: 'shop'},
          edits: [set(['metadata', 'labels', 'pod-security.kubernetes.io/enforce'], 'restricted')],
        }),
      );
      expect(item?.warnings.join(' ')).toContain('violate the new PodSecurity enforce level');
    });

    it('computes what depends on an earlier step of the same change', async () => {
      const items = await target.preview(
        changeOf(
          {
            do: 'create',
            id: 'ns',
            object: {base: {apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'fresh'}}},
          },
          {
            do: 'create',
            id: 'map',
            object: {
              base: {
                apiVersion: 'v1',
                kind: 'ConfigMap',
                metadata: {name: 'inside', namespace: 'fresh'},
                data: {a: 'b'},
              },
            },
          },
        ),
      );
      expect(items.map(({confirmedBy, rejection}) => [confirmedBy, rejection])).toEqual([
        ['server', undefined],
        ['computed', undefined],
      ]);
    });

    it('says that an object is gone', async () => {
      const [item] = await target.preview(
        changeOf({do: 'edit', object: {...account, name: 'nobody'}, edits: [token]}),
      );
      expect(item?.rejection).toBe(
        'ServiceAccount shop/nobody was deleted meanwhile. There is nothing left to change.',
      );
    });
  });

  describe('apply', () => {
    it('writes only the touched field, under its own name', async () => {
      const [item] = await target.preview(changeOf({do: 'edit', object: account, edits: [token]}));
      const applied = await target.apply(item!);
      expect(applied.before).not.toHaveProperty('automountServiceAccountToken');
      expect(applied.after).toMatchObject({automountServiceAccountToken: false});
      const managers = await plane.kubectl(
        '-n',
        'shop',
        'get',
        'sa',
        'web',
        '--show-managed-fields',
        '-o',
        'json',
      );
      const {metadata} = JSON.parse(managers) as {metadata: {managedFields: JsonObject[]}};
      expect(metadata.managedFields.find(({manager}) => manager === 'kubekata')?.fieldsV1).toEqual({
        'f:automountServiceAccountToken': {},
      });
      const again = await target.apply(item!);
      expect(again.after).toEqual(applied.after);
    });

    it('is a conflict when a touched value is another than previewed, and tells which', async () => {
      const image = set([...web, 'image'], 'web:2');
      const [item] = await target.preview(changeOf({do: 'edit', object: deployment, edits: [image]}));
      await plane.kubectl('-n', 'shop', 'set', 'image', 'deployment/web', 'web=web:hotfix');
      const problem = await problemOf(target.apply(item!));
      expect(problem.problem).toBe('conflict');
      expect(problem.message).toBe('Deployment shop/web changed while you read. Nothing was applied.');
      expect(problem.details).toEqual([
        'spec.template.spec.containers[1].image: web:1 ➜ web:hotfix, by kubectl-set',
      ]);
      await plane.kubectl('-n', 'shop', 'set', 'image', 'deployment/web', 'web=web:1');
    });

    it('is no conflict when something else changed, and keeps that', async () => {
      const image = set([...web, 'imagePullPolicy'], 'Always');
      const [item] = await target.preview(changeOf({do: 'edit', object: deployment, edits: [image]}));
      await plane.kubectl('-n', 'shop', 'scale', 'deployment/web', '--replicas=3');
      await target.apply(item!);
      const now = await target.read(deployment);
      expect(getAt(now, ['spec', 'replicas'])).toBe(3);
      expect(getAt(now, [...web, 'imagePullPolicy'])).toBe('Always');
    });

    it('is a conflict when the object was deleted and made again', async () => {
      await plane.kubectl('-n', 'shop', 'create', 'serviceaccount', 'twin');
      const twin = {...account, name: 'twin'};
      const [item] = await target.preview(changeOf({do: 'edit', object: twin, edits: [token]}));
      await plane.kubectl('-n', 'shop', 'delete', 'serviceaccount', 'twin');
      expect((await problemOf(target.apply(item!))).problem).toBe('gone');
      await plane.kubectl('-n', 'shop', 'create', 'serviceaccount', 'twin');
      const problem = await problemOf(target.apply(item!));
      expect(problem.problem).toBe('conflict');
      expect(problem.message).toContain('was deleted and made again while you read');
    });

    it('moves a credential into a Secret without carrying it', async () => {
      const value = {
        from: deployment,
        path: [...web, 'env', element('name', 'DB_PASSWORD'), 'value'],
      } as const;
      const base = {apiVersion: 'v1', kind: 'Secret', metadata: {name: 'web-env', namespace: 'shop'}};
      const at = [...web, 'env', element('name', 'DB_PASSWORD')];
      const items = await target.preview(
        changeOf(
          {
            do: 'create',
            id: 'secret',
            object: {
              base,
              edits: [{op: 'set', path: ['data', 'DB_PASSWORD'], value: {...value, encode: 'base64'}}],
            },
          },
          {
            do: 'edit',
            object: deployment,
            edits: [
              {op: 'remove', path: [...at, 'value']},
              set([...at, 'valueFrom'], {secretKeyRef: {name: 'web-env', key: 'DB_PASSWORD'}}),
            ],
          },
        ),
      );
      expect(items.map(({rejection}) => rejection)).toEqual([undefined, undefined]);
      expect(JSON.stringify(items.map(({before, after}) => [before, after]))).not.toMatch(
        /in-plain-sight|aW4tcGxhaW4/,
      );
      for (const item of items) await target.apply(item);
      const stored = await plane.kubectl(
        '-n',
        'shop',
        'get',
        'secret',
        'web-env',
        '-o',
        'jsonpath={.data.DB_PASSWORD}',
      );
      expect(atob(stored)).toBe('in-plain-sight');
      const now = JSON.stringify(await target.read(deployment));
      expect(now).toContain('secretKeyRef');
      expect(now).not.toContain('in-plain-sight');
    });

    it('makes a pod again, changed, with a new uid, and its token volume gone', async () => {
      const edits = [set(['spec', 'automountServiceAccountToken'], false)];
      const [item] = await target.preview(changeOf({do: 'recreate', object: bare, edits}));
      expect(item?.confirmedBy).toBe('computed');
      const applied = await target.apply(item!);
      expect(applied.uid).not.toBe(item?.expected.uid);
      const now = await target.read(bare);
      expect(getAt(now, ['spec', 'automountServiceAccountToken'])).toBe(false);
      expect(getAt(now, ['spec', 'volumes'])).toBeUndefined();
    });

    it('puts the old object back where the new one is refused', async () => {
      const edits = [
        set(['spec', 'containers', element('name', 'bare'), 'image'], 'bare:2'),
        set(['spec', 'priority'], 7),
      ];
      const [item] = await target.preview(changeOf({do: 'recreate', object: bare, edits}));
      const problem = await problemOf(target.apply(item!));
      expect(problem.problem).toMatch(/rejected|forbidden/);
      expect(problem.details.at(-1)).toBe('Pod shop/bare was put back as it was.');
      expect(getAt(await target.read(bare), ['spec', 'containers', 0, 'image'])).toBe('bare:1');
    });

    it('deletes the very object that was previewed', async () => {
      const twin = {...account, name: 'twin'};
      const [item] = await target.preview(changeOf({do: 'delete', object: twin}));
      expect(item).toMatchObject({after: undefined, confirmedBy: 'server'});
      await target.apply(item!);
      expect(await target.read(twin)).toBeUndefined();
    });
  });

  describe('what one may not see', () => {
    it('is read in the namespace where it is allowed, and the rest is told', async () => {
      await plane.kubectl(
        '-n',
        'shop',
        'create',
        'rolebinding',
        'viewer',
        '--clusterrole=view',
        '--user=viewer',
      );
      const kubeconfig = await plane.user('viewer');
      const viewer = await liveTarget({kubeconfig, namespaces: ['shop']});
      const inventory = intoInventory(await viewer.list());
      expect(inventory.get('Deployment', 'shop', 'web')).toBeDefined();
      expect(inventory.get('Namespace', '', 'shop')).toBeDefined();
      expect(inventory.gap('Deployment')).toBeUndefined();
      expect(inventory.gaps().get('ClusterRole')).toMatchObject({
        reason: 'User viewer may not list ClusterRoles in local.',
      });
      expect([...inventory.unreadable().values()]).toEqual([]);
      const [item] = await viewer.preview(
        changeOf({do: 'edit', object: deployment, edits: [set(['spec', 'paused'], true)]}),
      );
      expect(item?.rejection).toContain('User "viewer" cannot patch resource "deployments"');
      await viewer.close();
    });

    it('is what the one may see that the kubeconfig acts as, groups too', async () => {
      const config = JSON.parse(await plane.kubectl('config', 'view', '--raw', '-o', 'json')) as {
        users: {user: object}[];
      };
      config.users[0]!.user = {...config.users[0]!.user, as: 'dave', 'as-groups': ['readers', 'others']};
      const kubeconfig = join(plane.folder, 'as.kubeconfig');
      writeFileSync(kubeconfig, JSON.stringify(config));
      await plane.kubectl('create', 'clusterrolebinding', 'readers', '--clusterrole=view', '--group=readers');
      const dave = await liveTarget({kubeconfig});
      const inventory = intoInventory(await dave.list());
      expect(inventory.gap('Deployment')).toBeUndefined();
      expect(inventory.gap('Node')).toBe('User dave may not list Nodes in local.');
      await dave.close();
    });

    it('is an error where nothing may be read', async () => {
      const kubeconfig = await plane.user('nobody');
      const nobody = await liveTarget({kubeconfig});
      const problem = await problemOf(nobody.list());
      expect(problem.problem).toBe('forbidden');
      expect(problem.message).toMatch(/^User nobody may not list \w+ in local\.$/);
      await nobody.close();
    });
  });
});
