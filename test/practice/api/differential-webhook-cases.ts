import type {JsonObject} from '../../../src/engine/json.ts';
import {apps, type Case, create, deployment, dry, meta, ns} from './differential-requests.ts';

const group = '/apis/admissionregistration.k8s.io/v1';
const here = {matchLabels: {'kubernetes.io/metadata.name': '$ns'}};

const hook = (name: string, resource: string, more: JsonObject = {}): JsonObject => ({
  name: `${name}.example.org`,
  clientConfig: {service: {name: 'nobody', namespace: '$ns', path: '/check'}},
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
  namespaceSelector: here,
  rules: [
    {
      apiGroups: resource === 'deployments' ? ['apps'] : [''],
      apiVersions: ['v1'],
      resources: [resource],
      operations: ['CREATE', 'UPDATE', 'DELETE'],
    },
  ],
  ...more,
});

const refused = {url: 'https://127.0.0.1:1/check'};

/** Webhooks that nobody answers: a real server can't reach these either. */
export const webhookSetup: readonly Case[] = [
  create('a map', `${ns}/configmaps`, meta('hooked')),
  create('a deployment', `${apps}/deployments`, deployment('hooked')),
  create('validating', `${group}/validatingwebhookconfigurations`, {
    ...meta('$ns-validating'),
    webhooks: [
      hook('missing', 'configmaps'),
      hook('address', 'serviceaccounts', {clientConfig: refused, timeoutSeconds: 3}),
      hook('ignored', 'services', {failurePolicy: 'Ignore'}),
      hook('conditions', 'secrets', {
        matchConditions: [{name: 'not-free', expression: "object.metadata.name != 'free'"}],
      }),
      hook('broken', 'limitranges', {
        matchConditions: [{name: 'broken', expression: "object.metadata.labels.nope == 'x'"}],
      }),
      hook('labelled', 'resourcequotas', {objectSelector: {matchLabels: {checked: 'yes'}}}),
    ],
  }),
  create('mutating', `${group}/mutatingwebhookconfigurations`, {
    ...meta('$ns-mutating'),
    webhooks: [hook('defaults', 'deployments'), hook('inert', 'replicationcontrollers', {rules: []})],
  }),
];

const map = (name: string): Case => create(`map ${name}`, `${ns}/configmaps${dry}`, meta(name));

/** Each is refused once its configuration is in force. */
export const webhookProbes: readonly Case[] = [
  map('one'),
  create('account', `${ns}/serviceaccounts${dry}`, meta('one')),
  create('deployment', `${apps}/deployments${dry}`, deployment('one')),
];

export const webhookCases: readonly Case[] = [
  ...webhookProbes,
  map('not a name'),
  {name: 'delete', method: 'DELETE', path: `${ns}/configmaps/hooked${dry}`},
  {
    name: 'patch',
    method: 'PATCH',
    path: `${ns}/configmaps/hooked${dry}`,
    body: {data: {a: 'b'}},
    type: 'merge',
  },
  create('an invalid deployment comes to the webhook first', `${apps}/deployments${dry}`, deployment('A')),
  {
    name: 'patch a deployment',
    method: 'PATCH',
    path: `${apps}/deployments/hooked${dry}`,
    body: {metadata: {labels: {a: 'b'}}},
    type: 'merge',
  },
  create('ignored', `${ns}/services${dry}`, {...meta('one'), spec: {ports: [{port: 80}]}}),
  create('secret', `${ns}/secrets${dry}`, meta('one')),
  create('free secret', `${ns}/secrets${dry}`, meta('free')),
  create('broken condition', `${ns}/limitranges${dry}`, {...meta('one'), spec: {limits: []}}),
  create('quota', `${ns}/resourcequotas${dry}`, {...meta('one'), spec: {hard: {pods: '1000'}}}),
  create('checked quota', `${ns}/resourcequotas${dry}`, {
    ...meta('one', {labels: {checked: 'yes'}}),
    spec: {hard: {pods: '1000'}},
  }),
  create('pods are left alone', `${ns}/pods${dry}`, {
    ...meta('one'),
    spec: {containers: [{name: 'c', image: 'nginx:1'}]},
  }),
];

export const webhookTeardown: readonly Case[] = ['validating', 'mutating'].map((kind) => ({
  name: `remove ${kind}`,
  method: 'DELETE',
  path: `${group}/${kind}webhookconfigurations/$ns-${kind}`,
}));
