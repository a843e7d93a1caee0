import type {JsonObject} from '../../../src/engine/json.ts';
import {
  apps,
  batch,
  type Case,
  create,
  deployment,
  dry,
  job,
  meta,
  networking,
  ns,
  patch,
  rbac,
  web,
  workload,
} from './differential-requests.ts';

const applied = (name: string, manager: string, metadata: JsonObject, force = ''): Case =>
  patch(`${name} (${manager})`, 'apply', `${ns}/configmaps/shared?fieldManager=${manager}${force}`, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {name: 'shared', ...metadata},
  });
const shared = `${ns}/configmaps/shared`;

const managerCases: readonly Case[] = [
  applied('an empty map', 'one', {labels: {}}),
  applied('a map that was empty', 'one', {labels: {a: 'b'}}),
  applied('an empty map again', 'one', {labels: {}}),
  applied('what another applied empty', 'two', {labels: {a: 'b'}, annotations: {c: 'd'}}),
  applied('what another applied empty, by force', 'two', {labels: {a: 'b'}}, '&force=true'),
  applied('an empty map where something is', 'one', {labels: {}}),
  patch('nobody manages it', 'merge', `${shared}?fieldManager=three`, {metadata: {managedFields: [{}]}}),
  patch('what nobody manages', 'merge', `${shared}?fieldManager=three`, {data: {a: 'b'}}),
  applied('what was there before', 'one', {labels: {a: 'x'}}),
  patch('a finalizer', 'merge', shared, {metadata: {finalizers: ['example.com/one']}}),
  {name: 'delete what is kept', method: 'DELETE', path: shared},
  patch('nobody manages what is going', 'merge', shared, {metadata: {managedFields: [{}]}}),
  applied('what is going', 'one', {labels: {a: 'y'}}, '&force=true'),
  create('create what is going', `${ns}/configmaps`, meta('shared')),
  patch('another finalizer', 'merge', shared, {
    metadata: {finalizers: ['example.com/one', 'example.com/two']},
  }),
  patch('the last finalizer goes', 'merge', shared, {metadata: {finalizers: null}}),
];

const kept = `${apps}/statefulsets/kept`;
const set = (podSpec: JsonObject): JsonObject =>
  workload('StatefulSet', 'kept', {replicas: 0, serviceName: 's'}, podSpec);

/** Maps that stay when they are empty, as nothing leaves them out. */
const emptyMapCases: readonly Case[] = [
  patch('an empty map that stays', 'apply', `${kept}?fieldManager=one`, set({securityContext: {}})),
  patch('a part of it', 'apply', `${kept}?fieldManager=two`, set({securityContext: {runAsUser: 5}})),
  patch('nobody manages it', 'merge', kept, {metadata: {managedFields: [{}]}}),
  patch('nothing of it', 'merge', kept, {spec: {template: {spec: {securityContext: {runAsUser: null}}}}}),
  patch(
    'a part of what nobody managed',
    'apply',
    `${kept}?fieldManager=two&force=true`,
    set({securityContext: {runAsUser: 6}}),
  ),
];

/** In order: what earlier ones make, later ones read and change. */
export const storyCases: readonly Case[] = [
  create('create', `${apps}/deployments?fieldManager=test`, deployment('web')),
  create('create again', `${apps}/deployments`, deployment('web')),
  {name: 'get', path: web},
  {name: 'get nothing', path: `${apps}/deployments/nope`},
  {
    name: 'get partial',
    path: web,
    headers: {accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1'},
  },
  {name: 'get table', path: web, headers: {accept: 'application/json;as=Table;g=meta.k8s.io;v=v1'}},
  {name: 'get yaml only', path: web, headers: {accept: 'text/plain'}},
  {name: 'get status', path: `${web}/status`},
  {name: 'get scale', path: `${web}/scale`},
  {name: 'list', path: `${apps}/deployments`},
  {name: 'list with a label', path: `${apps}/deployments?labelSelector=app%3Dx`},
  {name: 'list with a bad label', path: `${apps}/deployments?labelSelector=a%3D%24`},
  {name: 'list with a bad set', path: `${apps}/deployments?labelSelector=a%20in%20(`},
  {name: 'list with a bad field', path: `${apps}/deployments?fieldSelector=spec.foo%3Dx`},
  {name: 'list by name', path: `${apps}/deployments?fieldSelector=metadata.name%3Dweb`},
  {name: 'list with a bad limit', path: `${apps}/deployments?limit=x`},
  {name: 'list with a bad continue', path: `${apps}/deployments?continue=abc`},
  {name: 'list with a bad revision', path: `${apps}/deployments?resourceVersion=abc`},
  {
    name: 'list of an exact old revision',
    path: `${apps}/deployments?resourceVersion=1&resourceVersionMatch=Exact`,
  },
  {name: 'list with a match and no revision', path: `${apps}/deployments?resourceVersionMatch=Exact`},
  {name: 'list of a cluster kind in a namespace', path: `${ns}/nodes`},
  {name: 'unknown resource', path: `${ns}/foos`},
  {name: 'unknown group', path: '/apis/foo.bar/v1/foos'},
  {name: 'unknown subresource', path: `${web}/foo`},
  {name: 'unknown path', path: '/foo'},
  {name: 'method', method: 'POST', path: web, body: deployment('web')},
  patch('replicas', 'merge', web, {spec: {replicas: 0, minReadySeconds: 5}}),
  patch('same', 'merge', web, {spec: {minReadySeconds: 5}}),
  patch('nothing there', 'merge', `${apps}/deployments/nope`, {}),
  patch('no object', 'merge', web, []),
  patch('wrong type', 'merge', web, {metadata: {labels: {a: 1}}}),
  patch('unknown field', 'merge', web, {spec: {foo: 1}}),
  patch('stale', 'merge', web, {metadata: {resourceVersion: '1'}}),
  patch('name', 'merge', web, {metadata: {name: 'x'}}),
  patch('namespace', 'merge', web, {metadata: {namespace: 'x'}}),
  patch('uid', 'merge', web, {metadata: {uid: 'x'}}),
  patch('selector', 'merge', web, {
    spec: {selector: {matchLabels: {app: 'a', b: 'c'}}, template: {metadata: {labels: {b: 'c'}}}},
  }),
  patch('status ignored', 'merge', web, {status: {replicas: 7}}),
  patch('replicas -1', 'merge', web, {spec: {replicas: -1}}),
  patch('no list', 'json', web, {}),
  patch('replace', 'json', web, [{op: 'replace', path: '/spec/minReadySeconds', value: 6}]),
  patch('test', 'json', web, [{op: 'test', path: '/spec/minReadySeconds', value: 7}]),
  patch('remove nothing', 'json', web, [{op: 'remove', path: '/spec/nope'}]),
  patch('unknown operation', 'json', web, [{op: 'foo', path: '/spec'}]),
  patch('add to a list', 'json', web, [
    {op: 'add', path: '/spec/template/spec/containers/-', value: {name: 'd', image: 'x'}},
  ]),
  patch('container by name', 'strategic-merge', web, {
    spec: {template: {spec: {containers: [{name: 'd', image: 'y:2', env: [{name: 'A', value: 'b'}]}]}}},
  }),
  patch('container without name', 'strategic-merge', web, {
    spec: {template: {spec: {containers: [{image: 'y'}]}}},
  }),
  patch('delete a container', 'strategic-merge', web, {
    spec: {template: {spec: {containers: [{name: 'd', $patch: 'delete'}]}}},
  }),
  patch('new container first', 'strategic-merge', web, {
    spec: {template: {spec: {containers: [{name: 'e', image: 'e:1'}]}}},
  }),
  patch('order', 'strategic-merge', web, {
    spec: {
      template: {
        spec: {
          $setElementOrder: 0,
          '$setElementOrder/containers': [{name: 'c'}, {name: 'e'}],
          containers: [{name: 'e', image: 'e:2'}],
        },
      },
    },
  }),
  patch('replace containers', 'strategic-merge', web, {
    spec: {template: {spec: {containers: [{$patch: 'replace'}, {name: 'c', image: 'nginx:2'}]}}},
  }),
  patch('retain keys', 'strategic-merge', web, {spec: {strategy: {$retainKeys: ['type'], type: 'Recreate'}}}),
  patch('bad directive', 'strategic-merge', web, {
    spec: {template: {spec: {containers: [{name: 'c', $patch: 'foo'}]}}},
  }),
  patch('wrong type', 'strategic-merge', web, {spec: {replicas: 'x'}}),
  patch('null', 'strategic-merge', web, {spec: {minReadySeconds: null}}),
  patch('tolerations are atomic', 'strategic-merge', web, {
    spec: {template: {spec: {tolerations: [{key: 'a', operator: 'Exists'}]}}},
  }),
  patch('capabilities', 'strategic-merge', web, {
    spec: {
      template: {
        spec: {
          containers: [
            {name: 'c', securityContext: {capabilities: {drop: ['ALL']}, allowPrivilegeEscalation: false}},
          ],
        },
      },
    },
  }),
  patch('media type', 'foo', web, {}),
  patch('dry run of nothing', 'merge', `${web}?dryRun=foo`, {}),
  patch('validation of nothing', 'merge', `${web}?fieldValidation=foo`, {}),
  patch('scale', 'merge', `${web}/scale`, {spec: {replicas: 0}}),
  {name: 'delete with a wrong uid', method: 'DELETE', path: web, body: {preconditions: {uid: 'x'}}},
  {name: 'delete dry', method: 'DELETE', path: `${web}${dry}`},
  {name: 'delete', method: 'DELETE', path: web},
  {name: 'delete again', method: 'DELETE', path: web},
  create('create a secret', `${ns}/secrets`, {...meta('s'), data: {a: 'Yg=='}, immutable: true}),
  patch('immutable', 'merge', `${ns}/secrets/s`, {data: {a: 'Yw=='}}),
  patch('immutable type', 'merge', `${ns}/secrets/s`, {type: 'foo'}),
  create('create a job', `${batch}/jobs`, job('j')),
  patch('job template', 'merge', `${batch}/jobs/j`, {spec: {completions: 5}}),
  create('create a binding', `${rbac}/rolebindings`, {
    ...meta('b'),
    roleRef: {apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r'},
  }),
  patch('roleRef', 'merge', `${rbac}/rolebindings/b`, {roleRef: {name: 'x'}}),
  create(
    'create a stateful set',
    `${apps}/statefulsets`,
    workload('StatefulSet', 'ss', {replicas: 0, serviceName: 's'}),
  ),
  patch('stateful set name', 'merge', `${apps}/statefulsets/ss`, {spec: {serviceName: 'x'}}),
  create('create a service', `${ns}/services`, {...meta('s'), spec: {ports: [{port: 80}]}}),
  patch('cluster IP', 'merge', `${ns}/services/s`, {
    spec: {clusterIP: '10.96.0.99', clusterIPs: ['10.96.0.99']},
  }),
  patch('service port', 'strategic-merge', `${ns}/services/s`, {spec: {ports: [{port: 81, name: 'b'}]}}),
  create('create a map', `${ns}/configmaps`, meta('labelled', {labels: {a: 'b'}})),
  patch('copy from nowhere', 'json', `${ns}/configmaps/labelled`, [{op: 'copy', path: '/metadata/labels/x'}]),
  patch('move of all', 'json', `${ns}/configmaps/labelled`, [
    {op: 'move', from: '', path: '/metadata/labels/x'},
  ]),
  patch('list for bytes', 'strategic-merge', `${ns}/secrets/s`, {data: {a: ['x']}}),
  patch('new without a name', 'apply', `${ns}/configmaps/new?fieldManager=m`, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {labels: {a: 'b'}},
  }),
  patch('stored without a name', 'apply', `${ns}/configmaps/labelled?fieldManager=m`, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    data: {a: 'b'},
  }),
  create('create a policy', `${networking}/networkpolicies`, {
    ...meta('n'),
    spec: {podSelector: {}, egress: [{to: [{ipBlock: {cidr: '10.0.0.0/8', except: ['10.1.0.0/16']}}]}]},
  }),
  patch('no network', 'json', `${networking}/networkpolicies/n`, [
    {op: 'replace', path: '/spec/egress/0/to/0/ipBlock/except/0', value: null},
  ]),
  {name: 'put without name', method: 'PUT', path: `${ns}/secrets/s`, body: {metadata: {}}},
  {name: 'put nothing', method: 'PUT', path: `${ns}/configmaps/nope`, body: meta('nope')},
  {name: 'put other name', method: 'PUT', path: `${ns}/secrets/s`, body: meta('t')},
  ...managerCases,
  ...emptyMapCases,
];
