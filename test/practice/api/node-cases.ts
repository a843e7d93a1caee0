import type {JsonObject} from '../../../src/engine/json.ts';
import {type Case, container, create, meta, ns} from './differential-requests.ts';

/** Pods on nodes, and what they refer to. */
const onNode = (name: string, node: string, spec: JsonObject, more: JsonObject = {}): Case =>
  create(`pod ${name}`, `${ns}/pods`, {
    ...meta(name, more),
    spec: {nodeName: node, containers: [container()], ...spec},
  });

const claim = (name: string, spec: JsonObject): JsonObject => ({
  ...meta(name),
  spec: {accessModes: ['ReadWriteOnce'], resources: {requests: {storage: '1Gi'}}, ...spec},
});

const names = ['env', 'from', 'volume', 'pull', 'projected', 'other', 'mirrored', 'stored'];

export const nodeSetup: readonly Case[] = [
  ...names.flatMap((name) => [
    create(`secret ${name}`, `${ns}/secrets`, {...meta(name), stringData: {a: 'b'}}),
    create(`map ${name}`, `${ns}/configmaps`, {...meta(name), data: {a: 'b'}}),
  ]),
  create('account', `${ns}/serviceaccounts`, meta('worker')),
  create('volume', '/api/v1/persistentvolumes', {
    ...meta('$ns'),
    spec: {
      capacity: {storage: '1Gi'},
      accessModes: ['ReadWriteOnce'],
      claimRef: {namespace: '$ns', name: 'claim'},
      csi: {
        driver: 'd',
        volumeHandle: 'h',
        nodePublishSecretRef: {namespace: '$ns', name: 'stored'},
      },
    },
  }),
  create('claim', `${ns}/persistentvolumeclaims`, claim('claim', {volumeName: '$ns', storageClassName: ''})),
  // No controller of ours makes the claim of an ephemeral volume.
  create('claim of a volume', `${ns}/persistentvolumeclaims`, claim('here-e', {storageClassName: 'none'})),
  onNode(
    'mirror',
    'rpi-2',
    {volumes: [{name: 'v', hostPath: {path: '/'}}]},
    {
      annotations: {'kubernetes.io/config.mirror': 'x'},
    },
  ),
  onNode('elsewhere', 'rpi-3', {
    volumes: [
      {name: 's', secret: {secretName: 'other'}},
      {name: 'c', configMap: {name: 'other'}},
    ],
  }),
  onNode('here', 'rpi-2', {
    serviceAccountName: 'worker',
    imagePullSecrets: [{name: 'pull'}],
    containers: [
      container({
        env: [
          {name: 'A', valueFrom: {secretKeyRef: {name: 'env', key: 'a'}}},
          {name: 'B', valueFrom: {configMapKeyRef: {name: 'env', key: 'a'}}},
        ],
      }),
    ],
    initContainers: [
      container({name: 'i', envFrom: [{secretRef: {name: 'from'}}, {configMapRef: {name: 'from'}}]}),
    ],
    volumes: [
      {name: 's', secret: {secretName: 'volume'}},
      {name: 'c', configMap: {name: 'volume'}},
      {
        name: 'p',
        projected: {
          sources: [
            {secret: {name: 'projected'}},
            {configMap: {name: 'projected'}},
            {serviceAccountToken: {path: 't', audience: 'shop'}},
          ],
        },
      },
      {name: 'k', persistentVolumeClaim: {claimName: 'claim'}},
      {
        name: 'e',
        ephemeral: {
          volumeClaimTemplate: {
            spec: {
              accessModes: ['ReadWriteOnce'],
              storageClassName: 'none',
              resources: {requests: {storage: '1Gi'}},
            },
          },
        },
      },
    ],
  }),
];

type Question = JsonObject & {readonly resource: string};

const every = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];
const inNamespace = (resource: string, name = '', more: JsonObject = {}): Question => ({
  ...{resource, namespace: '$ns', name},
  ...more,
});
const selecting = (field: string, value: string): JsonObject => ({
  fieldSelector: {rawSelector: `${field}=${value}`},
});
const requiring = (operator: string, ...values: readonly string[]): JsonObject => ({
  fieldSelector: {requirements: [{key: 'spec.nodeName', operator, values}]},
});
const lease = (namespace: string, name: string): Question => ({
  ...{resource: 'leases', group: 'coordination.k8s.io', namespace, name},
});

/** What a kubelet asks for, with every verb. */
const questions: readonly Question[] = [
  ...[...names, 'none', ''].flatMap((name) => [
    inNamespace('secrets', name),
    inNamespace('configmaps', name),
  ]),
  {resource: 'secrets'},
  {resource: 'secrets', name: 'env'},
  inNamespace('secrets', 'env', {subresource: 'status'}),
  ...['claim', 'here-e', 'none', ''].flatMap((name) => [
    inNamespace('persistentvolumeclaims', name),
    inNamespace('persistentvolumeclaims', name, {subresource: 'status'}),
  ]),
  ...['$ns', 'none', ''].map((name) => ({resource: 'persistentvolumes', name})),
  ...['worker', 'default', ''].flatMap((name) => [
    inNamespace('serviceaccounts', name),
    inNamespace('serviceaccounts', name, {subresource: 'token'}),
    inNamespace('serviceaccounts', name, {subresource: 'status'}),
  ]),
  lease('kube-node-lease', 'rpi-2'),
  lease('kube-node-lease', 'rpi-3'),
  lease('kube-node-lease', ''),
  lease('$ns', 'rpi-2'),
  ...['rpi-2', 'rpi-3', ''].flatMap((name) => [
    {resource: 'csinodes', group: 'storage.k8s.io', name},
    {resource: 'csinodes', group: 'storage.k8s.io', name, subresource: 'status'},
    {resource: 'nodes', name},
    {resource: 'nodes', name, subresource: 'status'},
    {resource: 'nodes', name, subresource: 'proxy'},
    {resource: 'resourceslices', group: 'resource.k8s.io', name},
    {resource: 'volumeattachments', group: 'storage.k8s.io', name},
  ]),
  {resource: 'resourceslices', group: 'resource.k8s.io', ...selecting('spec.nodeName', 'rpi-2')},
  {resource: 'resourceslices', group: 'resource.k8s.io', subresource: 'status'},
  {resource: 'nodes', ...selecting('metadata.name', 'rpi-2')},
  ...['here', 'elsewhere', 'mirror', 'none', ''].flatMap((name) => [
    inNamespace('pods', name),
    inNamespace('pods', name, {subresource: 'status'}),
    inNamespace('pods', name, {subresource: 'eviction'}),
    inNamespace('pods', name, {subresource: 'exec'}),
  ]),
  inNamespace('pods', '', selecting('spec.nodeName', 'rpi-2')),
  inNamespace('pods', '', selecting('spec.nodeName', 'rpi-3')),
  inNamespace('pods', '', {fieldSelector: {rawSelector: 'spec.nodeName!=rpi-2'}}),
  inNamespace('pods', '', {fieldSelector: {rawSelector: 'status.phase=Running,spec.nodeName==rpi-2'}}),
  inNamespace('pods', '', requiring('In', 'rpi-2')),
  inNamespace('pods', '', requiring('In', 'rpi-2', 'rpi-3')),
  inNamespace('pods', '', requiring('NotIn', 'rpi-2')),
  inNamespace('pods', '', {fieldSelector: {rawSelector: 'spec.nodeName'}}),
  {resource: 'pods', ...selecting('spec.nodeName', 'rpi-2')},
  inNamespace('resourceclaims', 'x', {group: 'resource.k8s.io'}),
  inNamespace('podcertificaterequests', 'x', {group: 'certificates.k8s.io'}),
  ...['services', 'endpoints', 'events', 'replicationcontrollers', 'limitranges'].map((resource) =>
    inNamespace(resource),
  ),
  inNamespace('events', '', {group: 'events.k8s.io'}),
  inNamespace('deployments', '', {group: 'apps'}),
  inNamespace('endpointslices', '', {group: 'discovery.k8s.io'}),
  ...[
    ['certificates.k8s.io', 'certificatesigningrequests'],
    ['certificates.k8s.io', 'clustertrustbundles'],
    ['storage.k8s.io', 'csidrivers'],
    ['storage.k8s.io', 'storageclasses'],
    ['node.k8s.io', 'runtimeclasses'],
    ['authentication.k8s.io', 'tokenreviews'],
    ['authorization.k8s.io', 'subjectaccessreviews'],
    ['authorization.k8s.io', 'localsubjectaccessreviews'],
    ['authorization.k8s.io', 'selfsubjectaccessreviews'],
    ['', 'namespaces'],
  ].map(([group = '', resource = '']) => ({group, resource})),
];

const kubelet = {user: 'system:node:rpi-2', groups: ['system:nodes', 'system:authenticated']};

const review = (name: string, spec: JsonObject): Case =>
  create(name, '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec,
  });

/** Access reviews: every verb on what a kubelet meets. */
export const nodeReviews: readonly Case[] = [
  ...questions.flatMap((attributes) =>
    every.map((verb) =>
      review(`${verb} ${JSON.stringify(attributes)}`, {
        ...kubelet,
        resourceAttributes: {verb, version: 'v1', ...attributes},
      }),
    ),
  ),
  ...[
    {user: 'system:node:', groups: ['system:nodes']},
    {user: 'system:node:rpi-2', groups: ['system:authenticated']},
    {user: 'system:node:rpi-9', groups: ['system:nodes']},
    {user: 'rpi-2', groups: ['system:nodes']},
  ].map((user) =>
    review(`secret as ${user.user} of ${user.groups}`, {
      ...user,
      resourceAttributes: {verb: 'get', ...inNamespace('secrets', 'env')},
    }),
  ),
  review('a path', {...kubelet, nonResourceAttributes: {verb: 'get', path: '/logs'}}),
];

export const asNode = (node: string): Readonly<Record<string, string>> => ({
  'impersonate-user': `system:node:${node}`,
  'impersonate-group': 'system:nodes',
});
const headers = asNode('rpi-2');

/** Requests of a kubelet that reads. */
export const nodeReads: readonly Case[] = [
  `${ns}/secrets/env`,
  `${ns}/secrets/other`,
  `${ns}/secrets`,
  `${ns}/secrets?fieldSelector=metadata.name%3Denv`,
  '/api/v1/secrets',
  '/api/v1/secrets?fieldSelector=metadata.name%3Denv',
  `${ns}/configmaps/other`,
  `${ns}/configmaps/none`,
  '/api/v1/nodes',
  '/api/v1/nodes/rpi-3',
  '/api/v1/nodes?fieldSelector=metadata.name%3Drpi-3',
  `${ns}/pods`,
  `${ns}/pods?fieldSelector=spec.nodeName%3Drpi-3`,
  `${ns}/pods/elsewhere`,
  `${ns}/pods/here/log`,
  `${ns}/serviceaccounts/default`,
  '/apis/apps/v1/deployments',
  '/api/v1/persistentvolumes',
].map((path) => ({name: `read ${path}`, path, headers}));

export const nodeRules: Case = {
  ...create('rules', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectRulesReview',
    spec: {namespace: '$ns'},
  }),
  headers,
};
