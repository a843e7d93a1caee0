import {createPrivateKey, webcrypto} from 'node:crypto';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {asArray, asObject} from '../../../src/engine/json.ts';
import {loadX509} from '../../../src/practice/api/pki.ts';
import {clientOf, type Practice, startPractice, watch} from './practice.ts';

let practice: Practice;
beforeAll(async () => {
  practice = await startPractice();
});
afterAll(() => practice.close());

const maps = '/api/v1/namespaces/shop/configmaps';
const deployments = '/apis/apps/v1/namespaces/shop/deployments';
const pods = '/api/v1/namespaces/shop/pods';
const deployment = (name: string, containers: readonly object[] = [{name: 'web', image: 'nginx:1'}]) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {name, labels: {app: name, tier: 'front'}},
  spec: {
    selector: {matchLabels: {app: name}},
    template: {metadata: {labels: {app: name}}, spec: {containers: containers as never}},
  },
});

describe('who may ask', () => {
  test('without a token one is anonymous, a wrong token is unauthorised', async () => {
    const nobody = clientOf({...practice.access, token: ''});
    expect((await nobody.ask('/api')).json).toMatchObject({
      code: 403,
      reason: 'Forbidden',
      message: 'forbidden: User "system:anonymous" cannot get path "/api"',
    });
    const stranger = clientOf({...practice.access, token: 'x'});
    expect((await stranger.ask('/api')).json).toMatchObject({code: 401, reason: 'Unauthorized'});
  });

  test('another host name is refused, so that a page in a browser can not reach it by rebinding', async () => {
    const {status, json} = await practice.ask('/api', {headers: {host: 'evil.example:443'}});
    expect(status).toBe(421);
    expect(json.message).toContain('evil.example');
  });

  test('impersonation is authorised by RBAC', async () => {
    const headers = {'impersonate-user': 'jane'};
    expect((await practice.ask(pods, {headers})).status).toBe(200);
    const refused = await practice.ask('/api/v1/namespaces/shop/secrets', {headers});
    expect(refused.json).toMatchObject({
      code: 403,
      message:
        'secrets is forbidden: User "jane" cannot list resource "secrets" in API group "" in the namespace "shop"',
      details: {kind: 'secrets'},
    });
  });

  test('a ServiceAccount token is its account, for what its roles allow', async () => {
    const made = await practice.ask('/api/v1/namespaces/shop/serviceaccounts/default/token', {
      body: {spec: {expirationSeconds: 600}},
    });
    expect(made.status).toBe(201);
    const token = String(asObject(made.json.status).token);
    const account = clientOf({...practice.access, token});
    expect((await account.ask(pods)).status).toBe(200);
    expect((await account.ask('/api/v1/nodes')).json.message).toContain('system:serviceaccount:shop:default');
    const forged = clientOf({...practice.access, token: `${token.slice(0, -4)}AAAA`});
    expect((await forged.ask(pods)).status).toBe(401);
  });

  test('nobody grants what they have not', async () => {
    const rules = [{apiGroups: ['*'], resources: ['*'], verbs: ['*']}];
    await practice.ask('/apis/rbac.authorization.k8s.io/v1/clusterroles', {
      body: {
        metadata: {name: 'role-maker'},
        rules: [{apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles'], verbs: ['create']}],
      },
    });
    await practice.ask('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
      body: {
        metadata: {name: 'role-maker'},
        roleRef: {kind: 'ClusterRole', name: 'role-maker'},
        subjects: [{kind: 'User', name: 'mallory'}],
      },
    });
    const {status, json} = await practice.ask('/apis/rbac.authorization.k8s.io/v1/namespaces/shop/roles', {
      body: {metadata: {name: 'all'}, rules},
      headers: {'impersonate-user': 'mallory'},
    });
    expect(status).toBe(403);
    expect(json.message).toContain('is attempting to grant RBAC permissions not currently held');
  });
});

test('an approved request becomes a client certificate that works', async () => {
  const x509 = await loadX509();
  const algorithm = {name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256'} as const;
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const asked = await x509.Pkcs10CertificateRequestGenerator.create({
    name: 'CN=jane, O=dev',
    keys,
    signingAlgorithm: algorithm,
  });
  const path = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
  const body = {
    metadata: {name: 'jane'},
    spec: {
      request: Buffer.from(asked.toString('pem')).toString('base64'),
      signerName: 'kubernetes.io/kube-apiserver-client',
      usages: ['client auth'],
    },
  };
  expect((await practice.ask(path, {body})).status).toBe(201);
  const stream = await watch(practice, `${path}?watch=true&fieldSelector=metadata.name%3Djane`);
  const conditions = [{type: 'Approved', status: 'True', reason: 'Test', message: 'by the test'}];
  await practice.ask(`${path}/jane/approval`, {body: {status: {conditions}}, type: 'merge'});
  let certificate = '';
  while (!certificate) certificate = String(asObject((await stream.next()).object.status).certificate ?? '');
  stream.close();
  const exported = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  const key = createPrivateKey({key: Buffer.from(exported), format: 'der', type: 'pkcs8'});
  const jane = clientOf({
    ...practice.access,
    certificate: {
      cert: Buffer.from(certificate, 'base64').toString(),
      key: key.export({format: 'pem', type: 'pkcs8'}).toString(),
    },
  });
  expect((await jane.ask(pods)).status).toBe(200);
  expect((await jane.ask(maps)).json.message).toContain('User "jane" cannot list resource "configmaps"');
});

describe('reading', () => {
  test('discovery is aggregated for who asks so, and plain for the others', async () => {
    const plain = await practice.ask('/apis');
    expect(plain.json.kind).toBe('APIGroupList');
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
    const whole = await practice.ask('/apis', {headers: {accept}});
    expect(whole.headers['content-type']).toBe(accept);
    expect(whole.json.kind).toBe('APIGroupDiscoveryList');
    expect((await practice.ask('/apis/apps/v1')).json).toMatchObject({
      kind: 'APIResourceList',
      groupVersion: 'apps/v1',
    });
  });

  test('lists come in pages of one moment', async () => {
    for (const name of ['page-1', 'page-2', 'page-3'])
      await practice.ask(maps, {body: {metadata: {name, labels: {set: 'pages'}}}});
    const first = await practice.ask(`${maps}?limit=2&labelSelector=set%3Dpages`);
    expect(asArray(first.json.items)).toHaveLength(2);
    await practice.ask(`${maps}/page-3`, {method: 'DELETE'});
    const {continue: token, resourceVersion} = asObject(first.json.metadata);
    const second = await practice.ask(`${maps}?limit=2&continue=${String(token)}`);
    expect(asArray(second.json.items).map((item) => asObject(asObject(item).metadata).name)).toEqual([
      'page-3',
    ]);
    expect(asObject(second.json.metadata)).toEqual({resourceVersion});
    expect((await practice.ask(`${maps}?continue=bm9uc2Vuc2U`)).status).toBe(400);
  });

  test.each([
    ['app=one', ['one']],
    ['app!=one,tier', ['two']],
    ['app in (one, two),!none', ['one', 'two']],
    ['app notin (one),tier=front', ['two']],
  ])('labels %s', async (selector, names) => {
    for (const name of ['one', 'two']) await practice.ask(deployments, {body: deployment(name)});
    const {json} = await practice.ask(`${deployments}?labelSelector=${encodeURIComponent(selector)}`);
    expect(asArray(json.items).map((item) => asObject(asObject(item).metadata).name)).toEqual(names);
  });

  test('fields that a kind is not selected by are refused', async () => {
    const named = await practice.ask(`${deployments}?fieldSelector=metadata.name%3Dtwo`);
    expect(asArray(named.json.items)).toHaveLength(1);
    expect((await practice.ask(`${deployments}?fieldSelector=spec.replicas%3D1`)).json).toMatchObject({
      code: 400,
      message: '"spec.replicas" is not a known field selector: only "metadata.name", "metadata.namespace"',
    });
  });

  test('a table has the columns that kubectl shows', async () => {
    const headers = {accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'};
    const {json} = await practice.ask(`${deployments}/one`, {headers});
    expect(asArray(json.columnDefinitions).map((column) => asObject(column).name)).toEqual([
      'Name',
      'Ready',
      'Up-to-date',
      'Available',
      'Age',
      'Containers',
      'Images',
      'Selector',
    ]);
    expect(asArray(asObject(asArray(json.rows)[0]).cells).slice(0, 4)).toEqual(['one', '0/1', 0, 0]);
  });

  test('what is missing says so', async () => {
    expect((await practice.ask(`${deployments}/none`)).json).toMatchObject({
      message: 'deployments.apps "none" not found',
      details: {name: 'none', group: 'apps', kind: 'deployments'},
    });
    expect((await practice.ask('/apis/none.example/v1/things')).status).toBe(404);
    await practice.ask(pods, {
      body: {metadata: {name: 'quiet'}, spec: {containers: [{name: 'c', image: 'x'}]}},
    });
    const exec = await practice.ask(`${pods}/quiet/exec?command=sh`);
    expect(exec.json).toMatchObject({code: 400, message: 'Upgrade request required'});
  });

  test("configz is the kubelet's file on the node", async () => {
    const {json} = await practice.ask('/api/v1/nodes/node-1/proxy/configz');
    expect(json).toEqual({kubeletconfig: {authentication: {anonymous: {enabled: false}}}});
  });
});

describe('writing', () => {
  test('a pod gets what a real server gives it', async () => {
    const {status, json} = await practice.ask(pods, {
      body: {
        metadata: {name: 'web'},
        spec: {containers: [{name: 'c', image: 'nginx', ports: [{containerPort: 80}]}], hostNetwork: false},
      },
    });
    expect(status).toBe(201);
    expect(json).toMatchObject({
      metadata: {generation: 1},
      spec: {
        restartPolicy: 'Always',
        serviceAccountName: 'default',
        containers: [
          {
            imagePullPolicy: 'Always',
            ports: [{containerPort: 80, protocol: 'TCP'}],
            volumeMounts: [{mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true}],
          },
        ],
      },
      status: {phase: 'Pending', qosClass: 'BestEffort'},
    });
    expect(asObject(json.spec)).not.toHaveProperty('hostNetwork');
  });

  test('no token is mounted where the account says no', async () => {
    const {json} = await practice.ask(pods, {
      body: {
        metadata: {name: 'mute'},
        spec: {serviceAccountName: 'quiet', containers: [{name: 'c', image: 'nginx'}]},
      },
    });
    expect(asObject(json.spec)).not.toHaveProperty('volumes');
  });

  test('unknown and double fields: refused, warned of, or dropped', async () => {
    const raw = '{"metadata":{"name":"odd"},"data":{"a":"b","a":"c"},"foo":{"bar":1}}';
    const strict = await practice.ask(`${maps}?fieldValidation=Strict`, {raw});
    expect(strict.json).toMatchObject({
      code: 400,
      message:
        'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: duplicate field "data.a", unknown field "foo"',
    });
    const warned = await practice.ask(`${maps}?dryRun=All`, {raw});
    expect(warned.status).toBe(201);
    expect(warned.headers.warning).toBe(
      '299 - "duplicate field \\"data.a\\"", 299 - "unknown field \\"foo\\""',
    );
    const ignored = await practice.ask(`${maps}?dryRun=All&fieldValidation=Ignore`, {raw});
    expect(ignored.headers.warning).toBeUndefined();
    expect(ignored.json).not.toHaveProperty('foo');
  });

  test('a dry run stores nothing', async () => {
    expect((await practice.ask(`${maps}?dryRun=All`, {body: {metadata: {name: 'dry'}}})).status).toBe(201);
    expect((await practice.ask(`${maps}/dry`)).status).toBe(404);
  });

  test('an old resourceVersion is a conflict, and the same write twice changes nothing', async () => {
    const made = await practice.ask(maps, {body: {metadata: {name: 'contested'}, data: {a: 'b'}}});
    const object = made.json;
    const replaced = await practice.ask(`${maps}/contested`, {
      method: 'PUT',
      body: {...object, data: {a: 'c'}},
    });
    expect(replaced.status).toBe(200);
    const late = await practice.ask(`${maps}/contested`, {method: 'PUT', body: {...object, data: {a: 'd'}}});
    expect(late.json).toMatchObject({code: 409, reason: 'Conflict'});
    const same = await practice.ask(`${maps}/contested`, {body: {data: {a: 'c'}}, type: 'merge'});
    expect(asObject(same.json.metadata).resourceVersion).toBe(
      asObject(replaced.json.metadata).resourceVersion,
    );
  });

  test('a strategic merge finds the container by its name; a merge replaces the list', async () => {
    await practice.ask(deployments, {
      body: deployment('patched', [
        {name: 'a', image: 'a:1'},
        {name: 'b', image: 'b:1'},
      ]),
    });
    const path = `${deployments}/patched`;
    const containers = (items: readonly object[]) => ({
      spec: {template: {spec: {containers: items as never}}},
    });
    const strategic = await practice.ask(path, {
      body: containers([{name: 'b', image: 'b:2'}]),
      type: 'strategic-merge',
    });
    const images = (json: typeof strategic.json) =>
      asArray(asObject(asObject(asObject(json.spec).template).spec).containers).map(
        (item) => asObject(item).image,
      );
    expect(images(strategic.json)).toEqual(['a:1', 'b:2']);
    expect(asObject(strategic.json.metadata).generation).toBe(2);
    const merged = await practice.ask(path, {body: containers([{name: 'c', image: 'c:1'}]), type: 'merge'});
    expect(images(merged.json)).toEqual(['c:1']);
    const json = await practice.ask(path, {
      body: [{op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'c:2'}],
      type: 'json',
    });
    expect(images(json.json)).toEqual(['c:2']);
  });

  test('server-side apply owns what it names, and refuses what another owns', async () => {
    const path = `${maps}/owned`;
    const apply = (manager: string, data: string, force = '') =>
      practice.ask(`${path}?fieldManager=${manager}${force}`, {
        method: 'PATCH',
        type: 'apply',
        raw: `{apiVersion: v1, kind: ConfigMap, metadata: {name: owned}, data: {${data}}}`,
      });
    expect((await apply('one', 'a: x, b: v')).status).toBe(201);
    const refused = await apply('two', 'a: z');
    expect(refused.json).toMatchObject({
      code: 409,
      message: 'Apply failed with 1 conflict: conflict with "one": .data.a',
      details: {causes: [{reason: 'FieldManagerConflict', field: '.data.a'}]},
    });
    expect((await apply('two', 'a: z', '&force=true')).json.data).toEqual({a: 'z', b: 'v'});
    expect((await apply('one', 'c: w')).json.data).toEqual({a: 'z', c: 'w'});
  });

  test('finalizers hold an object until they are gone', async () => {
    await practice.ask(maps, {body: {metadata: {name: 'held', finalizers: ['example.com/hold']}}});
    const deleted = await practice.ask(`${maps}/held`, {method: 'DELETE'});
    expect(asObject(deleted.json.metadata)).toHaveProperty('deletionTimestamp');
    expect((await practice.ask(`${maps}/held`)).status).toBe(200);
    await practice.ask(`${maps}/held`, {body: {metadata: {finalizers: null}}, type: 'merge'});
    expect((await practice.ask(`${maps}/held`)).status).toBe(404);
  });

  test('a body that is no JSON, or too large, is refused and the server goes on', async () => {
    expect((await practice.ask(maps, {raw: '{"metadata":'})).status).toBe(400);
    expect((await practice.ask(maps, {raw: '[]'})).status).toBe(400);
    expect((await practice.ask(maps, {raw: ' '.repeat(4_000_000)})).status).toBe(413);
    expect((await practice.ask('/api/v1/namespaces/%E0%A4%A/configmaps')).status).toBe(404);
    expect((await practice.ask('/readyz')).text).toBe('ok');
  });
});
