import {afterAll, beforeAll, expect, test} from 'vitest';
import {asArray, asObject, type JsonObject} from '../../../src/engine/json.ts';
import {withMaps} from '../../../src/practice/api/cel/object-literals.ts';
import {until} from '../../helpers/control-plane.ts';
import {deployment, meta, pod} from './differential-requests.ts';
import {type Practice, startPractice} from './practice.ts';

test.each([
  ['Object{}', 'dyn({})'],
  ['Object{a: Object.a{b: 1}}', 'dyn({"a": dyn({"b": 1})})'],
  ['Object { a : {"Object{": c} }', 'dyn({"a": {"Object{": c} })'],
  [
    'Object{a: has(object.x) ? [1, f(2, 3)] : [], b: 2}',
    'dyn({"a": has(object.x) ? [1, f(2, 3)] : [],"b": 2})',
  ],
  [
    "[JSONPatch{op: 'add', path: '/a//b', value: object.x}]",
    '[dyn({"op": \'add\',"path": \'/a//b\',"value": object.x})]',
  ],
  ['Object{`a-b`: 1, // not c: {\n d: 2}', 'dyn({"a-b": 1,"d": 2})'],
  ['MyObject{a: 1}', 'MyObject{a: 1}'],
  ['{"a": object.a}', '{"a": object.a}'],
])('%s', (expression, text) => {
  expect(withMaps(expression)).toMatchObject({text, problem: ''});
});

test('a literal has the type of its place', () => {
  expect(withMaps('Object{spec: Object.status{}}').problem).toBe(
    'unexpected type name "Object.status", expected "Object.spec", which matches field name path from root Object type',
  );
});

const shop = '/api/v1/namespaces/shop';
const group = '/apis/admissionregistration.k8s.io/v1';

let practice: Practice;
beforeAll(async () => {
  practice = await startPractice(undefined, {withControllers: true});
}, 60_000);
afterAll(() => practice.close());

async function define(
  name: string,
  resources: readonly string[],
  expression: string,
  more: JsonObject = {},
): Promise<void> {
  const rules = [{apiGroups: ['*'], apiVersions: ['*'], operations: ['CREATE'], resources: [...resources]}];
  const made = await practice.ask(`${group}/mutatingadmissionpolicies`, {
    body: {
      ...meta(name),
      spec: {
        matchConstraints: {
          namespaceSelector: {matchLabels: {'kubernetes.io/metadata.name': 'shop'}},
          resourceRules: rules,
        },
        mutations: [{patchType: 'ApplyConfiguration', applyConfiguration: {expression}}],
        reinvocationPolicy: 'Never',
        ...more,
      },
    },
  });
  expect(made.status, made.text).toBe(201);
  const bound = await practice.ask(`${group}/mutatingadmissionpolicybindings`, {
    body: {...meta(name), spec: {policyName: name}},
  });
  expect(bound.status, bound.text).toBe(201);
}

test('pods of controllers are changed, and what the policy left out stays', async () => {
  await define(
    'secure',
    ['pods'],
    `Object{spec: Object.spec{containers: object.spec.containers.map(c,
      Object.spec.containers{name: c.name, securityContext: Object.spec.containers.securityContext{allowPrivilegeEscalation: false}})}}`,
  );
  const made = await practice.ask('/apis/apps/v1/namespaces/shop/deployments', {
    body: {
      ...deployment('web'),
      spec: {
        replicas: 1,
        selector: {matchLabels: {app: 'web'}},
        template: {metadata: {labels: {app: 'web'}}, spec: {containers: [{name: 'c', image: 'nginx:1'}]}},
      },
    },
  });
  expect(made.status).toBe(201);
  const pods = async (): Promise<readonly JsonObject[]> =>
    asArray((await practice.ask(`${shop}/pods?labelSelector=app%3Dweb`)).json.items).map(asObject);
  await until(async () => (await pods()).length === 1, 'the pod is there', 60);
  expect(asObject((await pods())[0]!.spec).containers).toMatchObject([
    {name: 'c', image: 'nginx:1', securityContext: {allowPrivilegeEscalation: false}},
  ]);
}, 90_000);

test('a policy sees again what a later one has changed, when it asks to', async () => {
  const data = 'has(object.data) && "late" in object.data ? "again" : "first"';
  await define('a-early', ['configmaps'], `Object{data: {"early": ${data}}}`, {
    reinvocationPolicy: 'IfNeeded',
  });
  await define('a-never', ['configmaps'], `Object{data: {"never": ${data}}}`);
  await define('b-late', ['configmaps'], 'Object{data: {"late": "yes"}}');
  const {json} = await practice.ask(`${shop}/configmaps`, {body: meta('again')});
  expect(json.data).toEqual({early: 'again', never: 'first', late: 'yes'});
});

test('what can not be evaluated refuses, unless the policy may fail', async () => {
  await define('failing', ['secrets'], 'Object{data: {"a": object.nope}}');
  const refused = await practice.ask(`${shop}/secrets`, {body: meta('s')});
  expect([refused.status, refused.json.reason, refused.json.message]).toEqual([
    403,
    'Invalid',
    `policy 'failing' with binding 'failing' denied request: expression 'Object{data: {"a": object.nope}}' resulted in error: no such key: nope`,
  ]);
  await define('may-fail', ['services'], 'Object{metadata: object.nope}', {failurePolicy: 'Ignore'});
  const service = {...meta('s'), spec: {ports: [{port: 80}]}};
  expect((await practice.ask(`${shop}/services`, {body: service})).status).toBe(201);
  expect((await practice.ask(`${shop}/pods?dryRun=All`, {body: pod('p')})).status).toBe(201);
});

test('policies are in force after a restart, for controllers too', async () => {
  await practice.cluster.stop();
  practice = await startPractice(practice.directory, {withControllers: true});
  await practice.ask(`${shop}/pods?labelSelector=app%3Dweb`, {method: 'DELETE'});
  const images = async (): Promise<readonly JsonObject[]> =>
    asArray((await practice.ask(`${shop}/pods?labelSelector=app%3Dweb`)).json.items)
      .map(asObject)
      .filter(({metadata}) => asObject(metadata).deletionTimestamp === undefined);
  await until(async () => (await images()).length === 1, 'a new pod is there', 60);
  expect(asObject((await images())[0]!.spec).containers).toMatchObject([
    {securityContext: {allowPrivilegeEscalation: false}},
  ]);
}, 90_000);
