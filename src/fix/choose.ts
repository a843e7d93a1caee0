import type {Fix, FixKind, Question} from '../engine/change.ts';
import {type AnyControl, type Failure, findingId} from '../engine/control.ts';
import {EditError, UnresolvedError} from '../engine/edits.ts';
import type {Inventory} from '../engine/inventory.ts';
import type {Resource} from '../engine/objects.ts';
import {type ControlResult, type Scanner, walkOrder} from '../engine/scan.ts';
import {simulate} from '../engine/simulate.ts';

/** A fix with the control that it is for. */
export type Chosen = {readonly control: string; readonly fix: Fix};

export type Choosing = {
  /** Changes as fixes are chosen: each control sees what those before it did. */
  readonly inventory: Inventory;
  /** Has scanned this inventory. */
  readonly scanner: Scanner;
  readonly kinds: ReadonlySet<FixKind>;
  /** What a person answered, by question: `memory limit`, or `memory limit of web`. */
  readonly given: ReadonlyMap<string, string>;
  /** Ids of changes that are not wanted, or that the target refuses. */
  readonly without?: ReadonlySet<string>;
};

export type Choice = {
  readonly chosen: readonly Chosen[];
  /** Answers by question id. */
  readonly answers: ReadonlyMap<string, string>;
};

const byHarm: readonly FixKind[] = ['automatic', 'review', 'recreate', 'manual'];
/** A fix may make room for another: a namespace gets its policies only once. */
const mostPasses = 4;

/** For each failing object the least harmful fix of these kinds, all controls together, the lowest score first. */
export function chooseFixes(choosing: Choosing): Choice {
  const {scanner} = choosing;
  const chosen: Chosen[] = [];
  const answers = new Map<string, string>();
  for (let pass = 0; pass < mostPasses; pass += 1) {
    const before = chosen.length;
    for (const {entry} of walkOrder(scanner.result().controls)) {
      const result = scanner.result().controls.find((one) => one.entry === entry);
      if (result?.status === 'failed') chosen.push(...chooseFor(result, choosing, chosen, answers));
    }
    if (chosen.length === before) break;
  }
  return {chosen, answers};
}

function chooseFor(
  result: ControlResult,
  {inventory, scanner, kinds, given, without}: Choosing,
  before: readonly Chosen[],
  answers: Map<string, string>,
): readonly Chosen[] {
  const {id, control} = result.entry;
  const open = new Set(result.failures.flatMap((failure) => findingsOf(control, failure)));
  const known = new Set(before.map(({fix}) => fix.change.id));
  const chosen: Chosen[] = [];
  const changed: Resource[] = [];
  for (const fix of inOrder([...control.fixes(result.failures, inventory)])) {
    if (!kinds.has(fix.kind) || fix.change.steps.length === 0) continue;
    if (known.has(fix.change.id) || without?.has(fix.change.id)) continue;
    if (!fix.clears.some((one) => open.has(one))) continue;
    const own = answersTo(fix.asks, given);
    if (own === undefined) continue;
    try {
      const simulated = simulate(inventory, fix.change, own);
      for (const key of simulated.removed) changed.push(...inventory.delete(key));
      for (const resource of simulated.set) changed.push(...inventory.set(resource));
    } catch (error) {
      if (error instanceof UnresolvedError || error instanceof EditError) continue;
      throw error;
    }
    for (const one of fix.clears) open.delete(one);
    for (const [question, answer] of own) answers.set(question, answer);
    chosen.push({control: id, fix});
  }
  scanner.update(changed);
  return chosen;
}

const inOrder = (fixes: readonly Fix[]): readonly Fix[] =>
  fixes.toSorted((a, b) => byHarm.indexOf(a.kind) - byHarm.indexOf(b.kind));

export const findingsOf = (control: AnyControl, {resource, findings}: Failure): readonly string[] =>
  findings.map((finding) => findingId(control.meta.id, resource, finding));

/** Answers by question id: what was given, else the suggestion; undefined when one has neither. */
export function answersTo(
  asks: readonly Question[],
  given: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> | undefined {
  const answers = new Map<string, string>();
  for (const question of asks) {
    const answer = answerTo(question, given);
    if (answer === undefined) return undefined;
    answers.set(question.id, answer);
  }
  return answers;
}

/** A more exact name goes before a shorter one: `memory limit of web` before `memory limit`. */
export function answerTo(
  {label, suggestion}: Question,
  given: ReadonlyMap<string, string>,
): string | undefined {
  const names = [...given.keys()].filter((name) => label === name || label.startsWith(`${name} of `));
  const [best] = names.sort((a, b) => b.length - a.length);
  return (best === undefined ? undefined : given.get(best)) ?? suggestion;
}
