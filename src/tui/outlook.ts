import {InventoryAfter} from '../engine/after.ts';
import type {Change, Fix} from '../engine/change.ts';
import {type Failure, findingId, messageOf, type View} from '../engine/control.ts';
import type {Answers} from '../engine/edits.ts';
import {guidedLines} from '../engine/guided.ts';
import type {Inventory} from '../engine/inventory.ts';
import {refOf} from '../engine/objects.ts';
import {formatPath} from '../engine/path.ts';
import type {ControlResult, Foreseen, Scanner, ScanResult, Verdict} from '../engine/scan.ts';
import {mergingFixes, simulating} from '../engine/simulate.ts';
import type {Work} from '../engine/slices.ts';
import {plainText} from '../engine/text.ts';
import {kindOf} from './select.ts';
import type {Approach, Detail, FailingRow, Forecast, ObjectFix} from './state.ts';

/** Rows and choices of one control, from one scan. */
export function* detailOf(result: ControlResult, inventory: View): Work<Omit<Detail, 'forecast'>> {
  const extra = yield* extraColumn(result, inventory);
  const rows: FailingRow[] = [];
  for (const failure of result.failures) {
    rows.push(rowOf(result, failure, extra.of(failure)));
    yield;
  }
  return {result, extraHead: extra.head, rows, approaches: yield* approachesOf(result, inventory)};
}

/** `reason`: that it was accepted once, and that the date has passed. */
function rowOf({entry}: ControlResult, {resource, findings, reason}: Verdict, extra: string): FailingRow {
  const found = [...new Set(findings.map((one) => plainText(one.found)))];
  return {
    key: resource.key,
    ref: refOf(resource),
    id: resource.id,
    source: resource.source,
    extra,
    found: found.join(', '),
    fields: [...new Set(findings.map(({path}) => plainText(formatPath(path, resource.object))))],
    messages: [
      ...new Set([
        ...findings.map((one) => plainText(messageOf(entry.control.meta, one))),
        ...(reason === undefined ? [] : [plainText(reason)]),
      ]),
    ],
  };
}

type Extra = {readonly head: string; of(failure: Failure): string};

/** What a kind is best told apart by: a ServiceAccount by its number of roles, a workload by its containers. */
function* extraColumn({failures}: ControlResult, inventory: View): Work<Extra> {
  const kinds = new Set(failures.map(({resource}) => resource.kind));
  if (kinds.size === 1 && kinds.has('ServiceAccount')) {
    const roles = new Map<string, number>();
    for (const {object} of inventory.list('Grant')) {
      yield;
      const subject = object.subject as {kind?: string; namespace?: string; name?: string} | undefined;
      if (subject?.kind !== 'ServiceAccount') continue;
      const id = `${subject.namespace}/${subject.name}`;
      roles.set(id, (roles.get(id) ?? 0) + 1);
    }
    return {
      head: 'Roles',
      of: ({resource}) => String(roles.get(`${resource.namespace}/${resource.name}`) ?? '-'),
    };
  }
  const containersOf = ({findings}: Failure): readonly string[] => [
    ...new Set(
      findings.flatMap(({path}) => {
        const index = path.findIndex((segment) => /^(init|ephemeral)?[cC]ontainers$/.test(String(segment)));
        const segment = index < 0 ? undefined : path[index + 1];
        return typeof segment === 'object' ? [plainText(String(segment.value))] : [];
      }),
    ),
  ];
  const of = (failure: Failure): string => {
    const [first = '', ...more] = containersOf(failure);
    return more.length === 0 ? first : `${first} +${more.length}`;
  };
  for (const failure of failures) {
    if (containersOf(failure).length > 0) return {head: 'Container', of};
    yield;
  }
  return {head: '', of: () => ''};
}

function* approachesOf(result: ControlResult, inventory: View): Work<readonly Approach[]> {
  const {failures, entry} = result;
  if (failures.length === 0) return [];
  const keyOf = new Map<string, string>();
  for (const {resource, findings} of failures) {
    for (const finding of findings) {
      keyOf.set(findingId(entry.id, resource, finding), resource.key);
      keyOf.set(findingId(entry.control.meta.id, resource, finding), resource.key);
    }
    yield;
  }
  const groups = new Map<string, Fix[]>();
  const {control} = entry;
  for (const fix of control.fixing?.(failures, inventory) ?? control.fixes(failures, inventory)) {
    yield;
    if (fix === undefined) continue;
    const group = groups.get(fix.approach);
    if (group) group.push(fix);
    else groups.set(fix.approach, [fix]);
  }
  const approaches: Approach[] = [];
  for (const [name, fixes] of groups) {
    const files = guidedLines(fixes, inventory).map(plainText);
    approaches.push({...(yield* approachOf(name, fixes, keyOf)), files});
  }
  return approaches;
}

function* approachOf(
  name: string,
  fixes: readonly Fix[],
  keyOf: ReadonlyMap<string, string>,
): Work<Omit<Approach, 'files'>> {
  const withKeys: ObjectFix[] = [];
  const byKey = new Map<string, Fix[]>();
  const clears = new Set<string>();
  const safe = new Set<string>();
  for (const fix of fixes) {
    const keys = new Set(fix.clears.flatMap((id) => keyOf.get(id) ?? []));
    withKeys.push({fix, keys});
    for (const key of keys) {
      clears.add(key);
      if (fix.kind === 'automatic') safe.add(key);
      const list = byKey.get(key);
      if (list) list.push(fix);
      else byKey.set(key, [fix]);
    }
    yield;
  }
  return {
    name: plainText(name),
    summary: plainText(fixes[0]?.summary ?? ''),
    kind: kindOf(fixes),
    fixes: withKeys,
    byKey,
    clears,
    safe,
    consequence: fixes.find(({consequence}) => consequence !== undefined)?.consequence,
    steps: fixes.find(({steps}) => steps !== undefined)?.steps ?? [],
  };
}

/** Fixes of the first approach that is automatic for some objects, for these objects only. */
export const safeFixes = (approaches: readonly Approach[]): readonly Fix[] =>
  (approaches.find(({safe}) => safe.size > 0)?.fixes ?? [])
    .filter(({fix}) => fix.kind === 'automatic')
    .map(({fix}) => fix);

/** What is forecast from: the objects, and what is known of them. */
export type Known = {
  readonly inventory: Inventory;
  readonly scanner: Scanner;
  readonly scan: ScanResult;
};

/**
 * What a change would do to the scores. Questions without an answer count as answered: whether an object passes does
 * not depend on the number. Undefined where it can't be computed.
 */
export function* forecastOf(
  {inventory, scanner, scan}: Known,
  controlId: string,
  change: Change,
  given: ReadonlyMap<string, string> = new Map(),
): Work<Forecast | undefined> {
  const suggestions = new Map<string, string>();
  const answers: Answers = (id) => given.get(id) ?? suggestions.get(id) ?? '1';
  for (const step of change.steps) {
    const edits = step.do === 'create' ? (step.object.edits ?? []) : 'edits' in step ? step.edits : [];
    for (const edit of edits) {
      if (edit.op === 'set' && 'ask' in edit.value && edit.value.ask.suggestion !== undefined) {
        suggestions.set(edit.value.ask.id, edit.value.ask.suggestion);
      }
    }
    yield;
  }
  try {
    const simulated = yield* simulating(inventory, change, answers);
    const after = yield* InventoryAfter.of(inventory, simulated);
    return compare(scan, yield* scanner.foresee(after), controlId);
  } catch {
    return undefined;
  }
}

function compare(before: ScanResult, {score, tallies}: Foreseen, controlId: string): Forecast {
  const pairs = before.controls.map((was, index) => ({was, is: tallies[index] ?? was}));
  const own = pairs.find(({was}) => was.entry.id === controlId);
  return {
    before: before.score,
    after: score,
    failedBefore: own?.was.failed ?? 0,
    failedAfter: own?.is.failed ?? 0,
    allBefore: own?.was.all ?? 0,
    allAfter: own?.is.all ?? 0,
    others: pairs
      .filter(({was, is}) => was.entry.id !== controlId && was.failed !== is.failed)
      .map(({was, is}) => ({id: was.entry.id, before: was.failed, after: is.failed})),
  };
}

/** The most that one approach of this control would gain, in points; 0 without one. */
export function* gainOf(known: Known, result: ControlResult): Work<number> {
  let most = 0;
  for (const {name, kind, fixes} of yield* approachesOf(result, known.inventory)) {
    if (kind === 'manual') continue;
    const change = yield* mergingFixes(
      name,
      fixes.map(({fix}) => fix),
    );
    const forecast = yield* forecastOf(known, result.entry.id, change);
    most = Math.max(most, (forecast?.after ?? 0) - (forecast?.before ?? 0));
  }
  return most;
}
