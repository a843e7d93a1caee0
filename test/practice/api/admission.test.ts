import {afterAll, beforeAll, expect, test} from 'vitest';
import {asArray, asObject, type JsonObject} from '../../../src/engine/json.ts';
import {type Practice, startPractice} from './practice.ts';

let practice: Practice;
beforeAll(async () => {
  practice = await startPractice();
});
afterAll(() => practice.close());

/** A namespace of its own, with the account that a controller would make. */
async function namespace(name: string, labels: JsonObject = {}): Promise<string> {
  await practice.ask('/api/v1/namespaces', {body: {metadata: {name, labels}}});
  await practice.ask(`/api/v1/namespaces/${name}/serviceaccounts`, {body: {metadata: {name: 'default'}}});
  return `/api/v1/namespaces/${name}`;
}

const pod = (name: string, container: JsonObject = {}, spec: JsonObject = {}): JsonObject => ({
  metadata: {name},
  spec: {containers: [{name: 'c', image: 'x:1', ...container}], ...spec},
});

const story = {
  type: 'Container',
  default: {cpu: '500m', memory: '256Mi'},
  defaultRequest: {cpu: '50m', memory: '64Mi'},
  max: {cpu: '1', memory: '512Mi'},
  min: {cpu: '10m', memory: '32Mi'},
};

test("the story's LimitRange: what it gives, and the three refusals, word for word", async () => {
  const path = await namespace('limits');
  await practice.ask(`${path}/limitranges`, {body: {metadata: {name: 'story'}, spec: {limits: [story]}}});
  const given = await practice.ask(`${path}/pods`, {body: pod('plain')});
  expect(asObject(asArray(asObject(given.json.spec).containers)[0]).resources).toEqual({
    limits: {cpu: '500m', memory: '256Mi'},
    requests: {cpu: '50m', memory: '64Mi'},
  });
  expect(asObject(asObject(given.json.metadata).annotations)['kubernetes.io/limit-ranger']).toBe(
    'LimitRanger plugin set: cpu, memory request for container c; cpu, memory limit for container c',
  );
  const refusal = async (resources: JsonObject) =>
    (await practice.ask(`${path}/pods`, {body: pod('refused', {resources})})).json.message;
  expect(await refusal({requests: {memory: '512Mi'}})).toBe(
    'Pod "refused" is invalid: spec.containers[0].resources.requests: Invalid value: "512Mi": must be less than or equal to memory limit of 256Mi',
  );
  expect(await refusal({limits: {cpu: '2', memory: '1536Mi'}})).toBe(
    'pods "refused" is forbidden: [maximum cpu usage per Container is 1, but limit is 2, maximum memory usage per Container is 512Mi, but limit is 1536Mi]',
  );
  expect(await refusal({requests: {cpu: '5m', memory: '16Mi'}})).toBe(
    'pods "refused" is forbidden: [minimum cpu usage per Container is 10m, but request is 5m, minimum memory usage per Container is 32Mi, but request is 16Mi]',
  );
});

test('a quota counts, and its status follows', async () => {
  const path = await namespace('counted');
  await practice.ask(`${path}/resourcequotas`, {
    body: {metadata: {name: 'quota'}, spec: {hard: {pods: '1', 'limits.cpu': '1'}}},
  });
  const open = await practice.ask(`${path}/pods`, {body: pod('open')});
  expect(open.json.message).toBe(
    'pods "open" is forbidden: failed quota: quota: must specify limits.cpu for: c',
  );
  const fits = {resources: {limits: {cpu: '600m'}}};
  expect((await practice.ask(`${path}/pods`, {body: pod('first', fits)})).status).toBe(201);
  const second = await practice.ask(`${path}/pods`, {body: pod('second', fits)});
  expect(second.json.message).toBe(
    'pods "second" is forbidden: exceeded quota: quota, requested: limits.cpu=600m,pods=1, used: limits.cpu=600m,pods=1, limited: limits.cpu=1,pods=1',
  );
  const used = async () => asObject((await practice.ask(`${path}/resourcequotas/quota`)).json.status).used;
  expect(await used()).toEqual({'limits.cpu': '600m', pods: '1'});
  await practice.ask(`${path}/pods/first`, {method: 'DELETE'});
  expect(await used()).toEqual({'limits.cpu': '0', pods: '0'});
});

test('Pod Security refuses pods, warns of workloads, and of pods that are there already', async () => {
  const path = await namespace('secure', {
    'pod-security.kubernetes.io/enforce': 'baseline',
    'pod-security.kubernetes.io/warn': 'restricted',
  });
  const refused = await practice.ask(`${path}/pods`, {
    body: pod('p', {securityContext: {privileged: true}}, {hostNetwork: true}),
  });
  expect(refused.json.message).toBe(
    'pods "p" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostNetwork=true), privileged (container "c" must not set securityContext.privileged=true)',
  );
  const warned = await practice.ask(`${path}/pods`, {body: pod('q')});
  expect(warned.status).toBe(201);
  expect(warned.headers.warning).toContain('would violate PodSecurity \\"restricted:latest\\"');
  const harder = await practice.ask('/api/v1/namespaces/secure', {
    body: {metadata: {labels: {'pod-security.kubernetes.io/enforce': 'restricted'}}},
    type: 'merge',
  });
  expect(harder.headers.warning).toContain(
    'existing pods in namespace \\"secure\\" violate the new PodSecurity enforce level',
  );
  expect(harder.headers.warning).toContain(
    'q: allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, seccompProfile',
  );
});

test('a pod without its account, or in a namespace that ends, is refused', async () => {
  const path = await namespace('ending');
  const missing = await practice.ask(`${path}/pods`, {body: pod('p', {}, {serviceAccountName: 'none'})});
  expect(missing.json.message).toBe(
    'pods "p" is forbidden: error looking up service account ending/none: serviceaccount "none" not found',
  );
  await practice.ask('/api/v1/namespaces/ending', {method: 'DELETE'});
  const late = await practice.ask(`${path}/configmaps`, {body: {metadata: {name: 'late'}}});
  expect(late.json).toMatchObject({
    code: 403,
    message:
      'configmaps "late" is forbidden: unable to create new content in namespace ending because it is being terminated',
  });
  practice.cluster.machine.finalizeNamespace('ending');
  expect((await practice.ask('/api/v1/namespaces/ending')).status).toBe(404);
});

test('a privileged container can not refuse privilege escalation', async () => {
  const path = await namespace('privileged');
  const {json} = await practice.ask(`${path}/pods`, {
    body: pod('p', {securityContext: {privileged: true, allowPrivilegeEscalation: false}}),
  });
  expect(json).toMatchObject({code: 422, reason: 'Invalid'});
  expect(json.message).toContain('cannot set `allowPrivilegeEscalation` to false and `privileged` to true');
});
