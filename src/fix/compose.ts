import {type Change, mergeChanges, stepKey} from '../engine/change.ts';
import type {PreviewItem, Target} from '../target/target.ts';
import type {Choice, Chosen} from './choose.ts';
import {withAnswers} from './prepare.ts';

/** Fixes that the target takes as one change, and those that it refuses. */
export type Composed = {
  readonly chosen: readonly Chosen[];
  readonly change: Change;
  readonly items: readonly PreviewItem[];
  /** Id of a fix's change to the reason why the target refuses it. */
  readonly refused: ReadonlyMap<string, string>;
};

export const changeOfAll = (chosen: readonly Chosen[]): Change =>
  mergeChanges(
    'fix',
    chosen.map(({fix}) => fix.change),
  );

/**
 * Previews all fixes as one change, edits grouped per object. What stands in the way of an object is found by asking for
 * its fixes one by one, so that one refused edit costs only its own fix. @throws {TargetError}
 */
export async function compose(
  target: Target,
  {chosen, answers}: Choice,
  signal?: AbortSignal,
): Promise<Composed> {
  const refused = new Map<string, string>();
  let kept = chosen;
  for (;;) {
    const change = changeOfAll(kept);
    const items = await target.preview(withAnswers(change, answers), signal);
    const bad = items.filter(({rejection}) => rejection !== undefined);
    if (bad.length === 0) return {chosen: kept, change, items, refused};
    const culprits = await culpritsOf(target, kept, bad, answers, signal);
    for (const [one, reason] of culprits) refused.set(one.fix.change.id, reason);
    kept = kept.filter((one) => !culprits.has(one));
  }
}

async function culpritsOf(
  target: Target,
  chosen: readonly Chosen[],
  bad: readonly PreviewItem[],
  answers: ReadonlyMap<string, string>,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<Chosen, string>> {
  const reasons = new Map(bad.map(({step, rejection}) => [stepKey(step), rejection ?? '']));
  const suspects = chosen.filter(({fix}) => fix.change.steps.some((step) => reasons.has(stepKey(step))));
  const culprits = new Map<Chosen, string>();
  for (const one of suspects.length > 1 ? suspects : []) {
    const items = await target.preview(withAnswers(one.fix.change, answers), signal);
    const rejection = items.find((item) => item.rejection !== undefined)?.rejection;
    if (rejection !== undefined) culprits.set(one, rejection);
  }
  if (culprits.size > 0) return culprits;
  // Each alone would be taken, together they are not.
  return new Map(
    suspects.map((one) => [
      one,
      one.fix.change.steps.map((step) => reasons.get(stepKey(step))).find(Boolean) ?? '',
    ]),
  );
}

/** Fixes that touch the same objects belong together: a person is asked once for them. */
export function unitsOf(chosen: readonly Chosen[]): readonly (readonly Chosen[])[] {
  let units: {keys: ReadonlySet<string>; chosen: readonly Chosen[]}[] = [];
  for (const one of chosen) {
    const keys = new Set(one.fix.change.steps.map(stepKey));
    const linked = units.filter((unit) => [...keys].some((key) => unit.keys.has(key)));
    const joined = {
      keys: new Set([...linked.flatMap((unit) => [...unit.keys]), ...keys]),
      chosen: [...linked.flatMap((unit) => unit.chosen), one],
    };
    const [first] = linked;
    if (first === undefined) units.push(joined);
    else units = units.flatMap((unit) => (unit === first ? [joined] : linked.includes(unit) ? [] : [unit]));
  }
  return units.map((unit) => unit.chosen);
}
