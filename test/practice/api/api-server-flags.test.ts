import {cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {asObject, type JsonObject} from '../../../src/engine/json.ts';
import {until} from '../../helpers/control-plane.ts';
import {type Client, clientOf, newDirectory, type Practice, startPractice, watch} from './practice.ts';

const home = join(import.meta.dirname, '../../../src/practice/scenarios/home/nodes');
const pods = '/api/v1/namespaces/shop/pods';

let practice: Practice;
let node: string;
let manifest: string;
let pristine: string;
let nobody: Client;
beforeEach(async () => {
  const directory = newDirectory();
  node = join(directory, 'nodes/rpi-1');
  manifest = join(node, 'etc/kubernetes/manifests/kube-apiserver.yaml');
  mkdirSync(join(directory, 'nodes'));
  cpSync(join(home, 'rpi-1'), node, {recursive: true});
  pristine = readFileSync(manifest, 'utf8');
  practice = await startPractice(directory);
  nobody = clientOf({...practice.access, token: ''});
});
afterEach(() => practice.close());

/** Adds flags to the manifest, and mounts for files; earlier edits are gone. */
function flags(...given: readonly string[]): void {
  const mounts = ['etc/kubernetes/audit', 'etc/kubernetes/authn', 'var/log/audit'];
  const lines = given.map((flag) => `        - ${flag}\n`).join('');
  const volumes = mounts
    .map((path, index) => `    - {name: m${index}, hostPath: {path: /${path}}}\n`)
    .join('');
  const mounted = mounts.map((path, index) => `        - {name: m${index}, mountPath: /${path}}\n`).join('');
  const names = given.map((flag) => flag.split('=')[0]!);
  const kept = pristine
    .split('\n')
    .filter((line) => !names.some((name) => line.includes(`${name}=`)))
    .join('\n');
  const text = kept
    .replace('        - kube-apiserver\n', `        - kube-apiserver\n${lines}`)
    .replace('      volumeMounts:\n', `      volumeMounts:\n${mounted}`)
    .replace('  volumes:\n', `  volumes:\n${volumes}`);
  writeFileSync(manifest, text);
}

const answers = async (): Promise<string> => {
  try {
    return String((await practice.ask('/version')).status);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
};
const becomes = (wanted: string) =>
  until(async () => (await answers()) === wanted, `/version answers ${wanted}`);
/** Asks until the answer has a status: the API starts anew after an edit. */
async function status(client: Client, path: string, wanted: number, body?: JsonObject): Promise<JsonObject> {
  let reply: JsonObject = {};
  await until(async () => {
    try {
      const got = await client.ask(path, body ? {body} : {});
      reply = got.json;
      return got.status === wanted;
    } catch {
      return false;
    }
  }, `${path} answers ${wanted}`);
  return reply;
}
const pod = (name: string, more: JsonObject = {}): JsonObject => ({
  metadata: {name},
  spec: {containers: [{name: 'main', image: 'nginx', ...more}]},
});

test('a flag that does not exist stops the API until it is mended', async () => {
  expect(await answers()).toBe('200');
  flags('--no-such-flag=1');
  await becomes('ECONNREFUSED');
  flags();
  await becomes('200');
});

test('without a manifest, or with one that is no YAML, nothing answers', async () => {
  renameSync(manifest, join(node, 'aside.yaml'));
  await becomes('ECONNREFUSED');
  renameSync(join(node, 'aside.yaml'), manifest);
  await becomes('200');
  writeFileSync(manifest, `${pristine}\n  bad: [`);
  await becomes('ECONNREFUSED');
  writeFileSync(manifest, pristine);
  await becomes('200');
});

test('a watch ends when the API starts anew, and goes on from where it was', async () => {
  const {json} = await practice.ask('/api/v1/namespaces/shop/configmaps');
  const revision = String(asObject(json.metadata).resourceVersion);
  const path = `/api/v1/namespaces/shop/configmaps?watch=1&resourceVersion=${revision}`;
  const first = await watch(practice, path);
  flags('--anonymous-auth=false');
  await expect(first.ended()).rejects.toThrow();
  await status(nobody, '/api', 401);
  await practice.ask('/api/v1/namespaces/shop/configmaps', {body: {metadata: {name: 'later'}}});
  const second = await watch(practice, path);
  expect((await second.next()).object.metadata.name).toBe('later');
  second.close();
});

test('who has no name: forbidden, unauthorised, or let through for some paths', async () => {
  expect((await status(nobody, '/api', 403)).message).toBe(
    'forbidden: User "system:anonymous" cannot get path "/api"',
  );
  expect((await clientOf({...practice.access, token: 'x'}).ask('/api')).status).toBe(401);
  flags('--anonymous-auth=false');
  await status(nobody, '/api', 401);
  expect((await nobody.ask('/healthz')).status).toBe(401);
  mkdirSync(join(node, 'etc/kubernetes/authn'));
  writeFileSync(
    join(node, 'etc/kubernetes/authn/config.yaml'),
    'apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\nanonymous: {enabled: true, conditions: [{path: /livez}]}\n',
  );
  flags('--authentication-config=/etc/kubernetes/authn/config.yaml');
  await status(nobody, '/livez', 403);
  expect((await nobody.ask('/healthz')).status).toBe(401);
});

test('authorisers: all is allowed, all is forbidden, RBAC is not asked', async () => {
  const made = await practice.ask('/api/v1/namespaces/shop/serviceaccounts/default/token', {
    body: {spec: {}},
  });
  const account = clientOf({...practice.access, token: String(asObject(made.json.status).token)});
  expect((await account.ask('/api/v1/nodes')).status).toBe(403);
  flags('--authorization-mode=AlwaysAllow');
  await status(account, '/api/v1/nodes', 200);
  expect((await nobody.ask('/api')).status).toBe(401);
  const rules = await account.ask('/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
    body: {spec: {namespace: 'shop'}},
  });
  expect(asObject(rules.json.status).resourceRules).toEqual([
    {verbs: ['*'], apiGroups: ['*'], resources: ['*']},
  ]);
  flags('--authorization-mode=AlwaysDeny');
  expect((await status(account, '/api/v1/nodes', 403)).message).toContain(
    'at the cluster scope: Everything is forbidden.',
  );
  expect((await practice.ask('/api/v1/nodes')).status).toBe(200);
  flags('--authorization-mode=Node');
  expect((await account.ask(pods)).status).toBe(403);
  flags('--authorization-mode=Node,RBAC');
  await status(account, pods, 200);
});

test('admission plugins are switched off and on', async () => {
  const labels = {'pod-security.kubernetes.io/enforce': 'baseline'};
  await practice.ask('/api/v1/namespaces/shop', {
    method: 'PATCH',
    type: 'merge',
    body: {metadata: {labels}},
  });
  const limit = {type: 'Container', default: {memory: '64Mi'}};
  await practice.ask('/api/v1/namespaces/shop/limitranges', {
    body: {metadata: {name: 'l'}, spec: {limits: [limit]}},
  });
  await practice.ask('/api/v1/namespaces/shop/resourcequotas', {
    body: {metadata: {name: 'q'}, spec: {hard: {configmaps: '0'}}},
  });
  const privileged = pod('one', {securityContext: {privileged: true}});
  expect((await practice.ask(`${pods}?dryRun=All`, {body: privileged})).json.message).toContain(
    'violates PodSecurity "baseline:latest"',
  );
  const map = '/api/v1/namespaces/shop/configmaps?dryRun=All';
  expect((await practice.ask(map, {body: {metadata: {name: 'm'}}})).json.message).toContain(
    'exceeded quota: q',
  );
  flags(
    '--disable-admission-plugins=PodSecurity,LimitRanger,ResourceQuota,ServiceAccount',
    '--enable-admission-plugins=NodeRestriction,AlwaysPullImages',
  );
  const {spec} = await status(practice, `${pods}?dryRun=All`, 201, privileged);
  const [container] = asObject(spec).containers as readonly JsonObject[];
  expect(container).toMatchObject({imagePullPolicy: 'Always', resources: {}});
  expect(asObject(spec).serviceAccountName).toBeUndefined();
  expect((await practice.ask(map, {body: {metadata: {name: 'm'}}})).status).toBe(201);
  flags();
  await status(practice, `${pods}?dryRun=All`, 403, privileged);
  flags('--enable-admission-plugins=AlwaysDeny');
  expect(
    (await status(practice, '/api/v1/namespaces/shop/secrets?dryRun=All', 403, {metadata: {name: 'm'}}))
      .message,
  ).toBe('secrets "m" is forbidden: admission control is denying all modifications');
  expect((await practice.ask('/api/v1/namespaces/shop', {method: 'DELETE'})).status).toBe(403);
  flags('--enable-admission-plugins=NamespaceAutoProvision');
  const list = '/api/v1/namespaces/other/configmaps';
  await until(async () => {
    await practice.ask(list, {body: {metadata: {name: 'm'}}}).catch(() => undefined);
    return (await practice.ask('/api/v1/namespaces/other').catch(() => undefined))?.status === 200;
  }, 'the namespace is there');
  flags('--disable-admission-plugins=NamespaceLifecycle');
  const nowhere = '/api/v1/namespaces/nowhere/configmaps';
  await status(practice, `${nowhere}?dryRun=All`, 201, {metadata: {name: 'm'}});
  expect((await practice.ask(nowhere, {body: {metadata: {name: 'm'}}})).status).toBe(201);
  expect((await practice.ask('/api/v1/namespaces/nowhere')).status).toBe(404);
});

const policy = (rules: string, head = ''): void => {
  mkdirSync(join(node, 'etc/kubernetes/audit'), {recursive: true});
  const text = `apiVersion: audit.k8s.io/v1\nkind: Policy\n${head}rules:\n${rules}`;
  writeFileSync(join(node, 'etc/kubernetes/audit/policy.yaml'), text);
};
const audited = [
  '--audit-policy-file=/etc/kubernetes/audit/policy.yaml',
  '--audit-log-path=/var/log/audit/audit.log',
];
const log = () => join(node, 'var/log/audit/audit.log');
const events = (): readonly JsonObject[] =>
  existsSync(log())
    ? readFileSync(log(), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as JsonObject)
    : [];
const recorded = async (count: number): Promise<readonly JsonObject[]> => {
  await until(() => events().length >= count, `${count} lines in the audit log`);
  return events();
};

test('an audit policy is followed, level by level', async () => {
  policy(`
  - {level: None, verbs: [get]}
  - {level: Metadata, resources: [{group: '', resources: [secrets]}]}
  - {level: Request, resources: [{group: '', resources: [configmaps]}], omitStages: [RequestReceived]}
  - {level: RequestResponse, resources: [{group: '', resources: [services]}], omitStages: [RequestReceived], omitManagedFields: true}
  - {level: None}
`);
  flags(...audited);
  const secret = '/api/v1/namespaces/shop/secrets';
  await until(async () => {
    await practice
      .ask(secret, {body: {metadata: {name: 's'}, stringData: {a: 'hidden'}}})
      .catch(() => undefined);
    return events().length > 0;
  }, 'a first line');
  rmSync(log());
  await practice.ask(secret, {body: {metadata: {name: 's2'}, stringData: {a: 'hidden'}}});
  await practice.ask(`${secret}/s2`);
  const [received, complete] = await recorded(2);
  expect(received).toMatchObject({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    stage: 'RequestReceived',
    requestURI: secret,
    verb: 'create',
    objectRef: {resource: 'secrets', namespace: 'shop', apiVersion: 'v1'},
  });
  expect(received).not.toHaveProperty('responseStatus');
  expect(complete).toMatchObject({
    stage: 'ResponseComplete',
    auditID: received!.auditID,
    responseStatus: {metadata: {}, code: 201},
    annotations: {'authorization.k8s.io/decision': 'allow'},
  });
  expect(readFileSync(log(), 'utf8')).not.toContain('hidden');
  await practice.ask('/api/v1/namespaces/shop/configmaps', {body: {metadata: {name: 'm'}, data: {a: 'b'}}});
  expect((await recorded(3))[2]).toMatchObject({level: 'Request', requestObject: {data: {a: 'b'}}});
  expect(events()[2]).not.toHaveProperty('responseObject');
  await practice.ask('/api/v1/namespaces/shop/services', {
    body: {metadata: {name: 'w'}, spec: {ports: [{port: 80}]}},
  });
  const [, , , service] = await recorded(4);
  expect(service).toMatchObject({level: 'RequestResponse', responseObject: {spec: {type: 'ClusterIP'}}});
  expect(asObject(asObject(service!.responseObject).metadata).managedFields).toBeUndefined();
  await practice.ask('/api/v1/namespaces/shop/secrets', {
    body: {metadata: {name: 't'}},
    headers: {'impersonate-user': 'jane'},
  });
  const refused = (await recorded(6))[5];
  expect(refused).toMatchObject({
    impersonatedUser: {username: 'jane'},
    responseStatus: {status: 'Failure', reason: 'Forbidden', code: 403},
    annotations: {'authorization.k8s.io/decision': 'forbid'},
  });
});

test('a policy that is none keeps the API from starting', async () => {
  policy('  - {level: Everything}\n');
  flags(...audited);
  await becomes('ECONNREFUSED');
  policy('  - {level: Metadata}\n');
  flags(...audited, '--v=2');
  await becomes('200');
  await recorded(2);
});
