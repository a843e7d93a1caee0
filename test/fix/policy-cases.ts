import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it, onTestFinished} from 'vitest';
import type {Change} from '../../src/engine/change.ts';
import type {AnyControl} from '../../src/engine/control.ts';
import {Inventory} from '../../src/engine/inventory.ts';
import {asArray, asObject, asString, type Json, type JsonObject} from '../../src/engine/json.ts';
import {refOfObject, resourceOf} from '../../src/engine/objects.ts';
import {templatePath, WORKLOADS} from '../../src/engine/pod-spec.ts';
import {applyPlan} from '../../src/fix/apply.ts';
import {Journal} from '../../src/fix/journal.ts';
import {policyFix} from '../../src/fix/keep-policy.ts';
import {preparePlan} from '../../src/fix/prepare.ts';
import {applyUndo, undoPlan} from '../../src/fix/undo.ts';
import type {PreviewItem, Target} from '../../src/target/target.ts';
import {until} from '../helpers/control-plane.ts';
import {intoInventory} from '../helpers/events.ts';
import {type ControlCase, parseObjects} from '../helpers/test-control.ts';

export type Recorded = {readonly control: AnyControl; readonly cases: readonly ControlCase[]};

const isWorkload = ({kind}: JsonObject): boolean => (WORKLOADS as readonly string[]).includes(asString(kind));

/** A literal object as an API server takes it: what the case leaves out since the control does not look at it. */
function complete(object: JsonObject, namespace: string): JsonObject {
  const {kind} = object;
  const {name, labels} = asObject(object.metadata);
  const metadata = {name: name ?? 'one', namespace, ...(labels === undefined ? {} : {labels})};
  const app = {app: 'case'};
  const podSpec = (value: Json | undefined): JsonObject => {
    const spec = asObject(value);
    const containers = (field: string) =>
      asArray(spec[field]).map((one, index) => ({name: `c${index}`, image: 'case:1', ...asObject(one)}));
    return {
      ...spec,
      containers:
        asArray(spec.containers).length === 0 ? [{name: 'c', image: 'case:1'}] : containers('containers'),
      ...(spec.initContainers === undefined ? {} : {initContainers: containers('initContainers')}),
      ...(kind === 'Job' || kind === 'CronJob' ? {restartPolicy: 'Never'} : {}),
    };
  };
  const template = (value: Json | undefined): JsonObject => ({
    metadata: {labels: app},
    spec: podSpec(asObject(value).spec),
  });
  const base = {apiVersion: object.apiVersion!, kind: kind!, metadata};
  const spec = asObject(object.spec);
  if (kind === 'Pod') return {...base, spec: podSpec(object.spec)};
  if (kind === 'Job') return {...base, spec: {template: template(spec.template)}};
  if (kind === 'CronJob') {
    const job = asObject(asObject(spec.jobTemplate).spec);
    return {
      ...base,
      spec: {schedule: '0 1 * * *', jobTemplate: {spec: {template: template(job.template)}}},
    };
  }
  const service = kind === 'StatefulSet' ? {serviceName: 'case'} : {};
  return {...base, spec: {...service, selector: {matchLabels: app}, template: template(spec.template)}};
}

/** The pod that a workload starts: what an account says is known there only. */
function podOf(object: JsonObject): JsonObject {
  let holder: JsonObject = object;
  for (const segment of templatePath(asString(object.kind))) holder = asObject(holder[segment as string]);
  const {name, namespace} = asObject(object.metadata);
  return {apiVersion: 'v1', kind: 'Pod', metadata: {name: name!, namespace: namespace!}, spec: holder.spec!};
}

const created = async (target: Target, base: JsonObject): Promise<PreviewItem> => {
  const {kind, metadata} = base;
  const id = `${asString(kind)} ${asString(asObject(metadata).name)}`;
  const [item] = await target.preview({id, steps: [{do: 'create', id, object: {base}}]});
  return item!;
};

const apply = async (target: Target, change: Change): Promise<void> => {
  for (const item of await target.preview(change)) {
    expect(item.rejection).toBeUndefined();
    await target.apply(item);
  }
};

const make = (target: Target, yaml: string): Promise<void> =>
  apply(target, {
    id: 'make',
    steps: parseObjects(yaml).map((base, index) => ({do: 'create', id: String(index), object: {base}})),
  });

const accountYaml = (name: string, namespace: string, token: Json | undefined): string =>
  `{apiVersion: v1, kind: ServiceAccount, metadata: {name: ${name}, namespace: ${namespace}}${token === undefined ? '' : `, automountServiceAccountToken: ${String(token)}`}}`;

async function makeSpace(target: Target, namespace: string, objects: readonly JsonObject[]): Promise<void> {
  await make(target, `{apiVersion: v1, kind: Namespace, metadata: {name: ${namespace}}}`);
  const tokens = new Map<string, Json | undefined>();
  for (const one of objects) {
    if (isWorkload(one))
      tokens.set(asString(asObject(podOf(one).spec).serviceAccountName) || 'default', undefined);
  }
  tokens.set('default', undefined);
  for (const {kind, metadata, automountServiceAccountToken} of objects) {
    if (kind === 'ServiceAccount')
      tokens.set(asString(asObject(metadata).name), automountServiceAccountToken);
  }
  for (const [name, token] of tokens) {
    const ref = {apiVersion: 'v1', kind: 'ServiceAccount', namespace, name};
    if (name === 'default') {
      // A controller makes it, where there is one.
      await until(
        async () => (await target.read(ref)) !== undefined || !(await target.read({...ref, name: 'never'})),
        `default account of ${namespace}`,
      );
    }
    const exists = (await target.read(ref)) !== undefined;
    if (!exists) {
      await make(target, accountYaml(name, namespace, token)).catch(async (error: unknown) => {
        if ((await target.read(ref)) === undefined) throw error;
      });
    }
    if (token !== undefined) {
      const value = {op: 'set', path: ['automountServiceAccountToken'], value: {json: token}} as const;
      await apply(target, {id: 'token', steps: [{do: 'edit', object: ref, edits: [value]}]});
    }
  }
}

type Compared = {
  readonly passed: number;
  readonly failed: number;
  readonly invalid: readonly string[];
};

/**
 * Sends every literal object of a control to a server twice, as a dry run: as it is, and under the policy that keeps the
 * control. What the control fails must be refused by that policy, all else be taken.
 */
async function comparePolicy(target: Target, {control, cases}: Recorded, edition: number): Promise<Compared> {
  const {id} = control.meta;
  const byPod = id === 'C-0034';
  const prefix = id.toLowerCase();
  const spaces = cases.map((_, index) => `${prefix}-kept-${edition}-${index}`);
  const opens = cases.map((_, index) => `${prefix}-open-${edition}-${index}`);
  const parsed = cases.map(({objects}) => parseObjects(objects));
  const isUsed = parsed.map((objects) => objects.some(isWorkload));
  for (const [index, objects] of parsed.entries()) {
    if (!isUsed[index]) continue;
    await makeSpace(target, spaces[index]!, objects);
    await makeSpace(target, opens[index]!, objects);
  }
  const kept = spaces.filter((_, index) => isUsed[index]);
  const change = keeping(control, kept);
  await apply(target, change);
  const mismatches: string[] = [];
  const invalid: string[] = [];
  let passed = 0;
  let failed = 0;
  let isActive = false;
  for (const [index, {name}] of cases.entries()) {
    for (const object of parsed[index]!.filter(isWorkload)) {
      if (asArray(asObject(object.metadata).ownerReferences).length > 0) continue;
      const as = (space: string): JsonObject => {
        const whole = complete(object, space);
        return byPod ? podOf(whole) : whole;
      };
      const open = await created(target, as(opens[index]!));
      if (open.after === undefined || open.rejection !== undefined) {
        invalid.push(`${name}: ${open.rejection ?? ''}`);
        continue;
      }
      const accounts = parsed[index]!.filter(({kind}) => kind === 'ServiceAccount').map((one) => ({
        ...one,
        metadata: {...asObject(one.metadata), namespace: opens[index]!},
      }));
      const stored = resourceOf(open.after);
      const view = new Inventory([stored, ...accounts.map((one) => resourceOf(one))]);
      const isFailing = [...control.check(stored, view)].length > 0;
      const isDenied = async (): Promise<boolean> => {
        const {rejection = ''} = await created(target, as(spaces[index]!));
        if (rejection !== '' && !rejection.includes(`kubekata-${prefix}`)) throw new Error(rejection);
        return rejection !== '';
      };
      // The server takes a moment to load a policy.
      if (isFailing && !isActive) await until(isDenied, `the policy of ${id} to take effect`);
      if (isFailing) isActive = true;
      if ((await isDenied()) !== isFailing) {
        mismatches.push(`${name}: the control ${isFailing ? 'fails' : 'passes'} it, the policy does not`);
      }
      if (isFailing) failed += 1;
      else passed += 1;
    }
  }
  await apply(target, {
    id: 'remove',
    steps: change.steps.flatMap((step) =>
      step.do === 'create' ? [{do: 'delete', object: refOfObject(step.object.base)} as const] : [],
    ),
  });
  expect(mismatches).toEqual([]);
  return {passed, failed, invalid};
}

/** The change of the policy, bound to these namespaces, with what it refuses. */
function keeping(control: AnyControl, namespaces: readonly string[]): Change {
  const safe = (namespace: string): JsonObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name: 'safe', namespace},
    spec: {
      automountServiceAccountToken: false,
      containers: [
        {
          name: 'safe',
          image: 'safe:1',
          resources: {limits: {cpu: '1', memory: '1Gi'}},
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            runAsNonRoot: true,
            runAsUser: 1000,
            runAsGroup: 1000,
            seccompProfile: {type: 'RuntimeDefault'},
          },
        },
      ],
    },
  });
  const {id, title, baseScore} = control.meta;
  const inventory = new Inventory(namespaces.map((one) => resourceOf(safe(one))));
  const fix = policyFix({id, title, baseScore, control}, inventory)!;
  const steps = fix.change.steps.map((step) =>
    step.do === 'create' && step.object.edits
      ? {
          ...step,
          object: {
            ...step.object,
            edits: step.object.edits.map((edit) =>
              edit.op === 'set' && 'ask' in edit.value ? {...edit, value: {json: 'Deny'}} : edit,
            ),
          },
        }
      : step,
  );
  return {...fix.change, steps};
}

/** Controls whose policies are compared with their own literal cases. */
export const keptControls = [
  ...['0006', '0013', '0016', '0017', '0034', '0038', '0041', '0044', '0046', '0055', '0057', '0270', '0271'],
];

/** A server on which policies are tried. */
export type PolicyServer = {readonly target: Target; stop(): Promise<void>};

const deployment = (escalation: boolean): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {name: 'web', namespace: 'warned'},
  spec: {
    selector: {matchLabels: {app: 'web'}},
    template: {
      metadata: {labels: {app: 'web'}},
      spec: {
        containers: [{name: 'web', image: 'web:1', securityContext: {allowPrivilegeEscalation: escalation}}],
      },
    },
  },
});

/** The tests of one server: policies against the cases of their controls, and from the offer to undo. */
export function testPolicies(recorded: readonly Recorded[], start: () => Promise<PolicyServer>): void {
  let server: PolicyServer;
  const tallies = new Map<string, {passed: number; failed: number}>();

  beforeAll(async () => {
    server = await start();
  }, 120_000);
  afterAll(() => server?.stop());

  describe('refuses by a policy what its control fails, and nothing else', () => {
    for (const [edition, one] of recorded.entries()) {
      const {id, title} = one.control.meta;
      it(`${id} ${title}, ${edition}`, async () => {
        const {passed, failed, invalid} = await comparePolicy(server.target, one, edition);
        const before = tallies.get(id) ?? {passed: 0, failed: 0};
        tallies.set(id, {passed: before.passed + passed, failed: before.failed + failed});
        // Ephemeral containers come into a pod that runs already.
        const others = invalid.filter((text) => !text.includes('ephemeralContainers: Forbidden'));
        expect(others, 'cases that a server does not take at all').toEqual([]);
      }, 120_000);
    }
    it('compares something that passes, and something that fails, for each', () => {
      expect(tallies.size).toBe(keptControls.length);
      const blind = [...tallies].filter(([, {passed, failed}]) => passed === 0 || failed === 0);
      expect(blind).toEqual([]);
    });
  });

  it('is offered where nothing fails, warns, takes in a second namespace, and is undone', async () => {
    const {target} = server;
    const control = recorded.find((one) => one.control.meta.id === 'C-0016')!.control;
    const {id, title, baseScore} = control.meta;
    const entry = {id, title, baseScore, control};
    await make(target, '{apiVersion: v1, kind: Namespace, metadata: {name: warned}}');
    await make(target, '{apiVersion: v1, kind: Namespace, metadata: {name: later}}');
    const good = deployment(false);
    const inventory = new Inventory([resourceOf(good)]);
    expect(policyFix(entry, new Inventory([resourceOf(deployment(true))]))).toBeUndefined();
    const folder = mkdtempSync(join(tmpdir(), 'kubekata-policy-'));
    onTestFinished(() => rmSync(folder, {recursive: true}));
    const journal = new Journal(folder, 'test');
    const plan = await preparePlan({target, inventory, change: policyFix(entry, inventory)!.change});
    expect(plan.items.map(({confirmedBy, rejection}) => [confirmedBy, rejection])).toEqual([
      ['server', undefined],
      ['server', undefined],
    ]);
    const first = await applyPlan({target, plan, journal, title: 'keep'});
    const warnings = async (): Promise<readonly string[]> => {
      const {rejection, warnings: told} = await created(target, deployment(true));
      expect(rejection).toBeUndefined();
      return told;
    };
    await until(async () => (await warnings()).length > 0, 'the warning');
    expect((await warnings()).join(' ')).toContain(
      'Set allowPrivilegeEscalation to false in every container.',
    );
    expect((await created(target, good)).warnings).toEqual([]);

    const known = async () => intoInventory(await target.list());
    const now = await known();
    now.set(resourceOf(good));
    expect(policyFix(entry, now), 'there already').toBeUndefined();
    now.set(resourceOf({...good, metadata: {name: 'web', namespace: 'later'}}));
    const wider = policyFix(entry, now)!;
    expect(wider.change.steps.map((step) => step.do)).toEqual(['edit']);
    const answers = new Map([[wider.asks[0]!.id, 'Deny']]);
    const second = await applyPlan({
      target,
      plan: await preparePlan({target, inventory: now, change: wider.change, answers}),
      journal,
      title: 'keep more',
    });
    const isRefused = async (namespace: string) =>
      (await created(target, {...deployment(true), metadata: {name: 'web', namespace}})).rejection?.includes(
        'kubekata-c-0016',
      ) === true;
    await until(() => isRefused('later'), 'the refusal');
    await until(() => isRefused('warned'), 'the refusal');

    for (const entryOf of [second, first]) {
      const undo = await undoPlan({target, inventory: await known(), entry: entryOf, journal});
      expect((await applyUndo({target, undo, journal})).state).toBe('undone');
    }
    await until(async () => !(await isRefused('later')), 'the policy to be gone');
  }, 120_000);
}
