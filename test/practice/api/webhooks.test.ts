import {afterAll, beforeAll, expect, test} from 'vitest';
import {asArray, asObject, asString, type Json, type JsonObject} from '../../../src/engine/json.ts';
import {until} from '../../helpers/control-plane.ts';
import {deployment, meta, pod} from './differential-requests.ts';
import {type Practice, startPractice} from './practice.ts';
import {
  type Asked,
  type Certificates,
  makeCertificates,
  patchOf,
  reviewed,
  serveWebhooks,
  type WebhookServer,
} from './webhook-server.ts';

const shop = '/api/v1/namespaces/shop';
const apps = '/apis/apps/v1/namespaces/shop';
const group = '/apis/admissionregistration.k8s.io/v1';

let practice: Practice;
let certificates: Certificates;
let server: WebhookServer;
/** What the webhook of a path does, until it is told otherwise. */
const doing = new Map<string, (asked: Asked) => JsonObject | Promise<JsonObject>>();

beforeAll(async () => {
  practice = await startPractice(undefined, {withControllers: true});
  certificates = await makeCertificates([{type: 'ip', value: '127.0.0.1'}]);
  server = await serveWebhooks(certificates, (asked, response) => {
    const act = doing.get(asked.path.split('?')[0]!);
    void Promise.resolve(act?.(asked) ?? {allowed: true}).then((answer) => {
      response.writeHead(200, {'content-type': 'application/json'});
      response.end(JSON.stringify(reviewed(asked.body, answer)));
    });
    return undefined;
  });
}, 60_000);
afterAll(async () => {
  await practice.close();
  await server.close();
});

/** Defines one webhook, and gives what takes it away. */
async function define(
  kind: 'validating' | 'mutating',
  name: string,
  more: JsonObject,
): Promise<() => Promise<void>> {
  const path = `${group}/${kind}webhookconfigurations`;
  const webhook = {
    name: `${name}.example.com`,
    clientConfig: {
      url: `https://127.0.0.1:${server.port}/${name}`,
      caBundle: Buffer.from(certificates.authority).toString('base64'),
    },
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    namespaceSelector: {matchLabels: {'kubernetes.io/metadata.name': 'shop'}},
    rules: [{apiGroups: ['*'], apiVersions: ['*'], resources: ['pods'], operations: ['*']}],
    ...more,
  };
  const {status, text} = await practice.ask(path, {body: {...meta(name), webhooks: [webhook]}});
  expect(status, text).toBe(201);
  return async () => {
    expect((await practice.ask(`${path}/${name}`, {method: 'DELETE'})).status).toBe(200);
  };
}

const rule = (...resources: readonly string[]): JsonObject => ({
  apiGroups: ['*'],
  apiVersions: ['*'],
  resources: [...resources],
  operations: ['*'],
});
const imagesOf = (object: JsonObject): readonly Json[] =>
  asArray(asObject(object.spec).containers).map((one) => asObject(one).image ?? null);
const podsOf = async (app: string): Promise<readonly JsonObject[]> =>
  asArray((await practice.ask(`${shop}/pods?labelSelector=app%3D${app}`)).json.items).map(asObject);
const workload = (name: string, replicas: number): JsonObject => ({
  ...deployment(name),
  spec: {
    replicas,
    selector: {matchLabels: {app: name}},
    template: {metadata: {labels: {app: name}}, spec: {containers: [{name: 'c', image: 'nginx:1'}]}},
  },
});

test('pods of controllers are changed, and each is asked about once', async () => {
  doing.set('/pin', () => patchOf({op: 'replace', path: '/spec/containers/0/image', value: 'nginx:2'}));
  const remove = await define('mutating', 'pin', {
    rules: [{...rule('pods'), operations: ['CREATE']}],
  });
  expect((await practice.ask(`${apps}/deployments`, {body: workload('pinned', 3)})).status).toBe(201);
  await until(async () => (await podsOf('pinned')).length === 3, 'three pods are there', 60);
  expect((await podsOf('pinned')).map(imagesOf)).toEqual([['nginx:2'], ['nginx:2'], ['nginx:2']]);
  const reviews = server.asked.filter(({path}) => path.startsWith('/pin?'));
  expect(reviews).toHaveLength(3);
  const {request} = reviews[0]!.body;
  expect(asObject(asObject(request).userInfo).username).toBe(
    'system:serviceaccount:kube-system:replicaset-controller',
  );
  expect(asObject(asObject(asObject(request).object).metadata).name).toBeUndefined();
  await remove();
}, 90_000);

test('pods of controllers are refused: the event says why, and they come when they are allowed', async () => {
  doing.set('/never', () => ({allowed: false, status: {message: 'not on a Monday', code: 403}}));
  const remove = await define('validating', 'never', {
    rules: [{...rule('pods'), operations: ['CREATE']}],
  });
  await practice.ask(`${apps}/deployments`, {body: workload('refused', 1)});
  const sentence =
    'Error creating: admission webhook "never.example.com" denied the request: not on a Monday';
  await until(
    async () =>
      asArray((await practice.ask(`${shop}/events`)).json.items).some(
        (event) => asString(asObject(event).message) === sentence,
      ),
    'the event tells of the refusal',
    60,
  );
  expect(await podsOf('refused')).toEqual([]);
  await remove();
  await until(async () => (await podsOf('refused')).length === 1, 'the pod is there', 60);
}, 120_000);

test('a webhook that is asked about everything keeps nothing from working', async () => {
  const remove = await define('validating', 'all', {rules: [rule('*', '*/*')]});
  await practice.ask(`${apps}/deployments`, {body: workload('watched', 2)});
  const ready = async (): Promise<number> =>
    Number(asObject((await practice.ask(`${apps}/deployments/watched`)).json.status).readyReplicas ?? 0);
  await until(async () => (await ready()) === 2, 'both pods are ready', 90);
  await practice.ask(`${apps}/deployments/watched`, {method: 'DELETE'});
  await until(async () => (await podsOf('watched')).length === 0, 'the pods are gone', 90);
  const seen = new Set(
    server.asked
      .filter(({path}) => path.startsWith('/all?'))
      .map(({body}) => {
        const {operation, resource, subResource = ''} = asObject(body.request);
        return `${operation} ${asObject(resource).resource} ${subResource}`.trim();
      }),
  );
  for (const one of [
    'CREATE deployments',
    'CREATE pods',
    'CREATE pods binding',
    'UPDATE pods status',
    'DELETE pods',
  ])
    expect(seen).toContain(one);
  await remove();
}, 240_000);

test('while a webhook thinks, others are served, and what they wrote is seen', async () => {
  let answer: (response: JsonObject) => void = () => undefined;
  let isAsked = false;
  doing.set('/slow', () => {
    isAsked = true;
    return new Promise((resolve) => {
      answer = resolve;
    });
  });
  const remove = await define('validating', 'slow', {
    objectSelector: {matchLabels: {slow: 'yes'}},
    rules: [rule('configmaps')],
    timeoutSeconds: 30,
  });
  const first = practice.ask(`${shop}/configmaps`, {body: meta('same', {labels: {slow: 'yes'}})});
  await until(() => isAsked, 'the webhook is asked');
  expect((await practice.ask(`${shop}/configmaps`, {body: meta('same')})).status).toBe(201);
  answer({allowed: true});
  expect((await first).status).toBe(409);

  // A patch is made anew on what was written meanwhile, and looked at once more.
  isAsked = false;
  const slow = practice.ask(`${shop}/configmaps/same`, {
    type: 'merge',
    body: {metadata: {labels: {slow: 'yes'}}},
  });
  await until(() => isAsked, 'the webhook is asked about the patch');
  isAsked = false;
  const other = {type: 'merge', body: {data: {other: 'writer'}}};
  expect((await practice.ask(`${shop}/configmaps/same`, other)).status).toBe(200);
  answer({allowed: true});
  await until(() => isAsked, 'the webhook is asked about the newer object');
  answer({allowed: true, warnings: ['seen twice']});
  const done = await slow;
  expect([done.status, done.json.data, done.headers.warning]).toEqual([
    200,
    {other: 'writer'},
    '299 - "seen twice"',
  ]);
  await remove();
}, 60_000);

test('a webhook may ask the cluster itself', async () => {
  doing.set('/curious', async () => {
    const {json} = await practice.ask(`${shop}/configmaps`);
    const known = asArray(json.items).length;
    await practice.ask(`${shop}/configmaps`, {body: meta(`note-${known}`)});
    return {allowed: true, warnings: [`${known > 0}`]};
  });
  const remove = await define('validating', 'curious', {rules: [rule('secrets')]});
  const reply = await practice.ask(`${shop}/secrets`, {body: meta('asked-about')});
  expect([reply.status, reply.headers.warning]).toEqual([201, '299 - "true"']);
  await remove();
}, 60_000);

test('exec is asked about before it runs', async () => {
  doing.set('/shell', ({body}) => {
    const {object, operation} = asObject(body.request);
    return {
      allowed: false,
      status: {message: `${operation} ${asArray(asObject(object).command).join(' ')}`},
    };
  });
  const remove = await define('validating', 'shell', {rules: [rule('pods/exec')]});
  await practice.ask(`${shop}/pods`, {body: pod('target')});
  const reply = await practice.ask(`${shop}/pods/target/exec?command=cat&command=x&stdout=true`, {
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
      'sec-websocket-protocol': 'v5.channel.k8s.io',
    },
  });
  expect(reply.status).toBe(400);
  expect(reply.json.message).toBe('admission webhook "shell.example.com" denied the request: CONNECT cat x');
  await remove();
}, 60_000);

test('who does not answer refuses, or lets pass', async () => {
  const nobody = {clientConfig: {url: 'https://127.0.0.1:1/x'}, rules: [rule('configmaps')]};
  const removeStrict = await define('validating', 'strict', nobody);
  const refused = await practice.ask(`${shop}/configmaps`, {body: meta('nobody')});
  expect([refused.status, refused.json.message]).toEqual([
    500,
    'Internal error occurred: failed calling webhook "strict.example.com": failed to call webhook: Post "https://127.0.0.1:1/x?timeout=10s": dial tcp 127.0.0.1:1: connect: connection refused',
  ]);
  await removeStrict();
  const removeLax = await define('validating', 'lax', {...nobody, failurePolicy: 'Ignore'});
  expect((await practice.ask(`${shop}/configmaps`, {body: meta('nobody')})).status).toBe(201);
  await removeLax();
  const removeUntrusted = await define('validating', 'untrusted', {
    clientConfig: {url: `https://127.0.0.1:${server.port}/untrusted`},
    rules: [rule('configmaps')],
  });
  const untrusted = await practice.ask(`${shop}/configmaps`, {body: meta('untrusted')});
  expect(untrusted.json.message).toMatch(
    /: tls: failed to verify certificate: x509: certificate signed by unknown authority$/,
  );
  expect(server.asked.some(({path}) => path.startsWith('/untrusted'))).toBe(false);
  await removeUntrusted();
}, 60_000);
