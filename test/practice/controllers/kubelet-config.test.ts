import {cpSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {asArray, asObject, type JsonObject} from '../../../src/engine/json.ts';
import {until} from '../../helpers/control-plane.ts';
import {newDirectory, type Practice, startPractice} from '../api/practice.ts';

const home = join(import.meta.dirname, '../../../src/practice/scenarios/home/nodes');

let practice: Practice;
let config: string;
let pristine: string;
beforeAll(async () => {
  const directory = newDirectory();
  mkdirSync(join(directory, 'nodes'));
  for (const node of ['rpi-2', 'rpi-3'])
    cpSync(join(home, node), join(directory, 'nodes', node), {recursive: true});
  config = join(directory, 'nodes/rpi-3/var/lib/kubelet/config.yaml');
  pristine = readFileSync(config, 'utf8');
  practice = await startPractice(directory, {withControllers: true});
  await practice.ask('/api/v1/namespaces/shop/pods', {
    body: {
      metadata: {name: 'web', labels: {app: 'web'}},
      spec: {
        nodeName: 'rpi-3',
        containers: [{name: 'main', image: 'busybox', command: ['sleep', 'infinity']}],
      },
    },
  });
  await until(async () => (await ready()) === 'True', 'the pod is ready');
});
afterAll(() => practice.close());

const pod = '/api/v1/namespaces/shop/pods/web';
const conditionsOf = (object: JsonObject): Record<string, JsonObject> =>
  Object.fromEntries(
    asArray(asObject(object.status).conditions).map((one) => [String(asObject(one).type), asObject(one)]),
  );
const ready = async () => conditionsOf((await practice.ask(pod)).json).Ready?.status;
const node = async () => (await practice.ask('/api/v1/nodes/rpi-3')).json;
const becomes = (status: string) =>
  until(async () => conditionsOf(await node()).Ready?.status === status, `the node is ready: ${status}`);
const log = () => readFileSync(join(config, '../../../log/kubelet.log'), 'utf8');
const taints = async () =>
  asArray(asObject((await node()).spec).taints).map((one) => `${asObject(one).key}:${asObject(one).effect}`);

test('a kubelet that does not start is lost, its pods stay, and it comes back', async () => {
  writeFileSync(config, pristine.replace(/anonymous: \{enabled: \w+\}/, 'anonymous: {enabled: "no"}'));
  await becomes('Unknown');
  for (const type of ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'])
    expect(conditionsOf(await node())[type]).toMatchObject({
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
      message: 'Kubelet stopped posting node status.',
    });
  await until(async () => (await taints()).length === 2, 'both taints are there');
  expect(await taints()).toEqual([
    'node.kubernetes.io/unreachable:NoSchedule',
    'node.kubernetes.io/unreachable:NoExecute',
  ]);
  await until(async () => (await ready()) === 'False', 'nobody says that the pod is ready');
  expect(log()).toContain(
    'json: cannot unmarshal string into Go struct field KubeletConfiguration.authentication.anonymous.enabled of type bool',
  );
  const table = await practice.ask('/api/v1/nodes/rpi-3', {
    headers: {accept: 'application/json;as=Table;v=v1;g=meta.k8s.io'},
  });
  expect(asArray(asObject(asArray(table.json.rows)[0]).cells)[1]).toBe('NotReady');
  const logs = await practice.ask(`${pod}/log`);
  expect(logs.status).toBe(500);
  expect(logs.json.message).toMatch(
    /^Get "https:\/\/192\.168\.1\.13:10250\/containerLogs\/shop\/web\/main": dial tcp .*: connect: connection refused$/,
  );
  await practice.ask(pod, {method: 'DELETE'});
  await practice.ask('/api/v1/namespaces/shop/pods', {
    body: {
      metadata: {name: 'other'},
      spec: {containers: [{name: 'main', image: 'busybox', command: ['sleep', 'infinity']}]},
    },
  });
  await until(
    async () =>
      asObject((await practice.ask('/api/v1/namespaces/shop/pods/other')).json.spec).nodeName !== undefined,
    'the other pod has a node',
  );
  expect(asObject((await practice.ask('/api/v1/namespaces/shop/pods/other')).json.spec).nodeName).not.toBe(
    'rpi-3',
  );
  expect(asObject((await practice.ask(pod)).json.metadata).deletionTimestamp).toBeDefined();
  writeFileSync(config, pristine);
  await becomes('True');
  await until(async () => (await taints()).length === 0, 'the taints are gone');
  await until(async () => (await practice.ask(pod)).status === 404, 'the deleted pod is gone');
  expect(conditionsOf(await node()).MemoryPressure?.reason).toBe('KubeletHasSufficientMemory');
});

test.each([
  ['no YAML', (text: string) => `${text}\n  bad: [`, 'failed to decode'],
  [
    'another kind',
    (text: string) => text.replace('KubeletConfiguration', 'Kubelet'),
    'no kind \\"Kubelet\\" is registered',
  ],
  [
    'an unknown mode',
    (text: string) => text.replace('mode: Webhook', 'mode: Nothing'),
    'unknown authorization mode Nothing',
  ],
  [
    'a port that is none',
    (text: string) => `${text}readOnlyPort: 70000\n`,
    'must be between 0 and 65535, inclusive',
  ],
  [
    'a duration without a unit',
    (text: string) => `${text}streamingConnectionIdleTimeout: "5"\n`,
    'missing unit in duration',
  ],
  ['a list as a text', (text: string) => `${text}tlsCipherSuites: x\n`, 'of type []string'],
])('%s keeps it from starting', async (_, edit, words) => {
  writeFileSync(config, pristine);
  await becomes('True');
  writeFileSync(config, edit(pristine));
  await becomes('Unknown');
  expect(log().trim().split('\n').at(-1)).toContain(words);
  writeFileSync(config, pristine);
  await becomes('True');
});

test('a field that it does not know is passed over; without the file it does not start', async () => {
  rmSync(config);
  await becomes('Unknown');
  writeFileSync(config, `${pristine}noSuchField: 1\n`);
  await becomes('True');
});
