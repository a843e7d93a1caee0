import {chmodSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {expect} from 'vitest';
import {frameworks} from '../../controls/frameworks.ts';
import type {Fix, Question, Step} from '../../src/engine/change.ts';
import type {Inventory} from '../../src/engine/inventory.ts';
import type {Json} from '../../src/engine/json.ts';
import {refOf, resourceOf} from '../../src/engine/objects.ts';
import type {Path} from '../../src/engine/path.ts';
import {type ControlResult, Scanner} from '../../src/engine/scan.ts';
import {applyPlan} from '../../src/fix/apply.ts';
import {Journal} from '../../src/fix/journal.ts';
import {preparePlan} from '../../src/fix/prepare.ts';
import type {Target} from '../../src/target/target.ts';
import {until} from './control-plane.ts';
import {intoInventory} from './events.ts';
import {frameworkOf, parseObjects} from './test-control.ts';

/** How a person turns one failed object of a control to passed. */
export type Way = {
  readonly control: string;
  /** What makes it fail, where the scenario does not. */
  readonly first?: Act;
  /** The object that is meant; any failed one where absent. */
  readonly object?: string;
  readonly act: Act;
};
export type Act =
  | {readonly fix: string; readonly answers?: Readonly<Record<string, string>>}
  | {readonly apply: string}
  | {readonly remove: string; readonly apply: string}
  | {readonly set: string; readonly path: Path; readonly json: Json}
  | {readonly file: string; readonly edit: (text: string) => string}
  | {readonly write: string; readonly text: string}
  | {readonly of: string; readonly mode: number}
  /** By another program, as kubectl. */
  | (() => Promise<unknown>);

const settings = {today: '2026-11-23'};

/**
 * Turns verdicts on a cluster as a person does: by a fix of kubekata, by objects, by files of nodes. `directory`: for
 * the journal, and with `nodes/` where the files of nodes lie.
 */
export function turner(target: Target, directory: string) {
  const nodeFile = (path: string): string => join(directory, 'nodes', path);

  /** What is there; while the API server starts anew with another flag, it is asked again. */
  async function seen(): Promise<Inventory> {
    let inventory: Inventory | undefined;
    await until(
      async () => {
        inventory = await target.list().then(intoInventory, () => undefined);
        return inventory !== undefined;
      },
      'the API server answers',
      30,
    );
    return inventory!;
  }

  const look = async (id: string): Promise<{inventory: Inventory; result: ControlResult}> => {
    const {control} = frameworks.kubekata.entries.find((entry) => entry.id === id)!;
    const inventory = await seen();
    const scanner = new Scanner(
      frameworkOf(control),
      inventory,
      Object.assign(() => undefined, {settings}),
    );
    return {inventory, result: scanner.scan().controls[0]!};
  };
  const failing = (result: ControlResult): readonly string[] =>
    result.failures.map(({resource}) => resource.id);

  async function change(
    id: string,
    steps: readonly Step[],
    inventory: Inventory,
    answers: ReadonlyMap<string, string> = new Map(),
  ) {
    const plan = await preparePlan({target, inventory, change: {id, steps}, answers});
    expect(plan.items.flatMap(({rejection}) => rejection ?? [])).toEqual([]);
    const journal = new Journal(directory, await target.identity());
    const entry = await applyPlan({target, plan, journal, title: id});
    expect(entry.steps.map(({state}) => state)).not.toContain('refused');
  }

  const create = (yaml: string) =>
    parseObjects(yaml).map(
      (object) => ({do: 'create', id: resourceOf(object).id, object: {base: object}}) as const,
    );

  async function act(one: Act, id: string, from?: ControlResult, fixInventory?: Inventory): Promise<void> {
    const inventory = fixInventory ?? (await seen());
    if (typeof one === 'function') {
      await one();
      return;
    }
    if ('file' in one) {
      writeFileSync(nodeFile(one.file), one.edit(readFileSync(nodeFile(one.file), 'utf8')));
      return;
    }
    if ('mode' in one) {
      chmodSync(nodeFile(one.of), one.mode);
      return;
    }
    if ('write' in one) {
      mkdirSync(dirname(nodeFile(one.write)), {recursive: true});
      writeFileSync(nodeFile(one.write), one.text);
      return;
    }
    if ('fix' in one) {
      const given = new Map(Object.entries(one.answers ?? {}));
      const fix = from && firstFix(from, inventory, one.fix, given);
      if (fix === undefined) throw new Error(`${id} has no fix for ${one.fix}`);
      const answers = new Map(fix.asks.map((ask) => [ask.id, answerTo(ask, given) ?? '']));
      await change(id, fix.change.steps, inventory, answers);
      return;
    }
    if ('set' in one) {
      const edits = [{op: 'set', path: one.path, value: {json: one.json}}] as const;
      await change(id, [{do: 'edit', object: refOf(inventory.byKey(one.set)!), edits}], inventory);
      return;
    }
    const removed = 'remove' in one ? inventory.byKey(one.remove) : undefined;
    const steps = [
      ...create(one.apply),
      ...(removed ? [{do: 'delete', object: refOf(removed)} as const] : []),
    ];
    await change(id, steps, inventory);
  }

  /** Sees a control fail, acts, and sees it pass. */
  async function turn({control, first, object, act: last}: Way): Promise<void> {
    if (first) await act(first, control);
    await until(
      async () => {
        const {result} = await look(control);
        return object === undefined ? result.failed > 0 : failing(result).includes(object);
      },
      `${control} fails${object ? ` at ${object}` : ''}`,
    );
    const {inventory, result} = await look(control);
    const before = failing(result);
    await act(last, control, result, inventory);
    await until(
      async () => {
        const now = failing((await look(control)).result);
        return object === undefined ? now.length < before.length : !now.includes(object);
      },
      `${control} passes${object ? ` at ${object}` : ''}`,
    );
    expect((await look(control)).result.reason).toBeUndefined();
  }

  return {seen, create, turn};
}

/** The first fix of objects whose id begins so that nobody has to do by hand, and whose questions have answers. */
function firstFix(
  {entry, failures}: ControlResult,
  inventory: Inventory,
  object: string,
  answers: ReadonlyMap<string, string>,
): Fix | undefined {
  return [...entry.control.fixes(failures, inventory)].find(
    ({kind, clears, asks}) =>
      kind !== 'manual' &&
      clears.some((id) => id.startsWith(object)) &&
      asks.every((ask) => answerTo(ask, answers) !== undefined),
  );
}

const answerTo = (
  {id, suggestion, choices}: Question,
  answers: ReadonlyMap<string, string>,
): string | undefined => answers.get(id) ?? suggestion ?? choices?.[0];
