import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import type {Json, JsonObject} from '../../../src/engine/json.ts';
import {type Case, container, create, meta, ns, patch} from './differential-requests.ts';
import {asNode} from './node-cases.ts';

const by = (node: string, item: Case): Case => ({
  ...item,
  name: `${item.name} by ${node}`,
  headers: asNode(node),
});
const kubelet = (item: Case): Case => by('rpi-2', item);
const remove = (path: string): Case => ({name: `delete ${path}`, method: 'DELETE', path});
const change = (path: string, body: Json, type = 'merge'): Case =>
  patch(`${path} ${JSON.stringify(body)}`, type, path, body);

const node = '/api/v1/nodes/rpi-2';
const labels = (given: JsonObject): JsonObject => ({metadata: {labels: given}});

/** Each key by itself: which a kubelet may set is a list. */
const labelKeys = [
  'plain',
  'example.com/x',
  'node-restriction.kubernetes.io/x',
  'team.node-restriction.kubernetes.io/x',
  'kubernetes.io/x',
  'kubernetes.io/hostname',
  'kubernetes.io/os',
  'kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/arch',
  'beta.kubernetes.io/instance-type',
  'beta.kubernetes.io/x',
  'node.kubernetes.io/x',
  'x.node.kubernetes.io/x',
  'kubelet.kubernetes.io/x',
  'x.kubelet.kubernetes.io/x',
  'node.kubernetes.io/instance-type',
  'node-role.kubernetes.io/control-plane',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'topology.kubernetes.io/x',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'failure-domain.kubernetes.io/zone',
  'x.k8s.io/x',
  'k8s.io/x',
  'notk8s.io/x',
];

const owner = (more: JsonObject = {}): JsonObject => ({
  ...{apiVersion: 'v1', kind: 'Node', name: 'rpi-2', uid: '$uid', controller: true},
  ...more,
});
const mirror = (name: string, spec: JsonObject = {}, metadata: JsonObject = {}): Case =>
  create(`mirror ${name}`, `${ns}/pods?dryRun=All`, {
    ...meta('m', {
      annotations: {'kubernetes.io/config.mirror': 'x'},
      ownerReferences: [owner()],
      ...metadata,
    }),
    spec: {nodeName: 'rpi-2', containers: [container()], ...spec},
  });
const volume = (source: JsonObject): JsonObject => ({volumes: [{name: 'v', ...source}]});

const token = (name: string, spec: JsonObject, account = 'worker'): Case =>
  create(`token ${name}`, `${ns}/serviceaccounts/${account}/token`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec,
  });
const boundTo = (name: string, uid: string, more: JsonObject = {}): JsonObject => ({
  boundObjectRef: {apiVersion: 'v1', kind: 'Pod', name, uid, ...more},
});

const lease = (namespace: string, name: string): Case =>
  create(
    `lease ${namespace}/${name}`,
    `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases?dryRun=All`,
    {
      ...meta(name),
      spec: {holderIdentity: name},
    },
  );
const csiNode = (name: string): Case =>
  create(`csinode ${name}`, '/apis/storage.k8s.io/v1/csinodes?dryRun=All', {
    ...meta(name),
    spec: {drivers: []},
  });

const eviction = (name: string): Case =>
  create(`evict ${name}`, `${ns}/pods/${name}/eviction?dryRun=All`, {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    ...meta(name),
  });

const status = (pod: string, body: Json): Case => change(`${ns}/pods/${pod}/status?dryRun=All`, body);

/** What a kubelet may write by itself, and what not; `$uid` is its node's, `$pod` that of the pod `here`. */
export const restricted: readonly Case[] = [
  ...labelKeys.map((key) => change(`${node}?dryRun=All`, labels({[key]: 'other'}))),
  ...labelKeys.map((key) => change(`${node}/status?dryRun=All`, labels({[key]: 'other'}))),
  change(
    `${node}?dryRun=All`,
    labels({'kubernetes.io/hostname': null, 'x.k8s.io/a': 'b', 'a.k8s.io/a': 'b'}),
  ),
  change(`${node}?dryRun=All`, {spec: {unschedulable: true}}),
  change(`${node}?dryRun=All`, {spec: {taints: [{key: 'a', effect: 'NoSchedule'}]}}),
  change(`${node}/status?dryRun=All`, {spec: {taints: [{key: 'a', effect: 'NoSchedule'}]}}),
  change(`${node}?dryRun=All`, {spec: {taints: []}}),
  change(`${node}?dryRun=All`, {metadata: {ownerReferences: [{...owner(), name: 'x', controller: false}]}}),
  change(`${node}?dryRun=All`, {
    spec: {configSource: {configMap: {name: 'a', namespace: 'b', kubeletConfigKey: 'c'}}},
  }),
  change(`${node}/status?dryRun=All`, {status: {phase: 'Running'}}),
  change('/api/v1/nodes/rpi-3?dryRun=All', labels({a: 'b'})),
  change('/api/v1/nodes/rpi-3/status?dryRun=All', {status: {phase: 'Running'}}),
  create('another node', '/api/v1/nodes?dryRun=All', meta('rpi-8')),
  remove('/api/v1/nodes/rpi-2?dryRun=All'),
  mirror('of its own'),
  mirror('without the annotation', {}, {annotations: {}}),
  mirror('on another node', {nodeName: 'rpi-3'}),
  mirror('without a node', {nodeName: ''}),
  mirror('without an owner', {}, {ownerReferences: []}),
  mirror('with two owners', {}, {ownerReferences: [owner(), owner({name: 'b', controller: false})]}),
  mirror('of another owner', {}, {ownerReferences: [owner({name: 'rpi-3'})]}),
  mirror('of another kind of owner', {}, {ownerReferences: [owner({kind: 'Pod'})]}),
  mirror('without a controller', {}, {ownerReferences: [owner({controller: false})]}),
  mirror('that blocks', {}, {ownerReferences: [owner({blockOwnerDeletion: true})]}),
  mirror('of another uid', {}, {ownerReferences: [owner({uid: 'other'})]}),
  mirror('with an account', {serviceAccountName: 'worker'}),
  mirror('with a pull secret', {imagePullSecrets: [{name: 'env'}]}),
  mirror('with a secret', volume({secret: {secretName: 'env'}})),
  mirror('with a map', volume({configMap: {name: 'env'}})),
  mirror('with an empty map', volume({configMap: {name: 'env', optional: true}})),
  mirror('with a claim', volume({persistentVolumeClaim: {claimName: 'claim'}})),
  mirror('with a driver', volume({csi: {driver: 'd'}})),
  mirror('with a token', volume({projected: {sources: [{serviceAccountToken: {path: 't'}}]}})),
  mirror('with a projected map', volume({projected: {sources: [{configMap: {name: 'env'}}]}})),
  mirror('with its own fields', volume({projected: {sources: [{downwardAPI: {items: []}}]}})),
  mirror('with an emptyDir', volume({emptyDir: {}})),
  mirror('with claims of resources', {resourceClaims: [{name: 'c', resourceClaimName: 'c'}]}),
  status('here', {status: {message: 'm'}}),
  status('here', {metadata: {labels: {a: 'b'}}}),
  status('here', {metadata: {annotations: {a: 'b'}}}),
  status('here', {status: {resourceClaimStatuses: [{name: 'c', resourceClaimName: 'x'}]}}),
  status('elsewhere', {status: {message: 'm'}}),
  status('none', {status: {message: 'm'}}),
  eviction('here'),
  eviction('elsewhere'),
  eviction('none'),
  remove(`${ns}/pods/elsewhere?dryRun=All`),
  remove(`${ns}/pods/none?dryRun=All`),
  remove(`${ns}/pods/mirror?dryRun=All&gracePeriodSeconds=0`),
  token('bound', boundTo('here', '$pod')),
  token('of nothing', {}),
  token('of a node', {boundObjectRef: {apiVersion: 'v1', kind: 'Node', name: 'rpi-2', uid: '$uid'}}),
  token('without a uid', boundTo('here', '')),
  token('of another uid', boundTo('here', 'other')),
  token('of no pod', boundTo('none', '$pod')),
  token('of a pod elsewhere', boundTo('elsewhere', '$elsewhere')),
  token('for another account', boundTo('here', '$pod'), 'default'),
  token('for an audience', {...boundTo('here', '$pod'), audiences: ['vault']}),
  token('for its audience', {...boundTo('here', '$pod'), audiences: ['shop']}),
  token('for two audiences', {...boundTo('here', '$pod'), audiences: ['shop', 'vault']}),
  lease('kube-node-lease', 'rpi-2-b'),
  lease('$ns', 'rpi-2'),
  csiNode('rpi-3'),
  create('events', `${ns}/events?dryRun=All`, {
    ...meta('e'),
    involvedObject: {kind: 'Pod', namespace: '$ns', name: 'here'},
  }),
].map(kubelet);

const request = (subject: string, folder: string): string => {
  const key = join(folder, 'node.key');
  const how = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key];
  const pem = execFileSync('openssl', ['req', '-new', ...how, '-subj', subject], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return pem.toString('base64');
};

/** Requests for certificates: a kubelet asks for its own alone. */
export function certificateCases(folder: string): readonly Case[] {
  const asked = (subject: string, signer: string): Case =>
    create(
      `certificate ${subject} of ${signer}`,
      '/apis/certificates.k8s.io/v1/certificatesigningrequests?dryRun=All',
      {
        ...meta('r'),
        spec: {request: request(subject, folder), signerName: signer, usages: ['client auth']},
      },
    );
  const client = 'kubernetes.io/kube-apiserver-client-kubelet';
  return [
    asked('/O=system:nodes/CN=system:node:rpi-2', client),
    asked('/O=system:nodes/CN=system:node:rpi-3', client),
    asked('/O=system:nodes/CN=system:node:rpi-3', 'kubernetes.io/kubelet-serving'),
    asked('/CN=x', 'kubernetes.io/kube-apiserver-client'),
  ].map(kubelet);
}

/** What the plugin refuses where RBAC gives a kubelet everything. */
export const mayAll: readonly Case[] = [
  ...[
    change(`${ns}/pods/here?dryRun=All`, {metadata: {labels: {a: 'b'}}}),
    create('binding', `${ns}/pods/here/binding?dryRun=All`, {
      ...meta('here'),
      target: {kind: 'Node', name: 'rpi-2'},
    }),
    change(`${ns}/persistentvolumeclaims/claim?dryRun=All`, labels({a: 'b'})),
    remove(`${ns}/persistentvolumeclaims/claim?dryRun=All`),
    change(`${ns}/persistentvolumeclaims/claim/status?dryRun=All`, {status: {capacity: {storage: '2Gi'}}}),
    change(
      '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/rpi-3?dryRun=All',
      labels({a: 'b'}),
    ),
    remove('/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/rpi-3?dryRun=All'),
    remove('/api/v1/nodes/rpi-3?dryRun=All'),
    remove('/api/v1/nodes?dryRun=All'),
    remove(`${ns}/pods?dryRun=All`),
    change(`${ns}/configmaps/env?dryRun=All`, labels({a: 'b'})),
    create('secret', `${ns}/secrets?dryRun=All`, meta('s')),
    token('for any audience', {...boundTo('here', '$pod'), audiences: ['vault']}),
    create('node with labels', '/api/v1/nodes?dryRun=All', {
      ...meta('rpi-9', {labels: {'node-restriction.kubernetes.io/x': 'y'}}),
    }),
  ].map(kubelet),
  by(
    'rpi-9',
    create('own node', '/api/v1/nodes?dryRun=All', {
      ...meta('rpi-9', {labels: {'kubernetes.io/hostname': 'rpi-9', 'example.com/x': 'y'}}),
      spec: {taints: [{key: 'a', effect: 'NoSchedule'}]},
    }),
  ),
  by(
    'rpi-9',
    create('own node with labels', '/api/v1/nodes?dryRun=All', {
      ...meta('rpi-9', {labels: {'node-restriction.kubernetes.io/x': 'y', 'k8s.io/x': 'y', a: 'b'}}),
    }),
  ),
  {
    ...create('nameless', `${ns}/pods?dryRun=All`, meta('x')),
    headers: asNode(''),
  },
];
