import type {ServerResponse} from 'node:http';
import {asObject, type Json, type JsonObject} from '../../../src/engine/json.ts';
import {apps, type Case, create, deployment, dry, meta, ns, patch, pod} from './differential-requests.ts';
import {type Asked, patchOf, reviewed} from './webhook-server.ts';

const refuse = (status: JsonObject): JsonObject => ({allowed: false, status});
const add = (path: string, value: Json): JsonObject => ({op: 'add', path, value});

/** What the webhook of a name answers. */
const responses: Readonly<Record<string, JsonObject>> = {
  allow: {
    allowed: true,
    warnings: ['looked at', 'twice "quoted"'],
    auditAnnotations: {seen: 'yes'},
    status: {message: 'not shown'},
  },
  deny: refuse({code: 403, message: 'not here', reason: 'Forbidden'}),
  bare: {allowed: false},
  reasoned: refuse({reason: 'Expired'}),
  detailed: refuse({
    code: 422,
    status: 'Success',
    message: 'no',
    reason: 'Invalid',
    details: {name: 'n', kind: 'k', causes: [{message: 'm', field: 'f'}]},
  }),
  low: refuse({code: 200, message: 'low'}),
  label: patchOf(add('/metadata/labels', {patched: 'yes'})),
  data: patchOf(add('/data', {set: 'by webhook'}), {op: 'remove', path: '/data/none'}),
  late: patchOf(add('/data', {late: 'yes'})),
  image: patchOf(add('/spec/containers/-', {name: 'side', image: 'side:1'})),
  replicas: patchOf({op: 'replace', path: '/spec/replicas', value: 0}),
  missing: patchOf(add('/metadata/labels/x/y', 'z')),
  gone: patchOf({op: 'remove', path: '/metadata/nothing'}),
  test: patchOf({op: 'test', path: '/metadata/name', value: 'other'}),
  wrong: patchOf(add('/data', {number: 5})),
  empty: patchOf(),
  untyped: {allowed: true, patch: Buffer.from('[]').toString('base64')},
  typed: {allowed: true, patchType: 'JSONPatch'},
  other: {...patchOf(), patchType: 'Other'},
};

/** Answers as the last part of the path says. */
export function answering({path, body}: Asked, response: ServerResponse): JsonObject | undefined {
  const name = path.split('?')[0]!.split('/').at(-1)!;
  const known = responses[name];
  if (known) return reviewed(body, known);
  switch (name) {
    case 'count': {
      const {annotations} = asObject(asObject(asObject(body.request).object).metadata);
      const count = Number(asObject(annotations).count ?? 0) + 1;
      return reviewed(
        body,
        patchOf(add('/metadata/annotations', {...asObject(annotations), count: String(count)})),
      );
    }
    case 'uid':
      return reviewed(body, {allowed: true, uid: 'another'});
    case 'kindless':
      return {response: {uid: asObject(body.request).uid ?? '', allowed: true}};
    case 'old':
      return {...reviewed(body, {allowed: true}), apiVersion: 'admission.k8s.io/v1beta1'};
    case 'responseless':
      return {apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview'};
    case 'status':
      response.writeHead(418, {'content-type': 'application/json'});
      response.end(
        JSON.stringify({kind: 'Status', apiVersion: 'v1', status: 'Failure', message: 'a teapot'}),
      );
      return undefined;
    case 'text':
      response.writeHead(500, {'content-type': 'text/plain'});
      response.end('it broke\n');
      return undefined;
    case 'absent':
      response.writeHead(404, {'content-type': 'text/plain'});
      response.end('404 page not found\n');
      return undefined;
    case 'nothing':
      response.writeHead(200, {'content-type': 'application/json'});
      response.end();
      return undefined;
    case 'html':
      response.writeHead(200, {'content-type': 'application/json'});
      response.end('<html>');
      return undefined;
    case 'hangup':
      response.destroy();
      return undefined;
    default:
      // The slow one is never answered.
      return undefined;
  }
}

export type Hook = {readonly kind: 'validating' | 'mutating'; readonly object: JsonObject};

const group = '/apis/admissionregistration.k8s.io/v1';
export const pathOf = (kind: string): string => `${group}/${kind}webhookconfigurations`;

const rule = (
  resources: readonly string[],
  operations: readonly string[] = ['*'],
  groups = ['*'],
): JsonObject => ({
  apiGroups: groups,
  apiVersions: ['*'],
  resources: [...resources],
  operations: [...operations],
});

/** A webhook that is asked about the objects with the label `by: NAME`. */
const hook = (name: string, resources: readonly string[], more: JsonObject = {}): JsonObject => ({
  name: `${name}.example.com`,
  clientConfig: {url: `$url/${name}`, caBundle: '$ca'},
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
  namespaceSelector: {matchLabels: {'kubernetes.io/metadata.name': '$ns'}},
  objectSelector: {matchLabels: {by: name}},
  rules: [rule(resources)],
  timeoutSeconds: 5,
  ...more,
});

const maps = ['configmaps'];

/** The configurations of both clusters: `$url` is where their server listens, `$ca` its authority. */
export const configurations: readonly Hook[] = [
  {
    kind: 'validating',
    object: {
      ...meta('$ns-validating'),
      webhooks: [
        hook('allow', ['*']),
        ...['deny', 'bare', 'reasoned', 'detailed', 'low', 'uid', 'kindless', 'old', 'responseless'].map(
          (name) => hook(name, maps),
        ),
        ...['status', 'text', 'absent', 'nothing', 'html', 'hangup'].map((name) => hook(name, maps)),
        hook('slow', maps, {timeoutSeconds: 1}),
        hook('slow', maps, {
          name: 'slow-ignored.example.com',
          objectSelector: {matchLabels: {by: 'slow-ignored'}},
          timeoutSeconds: 1,
          failurePolicy: 'Ignore',
        }),
        hook('label', maps, {name: 'patching.example.com', objectSelector: {matchLabels: {by: 'patching'}}}),
        hook('typed', maps),
        hook('sides', maps, {
          sideEffects: 'NoneOnDryRun',
          clientConfig: {url: '$url/allow', caBundle: '$ca'},
        }),
        hook('other-authority', maps, {clientConfig: {url: '$url/allow', caBundle: '$other'}}),
        hook('other-name', maps, {clientConfig: {url: '$named/allow', caBundle: '$ca'}}),
        hook('garbage', maps, {clientConfig: {url: '$url/allow', caBundle: 'eA=='}}),
        hook('conditions', maps, {
          clientConfig: {url: '$url/deny', caBundle: '$ca'},
          matchConditions: [
            {name: 'user', expression: "request.userInfo.groups.exists(g, g == 'system:authenticated')"},
            {name: 'name', expression: "object.metadata.name != 'free'"},
          ],
        }),
        hook('scales', ['deployments/scale', 'replicasets/scale'], {
          objectSelector: {},
          clientConfig: {url: '$url/allow', caBundle: '$ca'},
        }),
        hook('statuses', ['services/status'], {clientConfig: {url: '$url/allow', caBundle: '$ca'}}),
        hook('evictions', ['pods/eviction', 'pods/exec'], {
          objectSelector: {},
          clientConfig: {url: '$url/allow', caBundle: '$ca'},
        }),
        hook('deleted', ['secrets'], {
          objectSelector: {},
          rules: [rule(['secrets'], ['DELETE'])],
          clientConfig: {url: '$url/deny', caBundle: '$ca'},
        }),
        hook('exact', ['horizontalpodautoscalers'], {
          objectSelector: {},
          rules: [{...rule(['horizontalpodautoscalers']), apiVersions: ['v1']}],
          matchPolicy: 'Exact',
          clientConfig: {url: '$url/deny', caBundle: '$ca'},
        }),
        hook('equivalent', ['horizontalpodautoscalers'], {
          objectSelector: {},
          rules: [{...rule(['horizontalpodautoscalers']), apiVersions: ['v1']}],
          clientConfig: {url: '$url/allow', caBundle: '$ca'},
        }),
      ],
    },
  },
  {
    kind: 'mutating',
    object: {
      ...meta('$ns-mutating'),
      webhooks: [
        hook('count', ['configmaps', 'deployments'], {
          objectSelector: {matchLabels: {again: 'yes'}},
          reinvocationPolicy: 'IfNeeded',
        }),
        hook('label', [...maps, 'pods']),
        ...['data', 'missing', 'gone', 'test', 'wrong', 'empty', 'untyped', 'other'].map((name) =>
          hook(name, maps),
        ),
        hook('image', ['pods']),
        hook('replicas', ['deployments']),
        hook('data', maps, {
          name: 'late.example.com',
          objectSelector: {matchLabels: {again: 'yes'}},
          clientConfig: {url: '$url/late', caBundle: '$ca'},
        }),
        hook('allow', ['*']),
        hook('side-effects', maps, {
          sideEffects: 'NoneOnDryRun',
          clientConfig: {url: '$url/label', caBundle: '$ca'},
        }),
      ],
    },
  },
];

const by = (name: string, value: string, more: JsonObject = {}): JsonObject =>
  meta(name, {labels: {by: value, ...more}});
const map = (by_: string, name = `m-${by_}`, more: JsonObject = {}): Case =>
  create(`map by ${by_}`, `${ns}/configmaps`, {...by(name, by_), data: {a: 'b'}, ...more});

const broken = [
  'deny',
  'bare',
  'reasoned',
  'detailed',
  'low',
  'uid',
  'kindless',
  'old',
  'responseless',
  'status',
  'text',
  'absent',
  'nothing',
  'html',
  'hangup',
  'slow',
  'slow-ignored',
  'patching',
  'typed',
  'other-authority',
  'other-name',
  'garbage',
  'conditions',
  'missing',
  'gone',
  'test',
  'wrong',
  'untyped',
  'other',
];

/** Each is refused once its configuration is in force. */
export const probes: readonly Case[] = [
  create('probe deny', `${ns}/configmaps${dry}`, by('probe', 'deny')),
  create('probe missing', `${ns}/configmaps${dry}`, by('probe', 'missing')),
];

export const webhookRequests: readonly Case[] = [
  ...broken.map((name) => map(name)),
  map('conditions', 'free'),
  map('allow'),
  map('sides'),
  map('label'),
  map('data'),
  map('empty'),
  map('side-effects'),
  create('dry run', `${ns}/configmaps${dry}&fieldManager=me&fieldValidation=Strict`, by('dry', 'allow')),
  create('generated name', `${ns}/configmaps`, {
    metadata: {generateName: 'made-', labels: {by: 'label'}},
  }),
  create('again', `${ns}/configmaps`, meta('again', {labels: {again: 'yes'}})),
  patch('label it', 'merge', `${ns}/configmaps/m-allow`, {metadata: {labels: {x: 'y'}}}),
  patch('json', 'json', `${ns}/configmaps/m-allow`, [{op: 'add', path: '/data/c', value: 'd'}]),
  patch('apply', 'apply', `${ns}/configmaps/m-allow?fieldManager=applier&force=true`, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    ...by('m-allow', 'allow'),
    data: {applied: 'yes'},
  }),
  patch('apply a new one', 'apply', `${ns}/configmaps/m-new?fieldManager=applier`, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    ...by('m-new', 'data'),
  }),
  {
    name: 'put',
    method: 'PUT',
    path: `${ns}/configmaps/m-label?fieldManager=putter`,
    body: {apiVersion: 'v1', kind: 'ConfigMap', ...by('m-label', 'allow'), data: {put: 'yes'}},
  },
  patch('unlabelled', 'merge', `${ns}/configmaps/m-label`, {metadata: {labels: {by: 'deny'}}}),
  {name: 'delete', method: 'DELETE', path: `${ns}/configmaps/m-allow?propagationPolicy=Background`},
  {
    name: 'delete with a body',
    method: 'DELETE',
    path: `${ns}/configmaps/m-label`,
    body: {kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: 0},
  },
  create('secret', `${ns}/secrets`, meta('s')),
  {name: 'delete secret', method: 'DELETE', path: `${ns}/secrets/s`},
  create('pod', `${ns}/pods`, {...pod('p'), ...by('p', 'image')}),
  create('pod that is allowed', `${ns}/pods`, {...pod('p2'), ...by('p2', 'allow')}),
  create('deployment', `${apps}/deployments`, {
    ...deployment('d', {replicas: 3}),
    ...by('d', 'replicas'),
  }),
  create('deployment that is allowed', `${apps}/deployments`, {...deployment('d2'), ...by('d2', 'allow')}),
  patch('scale', 'merge', `${apps}/deployments/d2/scale`, {spec: {replicas: 1}}),
  create('service', `${ns}/services`, {...by('svc', 'allow'), spec: {ports: [{port: 80}]}}),
  patch('status', 'merge', `${ns}/services/svc/status`, {
    status: {loadBalancer: {ingress: [{ip: '192.0.2.1'}]}},
  }),
  create('autoscaler', '/apis/autoscaling/v2/namespaces/$ns/horizontalpodautoscalers', {
    ...meta('hpa'),
    spec: {maxReplicas: 3, scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'd2'}},
  }),
  {
    ...map('allow', 'as-other'),
    name: 'impersonated',
    headers: {'impersonate-user': 'jane', 'impersonate-group': 'system:masters'},
  },
  create('evicted', `${ns}/pods/p2/eviction`, {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: {name: 'p2', namespace: '$ns'},
  }),
  {name: 'delete many', method: 'DELETE', path: `${ns}/configmaps?labelSelector=by%3Dallow`},
];
