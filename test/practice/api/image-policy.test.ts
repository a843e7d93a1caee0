import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {asArray, asObject, asString, type JsonObject} from '../../../src/engine/json.ts';
import {until} from '../../helpers/control-plane.ts';
import {deployment, meta, pod} from './differential-requests.ts';
import {answeringImages} from './image-policy-cases.ts';
import {admissionConfiguration, backendKubeconfig, controlPlaneNode, mounted} from './image-policy-files.ts';
import {newDirectory, type Practice, startPractice} from './practice.ts';
import {type Certificates, makeCertificates, serveWebhooks, type WebhookServer} from './webhook-server.ts';

const shop = '/api/v1/namespaces/shop';

let practice: Practice;
let certificates: Certificates;
let server: WebhookServer;
let node: ReturnType<typeof controlPlaneNode>;

beforeAll(async () => {
  certificates = await makeCertificates([{type: 'ip', value: '127.0.0.1'}]);
  server = await serveWebhooks(certificates, answeringImages);
  const directory = newDirectory();
  node = controlPlaneNode(directory);
  practice = await startPractice(directory, {withControllers: true});
}, 60_000);
afterAll(async () => {
  await practice.close();
  await server.close();
});

const flags = [
  '--enable-admission-plugins=NodeRestriction,ImagePolicyWebhook',
  `--admission-control-config-file=${mounted}/admission.yaml`,
];

/** Starts the API server anew with a policy and a backend: what is in force then answers a pod with this sentence. */
async function use(
  policy: JsonObject,
  backend: string,
  image: string,
  answer: RegExp | number,
): Promise<void> {
  const authority = Buffer.from(certificates.authority).toString('base64');
  node.write('kubeconfig', backendKubeconfig(backend, {'certificate-authority-data': authority}));
  node.write('admission.yaml', admissionConfiguration({kubeConfigFile: `${mounted}/kubeconfig`, ...policy}));
  // A manifest that changes has the server read the files again.
  node.flags(...flags, `--request-timeout=${60 + Math.floor(Math.random() * 1e6)}s`);
  await until(
    async () => {
      try {
        const {status, json} = await create('probe', image);
        return typeof answer === 'number' ? status === answer : answer.test(asString(json.message));
      } catch {
        return false;
      }
    },
    `${image} is answered by ${answer}`,
    60,
  );
}

const create = (name: string, image: string, query = '?dryRun=All') =>
  practice.ask(`${shop}/pods${query}`, {body: {...pod(name), spec: {containers: [{name: 'c', image}]}}});
const backend = (): string => `https://127.0.0.1:${server.port}/check`;
const asked = (image: string): number =>
  server.asked.filter(({body}) => JSON.stringify(body).includes(image)).length;

test("images are refused in the backend's words, and answers are kept", async () => {
  await use(
    {retryBackoff: 1, allowTTL: 50, denyTTL: 50},
    backend(),
    'bad:probe',
    /denied one or more images: bad images$/,
  );
  const refused = await create('one', 'bad:1', '');
  expect([refused.status, refused.json.message]).toEqual([
    403,
    'pods "one" is forbidden: image policy webhook backend denied one or more images: bad images',
  ]);
  await create('two', 'bad:1');
  expect(asked('bad:1')).toBe(1);
  expect((await create('three', 'good:1')).status).toBe(201);
  expect((await create('four', 'gone:1')).status).toBe(403);
}, 120_000);

test('a workload tells in an event which images were refused', async () => {
  await practice.ask('/apis/apps/v1/namespaces/shop/deployments', {
    body: {
      ...deployment('refused'),
      spec: {
        replicas: 1,
        selector: {matchLabels: {app: 'refused'}},
        template: {metadata: {labels: {app: 'refused'}}, spec: {containers: [{name: 'c', image: 'bad:2'}]}},
      },
    },
  });
  const sentence =
    /^Error creating: pods "refused-[a-z0-9-]+" is forbidden: image policy webhook backend denied one or more images: bad images$/;
  await until(
    async () =>
      asArray((await practice.ask(`${shop}/events`)).json.items).some((event) =>
        sentence.test(asString(asObject(event).message)),
      ),
    'the event tells of the refusal',
    60,
  );
  expect((await practice.ask(`${shop}/configmaps`, {body: meta('others-pass')})).status).toBe(201);
}, 120_000);

test('a backend that is not there: refused, or let in by defaultAllow', async () => {
  const unreachable =
    'pods "probe" is forbidden: Post "https://127.0.0.1:1/?timeout=30s": dial tcp 127.0.0.1:1: connect: connection refused';
  await use({retryBackoff: 1}, 'https://127.0.0.1:1', 'any:1', /forbidden: Post/);
  expect((await create('probe', 'any:1')).json.message).toBe(unreachable);
  await use({retryBackoff: 1, defaultAllow: true}, 'https://127.0.0.1:1', 'any:1', 201);
}, 120_000);

test('without its kubeconfig the API server does not start, and leaves the reason on the node', async () => {
  node.write('admission.yaml', admissionConfiguration({kubeConfigFile: `${mounted}/elsewhere`}));
  node.flags(...flags);
  await until(
    () =>
      practice.ask('/version').then(
        () => false,
        (error: NodeJS.ErrnoException) => error.code === 'ECONNREFUSED',
      ),
    'nothing listens',
    60,
  );
  const logs = join(node.node, 'var/log/pods');
  const reason = `couldn't init admission plugin \\"ImagePolicyWebhook\\": stat ${mounted}/elsewhere: no such file or directory`;
  await until(
    () =>
      readdirSync(logs, {recursive: true, encoding: 'utf8'})
        .filter((file) => file.includes('kube-apiserver') && file.endsWith('.log'))
        .some((file) => readFileSync(join(logs, file), 'utf8').includes(reason)),
    'the log of the container says why',
    60,
  );
  await use({retryBackoff: 1, defaultAllow: true}, backend(), 'any:2', 201);
}, 180_000);
