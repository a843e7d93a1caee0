import type {Change, Fix} from '../engine/change.ts';
import {type Failure, findingId, messageOf, type View} from '../engine/control.ts';
import type {Answers} from '../engine/edits.ts';
import type {Inventory} from '../engine/inventory.ts';
import {refOf} from '../engine/objects.ts';
import {formatPath} from '../engine/path.ts';
import type {ControlResult, Scanner, ScanResult, Verdict} from '../engine/scan.ts';
import {changeOf, simulate, withChange} from '../engine/simulate.ts';
import {plainText} from '../engine/text.ts';
import {kindOf} from './select.ts';
import type {Approach, Detail, FailingRow, Forecast, ObjectFix} from './state.ts';

/** Rows and choices of one control, from one scan. */
export function detailOf(result: ControlResult, inventory: View): Omit<Detail, 'forecast'> {
  const extra = extraColumn(result, inventory);
  return {
    result,
    extraHead: extra.head,
    rows: result.failures.map((failure) => rowOf(result, failure, extra.of(failure))),
    approaches: approachesOf(result, inventory),
  };
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
function extraColumn({failures}: ControlResult, inventory: View): Extra {
  const kinds = new Set(failures.map(({resource}) => resource.kind));
  if (kinds.size === 1 && kinds.has('ServiceAccount')) {
    const roles = new Map<string, number>();
    for (const {object} of inventory.list('Grant')) {
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
  if (!failures.some((failure) => containersOf(failure).length > 0)) return {head: '', of: () => ''};
  return {
    head: 'Container',
    of: (failure) => {
      const [first = '', ...more] = containersOf(failure);
      return more.length === 0 ? first : `${first} +${more.length}`;
    },
  };
}

function approachesOf(result: ControlResult, inventory: View): readonly Approach[] {
  if (result.failures.length === 0) return [];
  const keyOf = new Map<string, string>();
  for (const {resource, findings} of result.failures) {
    for (const finding of findings) keyOf.set(findingId(result.entry.id, resource, finding), resource.key);
    for (const finding of findings) {
      keyOf.set(findingId(result.entry.control.meta.id, resource, finding), resource.key);
    }
  }
  const groups = new Map<string, Fix[]>();
  for (const fix of result.entry.control.fixes(result.failures, inventory)) {
    const group = groups.get(fix.approach);
    if (group) group.push(fix);
    else groups.set(fix.approach, [fix]);
  }
  return [...groups].map(([name, fixes]) => approachOf(name, fixes, keyOf));
}

function approachOf(name: string, fixes: readonly Fix[], keyOf: ReadonlyMap<string, string>): Approach {
  const withKeys: readonly ObjectFix[] = fixes.map((fix) => ({
    fix,
    keys: new Set(fix.clears.flatMap((id) => keyOf.get(id) ?? [])),
  }));
  const keys = (of: readonly ObjectFix[]) => new Set(of.flatMap((one) => [...one.keys]));
  return {
    name: plainText(name),
    summary: plainText(fixes[0]?.summary ?? ''),
    kind: kindOf(fixes),
    fixes: withKeys,
    byKey: indexOf(withKeys),
    clears: keys(withKeys),
    safe: keys(withKeys.filter(({fix}) => fix.kind === 'automatic')),
    consequence: fixes.find(({consequence}) => consequence !== undefined)?.consequence,
    steps: fixes.find(({steps}) => steps !== undefined)?.steps ?? [],
  };
}

function indexOf(fixes: readonly ObjectFix[]): ReadonlyMap<string, readonly Fix[]> {
  const index = new Map<string, Fix[]>();
  for (const {fix, keys} of fixes) {
    for (const key of keys) {
      const list = index.get(key);
      if (list) list.push(fix);
      else index.set(key, [fix]);
    }
  }
  return index;
}

/** Fixes of the first approach that is automatic for some objects, for these objects only. */
export const safeFixes = (approaches: readonly Approach[]): readonly Fix[] =>
  (approaches.find(({safe}) => safe.size > 0)?.fixes ?? [])
    .filter(({fix}) => fix.kind === 'automatic')
    .map(({fix}) => fix);

/**
 * What a change would do to the scores. Questions without an answer count as answered: whether an object passes does
 * not depend on the number. Undefined where it can't be computed.
 */
export function forecastOf(
  inventory: Inventory,
  scanner: Scanner,
  scan: ScanResult,
  controlId: string,
  change: Change,
  given: ReadonlyMap<string, string> = new Map(),
): Forecast | undefined {
  const suggestions = new Map<string, string>();
  const answers: Answers = (id) => given.get(id) ?? suggestions.get(id) ?? '1';
  for (const step of change.steps) {
    const edits = step.do === 'create' ? (step.object.edits ?? []) : 'edits' in step ? step.edits : [];
    for (const edit of edits) {
      if (edit.op === 'set' && 'ask' in edit.value && edit.value.ask.suggestion !== undefined) {
        suggestions.set(edit.value.ask.id, edit.value.ask.suggestion);
      }
    }
  }
  try {
    const simulated = simulate(inventory, change, answers);
    return withChange(inventory, scanner, simulated, (after) => compare(scan, after, controlId));
  } catch {
    return undefined;
  }
}

function compare(before: ScanResult, after: ScanResult, controlId: string): Forecast {
  const pairs = before.controls.map((was, index) => ({was, is: after.controls[index] ?? was}));
  const own = pairs.find(({was}) => was.entry.id === controlId);
  return {
    before: before.score,
    after: after.score,
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
export function gainOf(
  inventory: Inventory,
  scanner: Scanner,
  scan: ScanResult,
  result: ControlResult,
): number {
  const gains = approachesOf(result, inventory)
    .filter(({kind}) => kind !== 'manual')
    .map(({name, fixes}) => {
      const change = changeOf(
        name,
        fixes.map(({fix}) => fix),
      );
      const forecast = forecastOf(inventory, scanner, scan, result.entry.id, change);
      return (forecast?.after ?? 0) - (forecast?.before ?? 0);
    });
  return Math.max(0, ...gains);
}
