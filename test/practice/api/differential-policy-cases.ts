import type {JsonObject} from '../../../src/engine/json.ts';
import {apps, type Case, create, deployment, dry, meta, ns, pod} from './differential-requests.ts';

const group = '/apis/admissionregistration.k8s.io/v1';
const here = {matchLabels: {'kubernetes.io/metadata.name': '$ns'}};

const rule = (apiGroup: string, resource: string, operations: readonly string[] = ['CREATE', 'UPDATE']) => ({
  resourceRules: [{apiGroups: [apiGroup], apiVersions: ['v1'], operations, resources: [resource]}],
});
const policy = (name: string, spec: JsonObject): Case =>
  create(`policy ${name}`, `${group}/validatingadmissionpolicies`, {metadata: {name}, spec});
const binding = (name: string, spec: JsonObject = {}): Case =>
  create(`binding ${name}`, `${group}/validatingadmissionpolicybindings`, {
    metadata: {name},
    spec: {policyName: name, validationActions: ['Deny'], matchResources: {namespaceSelector: here}, ...spec},
  });

export const policySetup: readonly Case[] = [
  create('parameters', `${ns}/configmaps`, {...meta('most'), data: {most: '3'}}),
  policy('replicas', {
    paramKind: {apiVersion: 'v1', kind: 'ConfigMap'},
    matchConstraints: rule('apps', 'deployments'),
    matchConditions: [{name: 'not-free', expression: "object.metadata.name != 'free'"}],
    variables: [{name: 'images', expression: 'object.spec.template.spec.containers.map(c, c.image)'}],
    validations: [
      {
        expression: 'object.spec.replicas <= int(params.data.most)',
        messageExpression: "'at most ' + params.data.most + ', and not ' + string(object.spec.replicas)",
        reason: 'Forbidden',
      },
      {expression: "variables.images.all(i, !i.endsWith(':latest'))", message: 'no latest'},
      {expression: "variables.images.all(i, !i.contains('bad'))"},
    ],
  }),
  binding('replicas', {paramRef: {name: 'most', parameterNotFoundAction: 'Deny'}}),
  policy('missing', {
    paramKind: {apiVersion: 'v1', kind: 'ConfigMap'},
    matchConstraints: rule('', 'services'),
    validations: [{expression: 'true'}],
  }),
  binding('missing', {paramRef: {name: 'nothing', parameterNotFoundAction: 'Deny'}}),
  policy('broken', {
    matchConstraints: rule('', 'configmaps', ['CREATE', 'DELETE']),
    validations: [{expression: "object.data.foo == 'x'"}],
  }),
  binding('broken'),
  policy('warns', {
    matchConstraints: rule('', 'secrets', ['CREATE', 'DELETE']),
    validations: [
      {expression: "oldObject == null || oldObject.metadata.name != 'kept'", message: 'kept is kept'},
      {expression: "request.operation != 'CREATE' || !has(object.data)", message: 'no data'},
    ],
  }),
  binding('warns', {validationActions: ['Warn', 'Audit']}),
  policy('ignores', {
    failurePolicy: 'Ignore',
    matchConstraints: rule('', 'serviceaccounts'),
    validations: [{expression: "object.nope.nope == 'x'"}],
  }),
  binding('ignores'),
  policy('pods', {
    matchConstraints: {...rule('', 'pods'), objectSelector: {matchLabels: {checked: 'yes'}}},
    variables: [
      {name: 'limits', expression: 'object.spec.containers.map(c, c.resources.limits.memory)'},
      {name: 'total', expression: 'variables.limits.map(m, quantity(m).asInteger()).sum()'},
    ],
    validations: [
      {expression: "variables.limits.all(m, quantity(m).isLessThan(quantity('1Gi')))", message: 'below 1Gi'},
      {expression: 'variables.total > 1000', message: 'too little'},
      {expression: "object.spec.?priorityClassName.orValue('none') == 'none'", message: 'no class'},
      {expression: "namespaceObject.metadata.labels['kubernetes.io/metadata.name'] == request.namespace"},
      {
        expression:
          "authorizer.group('').resource('secrets').namespace(request.namespace).check('get').allowed()",
        message: 'who may not read Secrets makes no pods',
      },
      {expression: "sets.contains(['a', 'b'], object.spec.containers.map(c, c.name)) || true"},
    ],
  }),
  binding('pods'),
];

const configMap = (name: string, data: JsonObject = {}): Case =>
  create(`config map ${name} ${JSON.stringify(data)}`, `${ns}/configmaps${dry}`, {...meta(name), data});
const replicas = (name: string, count: number, image: string): Case =>
  create(
    `deployment ${name} ${count} ${image}`,
    `${apps}/deployments${dry}`,
    deployment(name, {replicas: count}, {containers: [{name: 'c', image}]}),
  );
const checked = (name: string, resources: JsonObject, more: JsonObject = {}): Case => {
  const made = pod('p', more, {resources});
  return create(`pod ${name}`, `${ns}/pods${dry}`, {
    ...made,
    metadata: {name: 'p', labels: {checked: 'yes'}},
  });
};

/** Expressions that name fields which their kinds do not have, in all the ways that they can be named. */
export const mistaken: Case = policy('mistaken', {
  matchConstraints: {
    resourceRules: [
      {
        apiGroups: ['apps'],
        apiVersions: ['v1'],
        operations: ['CREATE'],
        resources: ['deployments', 'daemonsets'],
      },
      {apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods', 'pods/exec']},
      {apiGroups: ['batch'], apiVersions: ['*'], operations: ['CREATE'], resources: ['jobs']},
    ],
  },
  validations: [
    {expression: 'object.spec.replicaz > 1'},
    {
      expression: "object.spec.template.spec.containers.all(c, c.imagee != '')",
      messageExpression: 'string(object.nope)',
    },
    {expression: 'has(object.spec.nope)'},
    {expression: "object.metadata.labels.x == 'a'"},
    {expression: 'object.spec.template.spec.?securityContext.?nope.orValue(true) == true'},
    {expression: "oldObject.metadata.nope == 'x'"},
    {expression: 'object.spec.template.spec.containers[0].ports.exists(p, p.hostPort > 0 && p.x == 1)'},
    {expression: 'object.spec.template.spec.containers.filter(c, c.a).size() > 0'},
    {expression: 'object.spec.template.spec.containers.map(c, c.securityContext)[0].nope == 1'},
    {expression: 'true &&\n  object.spec.nope == 1 &&\n  object.metadata.nope == 2'},
    {expression: "object.kind == 'Pod' || object.metadata.name != ''"},
  ],
});
export const statusOfMistaken: Case = {
  name: 'status of a mistaken policy',
  path: `${group}/validatingadmissionpolicies/mistaken`,
};

/** Each is refused once its policy is in force. */
export const policyProbes: readonly Case[] = [
  replicas('a', 9, 'x:1'),
  create('service', `${ns}/services${dry}`, {...meta('s2'), spec: {ports: [{port: 80}]}}),
  configMap('q', {a: 'b'}),
  checked('large', {limits: {memory: '2Gi'}}),
];

const expressions: Readonly<Record<string, string>> = {
  undeclared: 'foo.bar',
  'not a bool': '"a"',
  number: '1 + 2',
  fits: 'object.a == 1',
  'second line': 'true &&\n nope',
  syntax: 'object.spec.replicas <',
};

export const policyCases: readonly Case[] = [
  ...policyProbes,
  replicas('a', 9, 'x:latest'),
  replicas('a', 1, 'x:latest'),
  replicas('a', 1, 'bad:1'),
  replicas('a', 3, 'x:1'),
  replicas('free', 9, 'x:latest'),
  configMap('q', {foo: 'b'}),
  configMap('q', {foo: 'x'}),
  {name: 'delete a config map', method: 'DELETE', path: `${ns}/configmaps/most${dry}`},
  create('secret with data', `${ns}/secrets${dry}`, {...meta('a'), data: {a: 'Yg=='}}),
  create('secret without', `${ns}/secrets`, meta('kept')),
  {name: 'delete the secret', method: 'DELETE', path: `${ns}/secrets/kept`},
  create('account', `${ns}/serviceaccounts${dry}`, meta('a')),
  checked('small', {limits: {memory: '64Mi'}}),
  checked('tiny', {limits: {memory: '100'}}),
  checked('without limits', {}),
  checked('with a class', {limits: {memory: '64Mi'}}, {priorityClassName: 'system-node-critical'}),
  ...Object.entries(expressions).map(([name, expression]) =>
    create(`expression: ${name}`, `${group}/validatingadmissionpolicies${dry}`, {
      metadata: {name: 'e'},
      spec: {matchConstraints: rule('', 'configmaps'), validations: [{expression}]},
    }),
  ),
  create('empty policy', `${group}/validatingadmissionpolicies${dry}`, {metadata: {name: 'e'}, spec: {}}),
  create('empty binding', `${group}/validatingadmissionpolicybindings${dry}`, {
    metadata: {name: 'e'},
    spec: {},
  }),
  create('binding of both', `${group}/validatingadmissionpolicybindings${dry}`, {
    metadata: {name: 'e'},
    spec: {policyName: 'a', validationActions: ['Deny', 'Warn'], paramRef: {name: 'x'}},
  }),
];

export const policyOnPurpose: Readonly<Record<string, string>> = {
  'expression: syntax': 'the parser of the library words what is no expression in another way',
};

export const policyTeardown: readonly Case[] = [
  'replicas',
  'missing',
  'broken',
  'warns',
  'ignores',
  'pods',
  'mistaken',
].flatMap((name): readonly Case[] => [
  {name: 'unbind', method: 'DELETE', path: `${group}/validatingadmissionpolicybindings/${name}`},
  {name: 'remove', method: 'DELETE', path: `${group}/validatingadmissionpolicies/${name}`},
]);
