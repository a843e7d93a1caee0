import type {Json, JsonObject} from '../../../src/engine/json.ts';
import {
  apps,
  type Case,
  create,
  deployment,
  dry,
  job,
  meta,
  ns,
  patch,
  pod,
} from './differential-requests.ts';

const group = '/apis/admissionregistration.k8s.io/v1';
const policies = `${group}/mutatingadmissionpolicies`;
const bindings = `${group}/mutatingadmissionpolicybindings`;

const rule = (resources: readonly string[], groups: readonly string[] = ['*']): JsonObject => ({
  apiGroups: [...groups],
  apiVersions: ['*'],
  operations: ['CREATE', 'UPDATE'],
  resources: [...resources],
});
const apply = (expression: string): JsonObject => ({
  patchType: 'ApplyConfiguration',
  applyConfiguration: {expression},
});
const json = (expression: string): JsonObject => ({patchType: 'JSONPatch', jsonPatch: {expression}});

/** A policy for the objects with the label `by: NAME`. */
function policy(
  name: string,
  resources: readonly string[],
  mutations: readonly Json[],
  more: JsonObject = {},
): JsonObject {
  return {
    ...meta(`$ns-${name}`),
    spec: {
      matchConstraints: {
        namespaceSelector: {matchLabels: {'kubernetes.io/metadata.name': '$ns'}},
        objectSelector: {matchLabels: {by: name}},
        resourceRules: [rule(resources)],
      },
      mutations: [...mutations],
      reinvocationPolicy: 'Never',
      ...more,
    },
  };
}

const all: readonly JsonObject[] = [
  policy(
    'label',
    ['configmaps', 'pods'],
    [apply('Object{metadata: Object.metadata{labels: Object.metadata.labels{added: "yes"}}}')],
  ),
  policy(
    'data',
    ['configmaps'],
    [apply('Object{data: {"name": string(object.metadata.name), "count": string(1 + 2)}}')],
  ),
  policy(
    'sidecar',
    ['pods'],
    [
      apply(`Object{
      spec: Object.spec{
        initContainers: [
          Object.spec.initContainers{
            name: "mesh",
            image: "mesh:1", // a comment: with {braces}
            restartPolicy: "Always"
          }
        ]
      }
    }`),
    ],
  ),
  policy(
    'secure',
    ['pods'],
    [
      apply(
        'Object{spec: Object.spec{containers: object.spec.containers.map(c, Object.spec.containers{name: c.name, securityContext: Object.spec.containers.securityContext{allowPrivilegeEscalation: false}})}}',
      ),
    ],
  ),
  policy(
    'toleration',
    ['pods'],
    [
      json(
        '[JSONPatch{op: "add", path: "/spec/tolerations/-", value: Object.spec.tolerations{key: "a", operator: "Exists"}}]',
      ),
    ],
  ),
  policy(
    'json',
    ['configmaps'],
    [
      json(
        '[JSONPatch{op: "test", path: "/data/a", value: "b"}, JSONPatch{op: "add", path: "/metadata/labels/" + jsonpatch.escapeKey("example.com/x"), value: "y"}]',
      ),
      json('has(object.data) && "a" in object.data ? [JSONPatch{op: "remove", path: "/data/a"}] : []'),
    ],
  ),
  policy(
    'twice',
    ['configmaps'],
    [apply('Object{data: {"first": "1"}}'), apply('Object{data: {"second": object.data["first"] + "2"}}')],
  ),
  policy('variables', ['configmaps'], [apply('Object{data: {"v": variables.text}}')], {
    variables: [{name: 'text', expression: '"made of " + object.metadata.name'}],
  }),
  policy('conditions', ['configmaps'], [apply('Object{data: {"c": "yes"}}')], {
    matchConditions: [{name: 'not-free', expression: "object.metadata.name != 'free'"}],
  }),
  policy('missing', ['configmaps'], [json('[JSONPatch{op: "remove", path: "/data/none"}]')]),
  policy('ignored', ['configmaps'], [json('[JSONPatch{op: "remove", path: "/data/none"}]')], {
    failurePolicy: 'Ignore',
  }),
  policy('failing', ['configmaps'], [apply('Object{data: {"x": object.data.nope}}')]),
  policy('misplaced', ['configmaps'], [apply('Object{metadata: Object.spec{labels: Object.spec.labels{}}}')]),
  policy('unknown', ['configmaps'], [apply('Object{nope: "x"}')]),
  policy('number', ['configmaps'], [apply('Object{data: {"x": 5}}')]),
  policy(
    'replicas',
    ['deployments'],
    [apply('Object{spec: Object.spec{replicas: object.spec.replicas * 0 + 1}}')],
  ),
  policy(
    'broken',
    ['jobs'],
    [
      apply(
        'Object{spec: Object.spec{template: Object.spec.template{spec: Object.spec.template.spec{restartPolicy: "Nope"}}}}',
      ),
    ],
  ),
  policy(
    'atomic',
    ['pods'],
    [apply('Object{spec: Object.spec{containers: [Object.spec.containers{name: "c", command: ["x"]}]}}')],
  ),
  policy('params', ['configmaps'], [apply('Object{data: {"from": params.data.value}}')], {
    paramKind: {apiVersion: 'v1', kind: 'ConfigMap'},
  }),
];

const bound = (name: string, more: JsonObject = {}): JsonObject => ({
  ...meta(`$ns-${name}`),
  spec: {policyName: `$ns-${name}`, ...more},
});
const nameOf = (object: JsonObject): string =>
  String((object.metadata as JsonObject).name).replace('$ns-', '');

export const mutationSetup: readonly Case[] = [
  create('parameters', `${ns}/configmaps`, {...meta('parameters'), data: {value: 'given'}}),
  ...all.map((object) => create(`policy ${nameOf(object)}`, policies, object)),
  ...all.map((object) =>
    create(
      `binding ${nameOf(object)}`,
      bindings,
      bound(
        nameOf(object),
        nameOf(object) === 'params'
          ? {paramRef: {name: 'parameters', namespace: '$ns', parameterNotFoundAction: 'Deny'}}
          : {},
      ),
    ),
  ),
];

const by = (name: string, value: string): JsonObject => meta(name, {labels: {by: value}});
const map = (value: string, name = `m-${value}`): Case =>
  create(`map by ${value}`, `${ns}/configmaps`, {...by(name, value), data: {a: 'b'}});
const pods = (value: string, spec: JsonObject = {}): Case =>
  create(`pod by ${value}`, `${ns}/pods`, {...pod(`p-${value}`, spec), ...by(`p-${value}`, value)});

/** Each is changed once the policies are in force. */
export const mutationProbes: readonly Case[] = all.map((object) =>
  create(`probe ${nameOf(object)}`, `${ns}/configmaps${dry}`, {...by('probe', 'label')}),
);

const wrong = (name: string, mutations: readonly Json[], more: JsonObject = {}): Case =>
  create(`wrong: ${name}`, `${policies}${dry}`, policy('wrong', ['configmaps'], mutations, more));

export const mutationRequests: readonly Case[] = [
  ...[
    'label',
    'data',
    'json',
    'twice',
    'variables',
    'conditions',
    'missing',
    'ignored',
    'failing',
    'unknown',
    'misplaced',
    'number',
    'params',
  ].map((value) => map(value)),
  map('conditions', 'free'),
  ...['label', 'sidecar', 'secure', 'atomic'].map((value) => pods(value)),
  pods('toleration', {tolerations: [{key: 'own', operator: 'Exists'}]}),
  create('deployment', `${apps}/deployments`, {...deployment('d', {replicas: 3}), ...by('d', 'replicas')}),
  create('job', '/apis/batch/v1/namespaces/$ns/jobs', {...job('j'), ...by('j', 'broken')}),
  patch('label it', 'merge', `${ns}/configmaps/m-label`, {metadata: {labels: {added: null, x: 'y'}}}),
  patch('apply', 'apply', `${ns}/configmaps/m-label?fieldManager=applier&force=true`, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    ...by('m-label', 'label'),
    data: {applied: 'yes'},
  }),
  {name: 'get', path: `${ns}/configmaps/m-data`},
  {name: 'policy', path: `${policies}/$ns-label`},
  {name: 'binding', path: `${bindings}/$ns-label`},
  wrong('no mutations', []),
  wrong('no type', [{applyConfiguration: {expression: 'Object{}'}}]),
  wrong('another type', [{patchType: 'Merge'}]),
  wrong('nothing to apply', [{patchType: 'ApplyConfiguration'}]),
  wrong('the other', [{patchType: 'JSONPatch', applyConfiguration: {expression: 'Object{}'}}]),
  wrong('an empty expression', [apply('')]),
  wrong('a text', [apply('"x"')]),
  wrong('no list', [json('"x"')]),
  wrong('another reinvocation', [apply('Object{}')], {reinvocationPolicy: 'Always'}),
  wrong('both', [
    {...json('[JSONPatch{op: "remove", path: "/data"}]'), applyConfiguration: {expression: 'Object{}'}},
  ]),
  wrong('an unknown variable', [apply('Object{data: {"a": nope}}')]),
  wrong('no literal', [apply('object')]),
  wrong('an empty list', [json('[]')]),
  wrong('no rules', [apply('Object{}')], {matchConstraints: {}}),
  wrong('no constraints', [apply('Object{}')], {matchConstraints: null}),
  create('wrong: binding without a policy', `${bindings}${dry}`, {...meta('w'), spec: {}}),
];

export const mutationTeardown: readonly Case[] = all.flatMap((object) =>
  [policies, bindings].map((path) => ({
    name: `remove ${nameOf(object)}`,
    method: 'DELETE' as const,
    path: `${path}/$ns-${nameOf(object)}`,
  })),
);
