import {afterAll, beforeAll, expect, test, vi} from 'vitest';
import {asArray, asObject, asString} from '../../../src/engine/json.ts';
import {type Practice, startPractice, watch} from './practice.ts';

let practice: Practice;
beforeAll(async () => {
  practice = await startPractice(undefined, {withControllers: true});
});
afterAll(() => practice.close());

const shop = '/api/v1/namespaces/shop';

test('an Event is the same object in both groups', async () => {
  const {ask} = practice;
  const path = '/apis/events.k8s.io/v1/namespaces/shop/events';
  const body = {
    metadata: {name: 'one'},
    regarding: {kind: 'Pod', name: 'a', namespace: 'shop'},
    note: 'it happened',
    reason: 'Happened',
    type: 'Normal',
    action: 'Tried',
    reportingController: 'example.com/x',
    reportingInstance: 'x-1',
    eventTime: '2026-01-01T00:00:00.000000Z',
  };
  const watched = await watch(practice, `${path}?watch=1&resourceVersion=0`);
  expect((await ask(path, {body})).json).toMatchObject({apiVersion: 'events.k8s.io/v1', note: 'it happened'});
  expect((await ask(`${shop}/events/one`)).json).toMatchObject({
    apiVersion: 'v1',
    message: 'it happened',
    involvedObject: {name: 'a'},
    reportingComponent: 'example.com/x',
  });
  const patched = await ask(`${path}/one`, {type: 'merge', body: {note: 'again'}});
  expect(patched.json).toMatchObject({apiVersion: 'events.k8s.io/v1', note: 'again'});
  const list = await ask(path);
  expect(asArray(list.json.items).map((one) => asObject(one).note)).toContain('again');
  expect((await watched.next()).object).toMatchObject({apiVersion: 'events.k8s.io/v1'});
  watched.close();
  expect((await ask(`${path}/one`, {method: 'DELETE'})).status).toBe(200);
  expect((await ask(`${shop}/events/one`)).status).toBe(404);
});

test('an autoscaler of version 1 is kept as one of version 2', async () => {
  const {ask} = practice;
  const at = (version: string) => `/apis/autoscaling/${version}/namespaces/shop/horizontalpodautoscalers`;
  const spec = {scaleTargetRef: {kind: 'Deployment', name: 'web', apiVersion: 'apps/v1'}, maxReplicas: 3};
  const made = await ask(at('v1'), {
    body: {metadata: {name: 'web'}, spec: {...spec, targetCPUUtilizationPercentage: 50}},
  });
  expect(made.json).toMatchObject({
    apiVersion: 'autoscaling/v1',
    spec: {minReplicas: 1, targetCPUUtilizationPercentage: 50},
  });
  expect((await ask(`${at('v2')}/web`)).json).toMatchObject({
    apiVersion: 'autoscaling/v2',
    spec: {metrics: [{resource: {name: 'cpu', target: {averageUtilization: 50, type: 'Utilization'}}}]},
  });
  const memory = {
    type: 'Resource',
    resource: {name: 'memory', target: {type: 'Utilization', averageUtilization: 70}},
  };
  await ask(`${at('v2')}/web`, {type: 'merge', body: {spec: {metrics: [memory]}}});
  const seen = (await ask(`${at('v1')}/web`)).json;
  expect(asObject(seen.spec).targetCPUUtilizationPercentage).toBeUndefined();
  expect((await ask(`${at('v1')}/web`, {method: 'PUT', body: seen})).status).toBe(200);
  expect(asObject((await ask(`${at('v2')}/web`)).json.spec).metrics).toEqual([memory]);
});

test('aggregated roles hold the rules of those that they choose', async () => {
  const {ask} = practice;
  const roles = '/apis/rbac.authorization.k8s.io/v1/clusterroles';
  const rule = {apiGroups: ['example.com'], resources: ['things'], verbs: ['get']};
  await ask(roles, {
    body: {
      metadata: {name: 'all-things'},
      aggregationRule: {clusterRoleSelectors: [{matchLabels: {things: 'yes'}}]},
      rules: null,
    },
  });
  await ask(roles, {body: {metadata: {name: 'some-things', labels: {things: 'yes'}}, rules: [rule]}});
  const rules = async () => (await ask(`${roles}/all-things`)).json.rules;
  await vi.waitFor(async () => expect(await rules()).toEqual([rule]));
  await ask(`${roles}/some-things`, {method: 'DELETE'});
  await vi.waitFor(async () => expect(asArray((await rules()) ?? [])).toEqual([]));
});

test('a token Secret is filled, lets in, and goes with its account', async () => {
  const {ask} = practice;
  await ask(`${shop}/serviceaccounts`, {body: {metadata: {name: 'robot'}}});
  await ask(`${shop}/secrets`, {
    body: {
      metadata: {name: 'robot-token', annotations: {'kubernetes.io/service-account.name': 'robot'}},
      type: 'kubernetes.io/service-account-token',
    },
  });
  const read = async () => asObject((await ask(`${shop}/secrets/robot-token`)).json.data);
  await vi.waitFor(async () =>
    expect(Object.keys(await read()).sort()).toEqual(['ca.crt', 'namespace', 'token']),
  );
  const token = Buffer.from(asString((await read()).token), 'base64').toString();
  const denied = await ask(`${shop}/secrets`, {headers: {authorization: `Bearer ${token}`}});
  expect(denied.json.message).toContain('User "system:serviceaccount:shop:robot" cannot list');
  await ask(`${shop}/serviceaccounts/robot`, {method: 'DELETE'});
  await vi.waitFor(async () => expect((await ask(`${shop}/secrets/robot-token`)).status).toBe(404));
});

test('every namespace has the label of its name', async () => {
  const made = await practice.ask('/api/v1/namespaces', {body: {metadata: {name: 'labelled'}}});
  expect(asObject(asObject(made.json.metadata).labels)['kubernetes.io/metadata.name']).toBe('labelled');
});
