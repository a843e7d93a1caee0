import {asArray, asObject, asString, equal, type Json, type JsonObject} from '../../engine/json.ts';
import type {Context} from './context.ts';
import {copyValue, type Draft, type DraftValue, ensure} from './draft.ts';
import {
  changedFields,
  emptySet,
  type FieldSet,
  fromV1,
  isEmpty,
  newFields,
  subtract,
  toV1,
  union,
} from './field-set.ts';
import type {Stored} from './machine.ts';
import {timestamp} from './names.ts';
import type {ResourceInfo} from './resources.ts';

export type Manager = {
  readonly name: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource: string;
  readonly time: string;
  readonly fields: FieldSet;
};

export function readManagers(metadata: JsonObject): Manager[] {
  return asArray(metadata.managedFields).map((item) => {
    const entry = asObject(item);
    return {
      name: asString(entry.manager),
      operation: entry.operation === 'Apply' ? 'Apply' : 'Update',
      apiVersion: asString(entry.apiVersion),
      subresource: asString(entry.subresource),
      time: asString(entry.time),
      fields: fromV1(asObject(entry.fieldsV1)),
    };
  });
}

/** Applied fields first, then by time, as the server writes them. */
export function writeManagers(metadata: Draft, managers: readonly Manager[]): void {
  const kept = managers.filter(({fields}) => !isEmpty(fields));
  if (kept.length === 0) {
    delete metadata.managedFields;
    return;
  }
  const sorted = kept.toSorted(
    (a, b) =>
      order(a.operation, b.operation) ||
      order(a.time, b.time) ||
      order(a.name, b.name) ||
      order(a.subresource, b.subresource),
  );
  metadata.managedFields = sorted.map(
    ({name, operation, apiVersion, subresource, time, fields}): Draft => ({
      manager: name,
      operation,
      apiVersion,
      ...(time ? {time} : {}),
      fieldsType: 'FieldsV1',
      fieldsV1: copyValue(toV1(fields)) as Draft,
      ...(subresource ? {subresource} : {}),
    }),
  );
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Names of subresources that managedFields tell apart. */
const shown = (sub: string): string =>
  ['status', 'scale', 'approval', 'resize', 'ephemeralcontainers'].includes(sub) ? sub : '';

/** Writes down which manager set what by an update: it gets what it changed, the others lose it. */
export function trackManager(
  info: ResourceInfo,
  old: Stored | undefined,
  draft: Draft,
  sub: string,
  context: Context,
): void {
  const metadata = ensure(draft, 'metadata');
  const applied = context.managers ?? context.managersOf?.();
  if (applied) {
    writeManagers(metadata, applied);
    return;
  }
  const claimed = readManagers(metadata);
  const before = old ? (claimed.length > 0 ? claimed : readManagers(old.metadata)) : [];
  // A client that empties the list takes all ownership away, as on a real server.
  const given = metadata.managedFields;
  const reset =
    old !== undefined && Array.isArray(given) && given.length === 1 && equal(given[0] as Json, {});
  if (reset) {
    delete metadata.managedFields;
    return;
  }
  // Of an object that nobody manages nothing is managed, until somebody applies it.
  if (old && before.length === 0) {
    delete metadata.managedFields;
    return;
  }
  const {changed, removed} = old
    ? changedFields(info.type, old, draft)
    : {changed: newFields(info.type, draft), removed: emptySet()};
  if (isEmpty(changed) && isEmpty(removed)) {
    if (claimed.length > 0) writeManagers(metadata, before);
    else restore(metadata, old);
    return;
  }
  const own = (manager: Manager): boolean =>
    manager.name === context.manager &&
    manager.operation === 'Update' &&
    manager.subresource === shown(sub) &&
    manager.apiVersion === info.apiVersion;
  const lost = union(changed, removed);
  const others = before
    .filter((manager) => !own(manager))
    .map((manager) => ({...manager, fields: subtract(manager.fields, lost)}));
  const mine = before.find(own);
  const held = mine ? subtract(mine.fields, removed) : emptySet();
  const fields = union(held, changed);
  const entry: Manager = {
    name: context.manager,
    operation: 'Update',
    apiVersion: info.apiVersion,
    subresource: shown(sub),
    time: timestamp(),
    fields,
  };
  writeManagers(metadata, [...others, entry]);
}

function restore(metadata: Draft, old: Stored | undefined): void {
  const kept = old?.metadata.managedFields;
  if (kept === undefined) delete metadata.managedFields;
  else metadata.managedFields = copyValue(kept) as DraftValue;
}
