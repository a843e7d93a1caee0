import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, it, onTestFinished} from 'vitest';
import {c0009} from '../../controls/c-0009.ts';
import type {Step} from '../../src/engine/change.ts';
import {Inventory} from '../../src/engine/inventory.ts';
import type {Json} from '../../src/engine/json.ts';
import {describe as nameOf, objectId, type Ref, refOfObject, resourceOf} from '../../src/engine/objects.ts';
import {element} from '../../src/engine/path.ts';
import {applyPlan} from '../../src/fix/apply.ts';
import {restartSteps} from '../../src/fix/guard.ts';
import {Journal} from '../../src/fix/journal.ts';
import {preparePlan} from '../../src/fix/prepare.ts';
import {applyUndo, undoPlan} from '../../src/fix/undo.ts';
import {TargetError} from '../../src/target/target.ts';
import {memoryTarget} from '../helpers/memory-target.ts';
import {parseObjects} from '../helpers/test-control.ts';

const objects = parseObjects(`
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: shop}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    spec:
      serviceAccountName: web
      containers:
      - {name: web, image: "web:1", env: [{name: PASSWORD, value: s3cret}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: other, namespace: shop}
spec: {template: {spec: {containers: [{name: other, image: "other:1"}]}}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: admins}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: User, name: bob}, {kind: User, name: eve}]
`);

const ref = (kind: string, name: string, apiVersion = 'v1'): Ref => ({
  apiVersion,
  kind,
  namespace: kind.startsWith('Cluster') ? '' : 'shop',
  name,
});
const create = (yaml: string): Step => {
  const base = parseObjects(yaml)[0]!;
  const {kind, namespace, name} = refOfObject(base);
  return {do: 'create', id: objectId(kind, namespace, name), object: {base}};
};
const set = (object: Ref, path: readonly (string | {key: string; value: Json})[], json: Json): Step => ({
  do: 'edit',
  object,
  edits: [{op: 'set', path, value: {json}}],
});

const web = ref('Deployment', 'web', 'apps/v1');
const other = ref('Deployment', 'other', 'apps/v1');
const podSpec = ['spec', 'template', 'spec'] as const;
const limits = create('{apiVersion: v1, kind: LimitRange, metadata: {name: limits, namespace: shop}}');
const quota = create('{apiVersion: v1, kind: ResourceQuota, metadata: {name: quota, namespace: shop}}');
const [restart] = restartSteps([web], new Date('2026-11-23T12:00:00Z'));
const secret = create('{apiVersion: v1, kind: Secret, metadata: {name: web-env, namespace: shop}}');
const account = create('{apiVersion: v1, kind: ServiceAccount, metadata: {name: own, namespace: shop}}');
const env = [...podSpec, 'containers', element('name', 'web'), 'env', element('name', 'PASSWORD')];
const readsSecret = set(web, [...env, 'valueFrom'], {secretKeyRef: {name: 'web-env', key: 'PASSWORD'}});
const narrower = create(`
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: admins-bob}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: User, name: bob}]
`);
const admins = ref('ClusterRoleBinding', 'admins', 'rbac.authorization.k8s.io/v1');
const leave = (name: string): Step => ({
  do: 'edit',
  object: admins,
  edits: [{op: 'remove', path: ['subjects', element('name', name)]}],
});
const role = create(`
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: shop}
`);
const roleBinding = create(`
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: readers, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects: [{kind: User, name: bob}]
`);
const space = create('{apiVersion: v1, kind: Namespace, metadata: {name: new}}');
const inSpace = create('{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: new}}');
const policy = create(`
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: keep}
`);
const policyBinding = create(`
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: keep}
spec: {policyName: keep}
`);
const independent = set(other, [...podSpec, 'hostPID'], false);
const ownToken = set(web, [...podSpec, 'automountServiceAccountToken'], true);
const accountOff = set(ref('ServiceAccount', 'web'), ['automountServiceAccountToken'], false);

/** A target that takes every dry run, and refuses to write some objects. */
function setup(refuses: readonly string[]) {
  const target = memoryTarget(objects);
  const {apply} = target;
  target.apply = async (item) => {
    if (refuses.includes(nameOf(item.ref))) throw new TargetError('rejected', 'A webhook denies it.');
    return apply(item);
  };
  const folder = mkdtempSync(join(tmpdir(), 'kubekata-depends-'));
  onTestFinished(() => rmSync(folder, {recursive: true}));
  const journal = new Journal(folder, 'test');
  const inventory = new Inventory(objects.map((object) => resourceOf(object)));
  return {target, journal, inventory};
}

async function applied(refuses: readonly string[], ...steps: readonly Step[]) {
  const {target, journal, inventory} = setup(refuses);
  const plan = await preparePlan({target, inventory, change: {id: 'test', steps}});
  return applyPlan({target, plan, journal, title: 'test'});
}

const cases: readonly {
  readonly name: string;
  readonly refused: readonly string[];
  readonly steps: readonly Step[];
  /** What became of each step. */
  readonly end: readonly string[];
}[] = [
  {
    name: 'a quota and a restart without their LimitRange',
    refused: ['LimitRange shop/limits'],
    steps: [limits, quota, independent, restart!],
    end: ['refused', 'left out: LimitRange shop/limits', 'written', 'left out: LimitRange shop/limits'],
  },
  {
    name: 'nothing where only the quota is refused',
    refused: ['ResourceQuota shop/quota'],
    steps: [limits, quota, restart!],
    end: ['written', 'refused', 'written'],
  },
  {
    name: 'a quota of another namespace stays in',
    refused: ['LimitRange shop/limits'],
    steps: [
      limits,
      create('{apiVersion: v1, kind: ResourceQuota, metadata: {name: quota, namespace: home}}'),
    ],
    end: ['refused', 'written'],
  },
  {
    name: 'a reference to a Secret that is not there',
    refused: ['Secret shop/web-env'],
    steps: [secret, readsSecret, independent],
    end: ['refused', 'left out: Secret shop/web-env', 'written'],
  },
  {
    name: 'pods that would run as an account that is not there',
    refused: ['ServiceAccount shop/own'],
    steps: [account, set(web, [...podSpec, 'serviceAccountName'], 'own'), independent],
    end: ['refused', 'left out: ServiceAccount shop/own', 'written'],
  },
  {
    name: 'a subject stays in its binding without the new one, another one leaves it',
    refused: ['ClusterRoleBinding admins-bob'],
    steps: [narrower, leave('bob')],
    end: ['refused', 'left out: ClusterRoleBinding admins-bob'],
  },
  {
    name: 'a subject that the new binding is not for',
    refused: ['ClusterRoleBinding admins-bob'],
    steps: [narrower, leave('eve')],
    end: ['refused', 'written'],
  },
  {
    name: 'a binding without its role',
    refused: ['Role shop/reader'],
    steps: [role, roleBinding],
    end: ['refused', 'left out: Role shop/reader'],
  },
  {
    name: 'what would be in a namespace that is not made',
    refused: ['Namespace new'],
    steps: [space, inSpace, independent],
    end: ['refused', 'left out: Namespace new', 'written'],
  },
  {
    name: 'a binding of a policy that is not there',
    refused: ['ValidatingAdmissionPolicy keep'],
    steps: [policy, policyBinding],
    end: ['refused', 'left out: ValidatingAdmissionPolicy keep'],
  },
  {
    name: 'an account that would give out no token while its pods have none of their own',
    refused: ['Deployment shop/web'],
    steps: [ownToken, accountOff],
    end: ['refused', 'left out: Deployment shop/web'],
  },
  {
    name: 'steps that need what is left out',
    refused: ['Role shop/reader'],
    steps: [
      role,
      roleBinding,
      {
        do: 'edit',
        object: admins,
        edits: [{op: 'remove', path: ['subjects', element('name', 'bob')]}],
      },
    ],
    end: ['refused', 'left out: Role shop/reader', 'left out: RoleBinding shop/readers'],
  },
];

for (const {name, refused, steps, end} of cases) {
  it(`a refused step leaves out: ${name}`, async () => {
    const entry = await applied(refused, ...steps);
    expect(
      entry.steps.map(({state, needs}) =>
        needs ? `left out: ${nameOf(needs)}` : state === 'done' ? 'written' : state,
      ),
    ).toEqual(end);
  });
}

it('says so before anything is written where the dry run refuses it', async () => {
  const {target, inventory, journal} = setup([]);
  const {preview} = target;
  target.preview = async (change) =>
    (await preview(change)).map((item) =>
      item.ref.kind === 'LimitRange' ? {...item, rejection: 'No.'} : item,
    );
  const plan = await preparePlan({
    target,
    inventory,
    change: {id: 'test', steps: [limits, quota, independent]},
  });
  expect(plan.server.map(({text}) => text)).toEqual([
    'It refuses LimitRange shop/limits: No.',
    'ResourceQuota shop/quota is left out: it needs LimitRange shop/limits, which is refused.',
    'It accepts 1 of 3 (dry run, strict).',
  ]);
  const entry = await applyPlan({target, plan, journal, title: 'test'});
  expect(entry.steps.map(({state}) => state)).toEqual(['refused', 'refused', 'done']);
  expect(target.objects.has('ResourceQuota/shop/quota')).toBe(false);
});

it.each([
  {refused: ['LimitRange shop/kubekata-limits'], left: []},
  {refused: [], left: ['LimitRange/shop/kubekata-limits', 'ResourceQuota/shop/kubekata-quota']},
])('is so for the fix of C-0009 as it is: $refused', async ({refused, left}) => {
  const inventory = new Inventory(objects.map((object) => resourceOf(object)));
  const failures = inventory.list('Deployment').map((resource) => ({
    resource,
    findings: [...c0009.check(resource, inventory)],
  }));
  const fix = [...c0009.fixes(failures, inventory)].find(({scope}) => scope === 'namespace')!;
  const {target, journal} = setup(refused);
  const answers = new Map(fix.asks.map(({id, label}) => [id, label.includes('CPU') ? '1' : '1Gi']));
  const plan = await preparePlan({target, inventory, change: fix.change, answers});
  await applyPlan({target, plan, journal, title: 'test'});
  expect([...target.objects.keys()].filter((key) => /LimitRange|ResourceQuota/.test(key))).toEqual(left);
});

it('undo keeps what something still needs that could not be taken back', async () => {
  const {target, journal, inventory} = setup([]);
  const plan = await preparePlan({target, inventory, change: {id: 'test', steps: [secret, readsSecret]}});
  const entry = await applyPlan({target, plan, journal, title: 'test'});
  const now = new Inventory([...target.objects.values()].map((object) => resourceOf(object)));
  const undo = await undoPlan({target, inventory: now, entry, journal});
  const {apply} = target;
  target.apply = async (item) => {
    if (item.ref.kind === 'Deployment') throw new TargetError('rejected', 'A webhook denies it.');
    return apply(item);
  };
  const undone = await applyUndo({target, undo, journal});
  expect(undone.steps.map(({state, reason}) => [state, reason])).toEqual([
    ['done', 'Deployment shop/web stays as it is, and needs it.'],
    ['done', 'A webhook denies it.'],
  ]);
  expect(target.objects.has('Secret/shop/web-env')).toBe(true);
});
