import {describe, expect, it} from 'vitest';
import {parseAllDocuments} from 'yaml';
import type {Fix} from '../../src/engine/change.ts';
import {type AnyControl, type Framework, findingId, messageOf} from '../../src/engine/control.ts';
import {Inventory} from '../../src/engine/inventory.ts';
import {deepFreeze, type JsonObject} from '../../src/engine/json.ts';
import {type Resource, resourceOf} from '../../src/engine/objects.ts';
import {formatPath} from '../../src/engine/path.ts';
import {type ControlResult, findingIds, Scanner} from '../../src/engine/scan.ts';
import type {Settings} from '../../src/engine/settings.ts';
import {changeOf, simulate} from '../../src/engine/simulate.ts';

/** One behaviour of a control, literal. */
export type ControlCase = {
  readonly name: string;
  /** YAML documents; what the inventory holds, frozen. */
  readonly objects: string;
  /** Derived objects that no document gives: kubelets. */
  readonly more?: readonly Resource[];
  /** The day, and what the person decided. */
  readonly settings?: Settings;
  /** Exactly what is found, one line each: `Deployment/shop/web spec.template.spec.hostPID: true`. Empty: it passes. */
  readonly findings: readonly string[];
  /** Ids of what is counted, where the case is about that. */
  readonly counted?: number;
  /** Why it can't be evaluated, where the case is about that. */
  readonly notEvaluated?: string;
  /** Per approach: answers to its questions, and every object that it changes or makes, as YAML. */
  readonly fixed?: readonly {
    readonly approach: string;
    readonly answers?: Readonly<Record<string, string>>;
    readonly objects: string;
    /** Findings that this approach leaves, in the order of `findings`. */
    readonly leaves?: readonly string[];
  }[];
  /** Approaches that are manual: they have steps and change nothing. */
  readonly manual?: readonly string[];
};

export const parseObjects = (yaml: string): readonly JsonObject[] =>
  parseAllDocuments(yaml).flatMap((document) => {
    const errors = 'errors' in document ? document.errors : [];
    if (errors.length > 0) throw errors[0];
    const value = document.toJS() as JsonObject | null;
    return value === null ? [] : [deepFreeze(value)];
  });

export const inventoryOf = (yaml: string, more: readonly Resource[] = []): Inventory =>
  new Inventory([...parseObjects(yaml).map((object) => resourceOf(object)), ...more]);

/** A framework of this one control, with no built-in exception. */
export const frameworkOf = (control: AnyControl): Framework => ({
  id: 'test',
  title: 'test',
  scoring: 'mean',
  entries: [{id: control.meta.id, title: control.meta.title, baseScore: control.meta.baseScore, control}],
  excuses: () => undefined,
});

const scanOne = (control: AnyControl, inventory: Inventory, settings: Settings = {}): ControlResult => {
  const accept = Object.assign(() => undefined, {settings});
  const result = new Scanner(frameworkOf(control), inventory, accept).scan().controls[0];
  if (result === undefined) throw new Error('the framework has one control');
  return result;
};

const lines = (result: ControlResult): readonly string[] =>
  result.failures.flatMap(({resource, findings}) =>
    findings.map(({path, found}) => `${resource.id} ${formatPath(path, resource.object)}: ${found}`),
  );

/** Runs the literal cases of a control: findings, messages, fixed output, silence after it, idempotence, `clears`. */
export function testControl(control: AnyControl, cases: readonly ControlCase[]): void {
  describe(`${control.meta.id} ${control.meta.title}`, () => {
    for (const one of cases) {
      it(one.name, () => {
        const inventory = inventoryOf(one.objects, one.more);
        const result = scanOne(control, inventory, one.settings);
        if (one.notEvaluated !== undefined) {
          expect(result.reason).toBe(one.notEvaluated);
          return;
        }
        expect(result.reason, 'it can be evaluated').toBeUndefined();
        expect(lines(result)).toEqual(one.findings);
        if (one.counted !== undefined) expect(result.all).toBe(one.counted);
        checkMessages(control, result);
        checkFixes(control, one, inventory, result);
      });
    }
  });
}

function checkMessages(control: AnyControl, result: ControlResult): void {
  for (const finding of result.failures.flatMap(({findings}) => findings)) {
    expect(Object.keys(control.meta.messages), 'the message is declared').toContain(finding.message);
    expect(messageOf(control.meta, finding), 'every {name} of the message is filled').not.toMatch(/\{\w+\}/);
  }
}

function checkFixes(
  control: AnyControl,
  one: ControlCase,
  inventory: Inventory,
  before: ControlResult,
): void {
  const fixes = [...control.fixes(before.failures, inventory)];
  const approaches = [...new Set(fixes.map(({approach}) => approach))];
  if (one.fixed || one.manual) {
    expect(approaches).toEqual([...(one.fixed ?? []).map(({approach}) => approach), ...(one.manual ?? [])]);
  }
  for (const approach of approaches) {
    const chosen = fixes.filter((fix) => fix.approach === approach);
    if (chosen.every(({kind}) => kind === 'manual')) {
      for (const fix of chosen) expect(fix.steps?.length, `${approach} tells its steps`).toBeGreaterThan(0);
      continue;
    }
    checkApproach(control, one, inventory, before, approach, chosen);
  }
}

function checkApproach(
  control: AnyControl,
  one: ControlCase,
  inventory: Inventory,
  before: ControlResult,
  approach: string,
  fixes: readonly Fix[],
): void {
  const expected = one.fixed?.find((fixed) => fixed.approach === approach);
  const answers = new Map(Object.entries(expected?.answers ?? {}));
  const open = fixes.flatMap(({asks}) => asks).filter(({id, suggestion}) => !suggestion && !answers.has(id));
  if (open.length > 0) {
    expect(
      expected,
      `${approach} asks ${open.map(({id}) => id).join(', ')}: answer it in the case`,
    ).toBeUndefined();
    return;
  }
  const change = changeOf(approach, fixes);
  const simulated = simulate(inventory, change, answers);
  if (expected) {
    expect(simulated.set.map(({object}) => object)).toEqual(parseObjects(expected.objects));
  }
  for (const fix of fixes) {
    if (fix.kind !== 'automatic') expect(fix.consequence, `${approach} tells its consequence`).toBeTruthy();
  }
  const after = inventoryOf(one.objects, one.more);
  for (const key of simulated.removed) after.delete(key);
  for (const resource of simulated.set) after.set(deepResource(resource));
  const rescan = scanOne(control, after, one.settings);
  const was = findingIds(before);
  const is = new Set(findingIds(rescan));
  const clears = [...new Set(fixes.flatMap((fix) => fix.clears))].sort();
  expect(clears, `${approach} clears what a rescan does not find any more`).toEqual(
    was.filter((id) => !is.has(id)).sort(),
  );
  if (expected?.leaves) expect(lines(rescan)).toEqual(expected.leaves);
  const again = simulate(after, change, answers);
  expect(
    again.set.map(({object}) => object),
    `${approach} twice changes nothing more`,
  ).toEqual(simulated.set.map(({object}) => object));
}

const deepResource = (resource: Resource): Resource => ({...resource, object: deepFreeze(resource.object)});

export {findingId};
