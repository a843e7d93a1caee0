import {asObject, equal, isArray, isObject, type Json, type JsonObject} from '../../../engine/json.ts';
import {ApiError, type Cause} from '../api-error.ts';
import {copyValue, type Draft, type DraftValue, isDraft} from '../draft.ts';
import {
  changedFields,
  type FieldSet,
  fieldsOf,
  isEmptied,
  isEmpty,
  itemKey,
  newFields,
  step,
  subtract,
  union,
} from '../field-set.ts';
import type {Manager} from '../managed-fields.ts';
import {timestamp} from '../names.ts';
import type {Field, Shape, TypeInfo} from '../schema.ts';

export type Applied = {readonly object: Draft; readonly managers: readonly Manager[]};

type Apply = {
  readonly type: TypeInfo;
  readonly apiVersion: string;
  /** What the manager wants, as it was sent; null is a value that takes the field away. */
  readonly wanted: JsonObject;
  readonly live: JsonObject | undefined;
  readonly managers: readonly Manager[];
  readonly manager: string;
  readonly subresource: string;
  readonly force: boolean;
};

/**
 * Server-side apply: merges what a manager wants into the object, gives it what it names, and removes what it named
 * before and names no longer, unless another owns it too.
 * @throws {ApiError} 409 with every field that another manager owns and has another value of.
 */
export function serverSideApply(request: Apply): Applied {
  const {type, live, manager, apiVersion, subresource, force} = request;
  const {wanted} = request;
  const set = withoutRoots(fieldsOf(type, wanted, true));
  const managers = live && request.managers.length === 0 ? [before(live, request)] : request.managers;
  const mine = managers.find(
    (item) => item.name === manager && item.operation === 'Apply' && item.subresource === subresource,
  );
  const others = managers.filter((item) => item !== mine);
  const clashes = live ? others.flatMap((item) => conflictsWith(item, set, wanted, live, type)) : [];
  if (clashes.length > 0 && !force) {
    // What kubectl applied from the client it may apply from the server: the field is its own.
    const former = manager === 'kubectl' && live ? lastApplied(live, type) : undefined;
    const real = former ? clashes.filter(({fields}) => !isEmpty(subtract(fields, former))) : clashes;
    if (real.length > 0) throw conflictError(real);
  }
  const root: Shape = {is: 'struct', type: () => type};
  const object = merge(live === undefined ? undefined : copyValue(live), wanted, root, undefined) as Draft;
  const owned = others.reduce<FieldSet>((all, {fields}) => union(all, fields), {
    self: false,
    below: new Map(),
  });
  if (mine)
    removeFields(object, subtract(noMore(withoutRoots(mine.fields), set, owned), owned), root, undefined);
  const lost = clashes.map(({fields}) => fields);
  const kept = others.map((item) => ({
    ...item,
    fields: clashes.some((clash) => clash.manager === item)
      ? lost.reduce((fields, clash) => subtract(fields, clash), item.fields)
      : item.fields,
  }));
  // An apply that changes nothing keeps the time, and a new manager's has none.
  const changes = live === undefined || !equal(withoutNulls(object), withoutNulls(live));
  const entry: Manager = {
    name: manager,
    operation: 'Apply',
    apiVersion,
    subresource,
    time: changes ? timestamp() : (mine?.time ?? ''),
    fields: set,
  };
  return {object, managers: [...kept, entry]};
}

/** Who has what an object holds that nobody managed until now. */
const before = (live: JsonObject, {type, apiVersion}: Apply): Manager => ({
  name: 'before-first-apply',
  operation: 'Update',
  apiVersion,
  subresource: '',
  time: timestamp(),
  // The status is for those who write the status.
  fields: withoutStatus(newFields(type, live)),
});

const withoutStatus = ({self, below}: FieldSet): FieldSet => ({
  self,
  below: new Map([...below].filter(([key]) => key !== 'f:status')),
});

const nothing: FieldSet = {self: false, below: new Map()};

/** What was applied and is applied no more; a map that was applied empty stays while somebody has a part of it. */
function noMore(was: FieldSet, is: FieldSet | undefined, others: FieldSet): FieldSet {
  const below = new Map<string, FieldSet>();
  for (const [key, inner] of was.below) {
    const now = is?.below.get(key);
    const other = others.below.get(key) ?? nothing;
    if (inner.below.size === 0) {
      if (!now && other.below.size === 0) below.set(key, inner);
      continue;
    }
    const left = noMore(inner, now, other);
    if (!isEmpty(left)) below.set(key, left);
  }
  return {self: was.self && is === undefined, below};
}

/** An object with what is wanted merged into it, as server-side apply merges. */
export const mergeApplied = (type: TypeInfo, live: JsonObject, wanted: JsonObject): Draft =>
  merge(copyValue(live), wanted, {is: 'struct', type: () => type}, undefined) as Draft;

/** Fields of the configuration that `kubectl apply` left in an annotation. */
function lastApplied(live: JsonObject, type: TypeInfo): FieldSet | undefined {
  const text = asObject(asObject(live.metadata).annotations)[
    'kubectl.kubernetes.io/last-applied-configuration'
  ];
  if (typeof text !== 'string') return undefined;
  try {
    const configuration = asObject(JSON.parse(text) as Json);
    // What has another value by now was changed by others.
    return subtract(fieldsOf(type, configuration), changedFields(type, live, configuration).changed);
  } catch {
    return undefined;
  }
}

function withoutNulls(value: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null)
      .map(([key, item]) => [
        key,
        isObject(item)
          ? withoutNulls(item)
          : isArray(item)
            ? item.map((one) => (isObject(one) ? withoutNulls(one) : one))
            : item,
      ]),
  );
}

/** Whoever applies owns what it names, not the maps and lists that hold it. */
function withoutRoots(set: FieldSet): FieldSet {
  const below = new Map<string, FieldSet>();
  for (const [key, inner] of set.below) {
    const stripped = inner.below.size === 0 ? inner : withoutRoots(inner);
    below.set(key, key.startsWith('k:') ? {self: true, below: stripped.below} : stripped);
  }
  return {self: false, below};
}

function merge(
  live: DraftValue | undefined,
  wanted: Json,
  shape: Shape,
  field: Field | undefined,
): DraftValue {
  const atomic = (field?.atomic ?? false) || (shape.is === 'struct' && shape.type().atomic);
  // Null takes away a value, and nothing from what has parts.
  if (wanted === null) return !atomic && hasParts(shape, field) && live !== undefined ? live : null;
  if (isObject(wanted)) {
    if (atomic || (shape.is === 'scalar' && shape.code !== 'o')) return copyValue(wanted);
    const result: Draft = isDraft(live) ? live : {};
    for (const [key, value] of Object.entries(wanted)) {
      const {innerShape, innerField} = step(undefined, `f:${key}`, shape, field);
      result[key] = merge(result[key], value, innerShape, innerField);
    }
    return result;
  }
  if (
    !isArray(wanted) ||
    !Array.isArray(live) ||
    shape.is !== 'list' ||
    !field ||
    !['map', 'set'].includes(field.listType)
  )
    return isArray(wanted) && shape.is === 'list' && field?.listType === 'map'
      ? wanted.map((item) => merge(undefined, item, shape.of, undefined))
      : copyValue(wanted);
  const keyOf = (item: Json): string =>
    field.listType === 'set' ? JSON.stringify(item) : itemKey(item, field.listKeys);
  const result = [...live];
  for (const item of wanted) {
    const index = result.findIndex((other) => keyOf(other) === keyOf(item));
    if (index < 0) result.push(merge(undefined, item, shape.of, undefined));
    else if (field.listType === 'map') result[index] = merge(result[index], item, shape.of, undefined);
  }
  // Items of the applied list come in its order; those of others stay where they are, as far as that goes.
  const order = wanted.map(keyOf);
  const named = result
    .filter((item) => order.includes(keyOf(item)))
    .sort((a, b) => order.indexOf(keyOf(a)) - order.indexOf(keyOf(b)));
  return result.map((item) => (order.includes(keyOf(item)) ? named.shift()! : item));
}

const hasParts = (shape: Shape, field: Field | undefined): boolean =>
  shape.is === 'struct' ||
  shape.is === 'map' ||
  (shape.is === 'list' && ['map', 'set'].includes(field?.listType ?? ''));

function removeFields(
  value: DraftValue | undefined,
  set: FieldSet,
  shape: Shape,
  field: Field | undefined,
): void {
  for (const [key, inner] of set.below) {
    if (key.startsWith('f:')) {
      if (!isDraft(value)) continue;
      const name = key.slice(2);
      if (inner.below.size === 0) {
        if (inner.self) delete value[name];
        continue;
      }
      const {innerShape, innerField} = step(value, key, shape, field);
      removeFields(value[name], inner, innerShape, innerField);
      const left = value[name];
      if ((isDraft(left) && Object.keys(left).length === 0) || (Array.isArray(left) && left.length === 0))
        delete value[name];
    } else if (Array.isArray(value)) {
      const found = step(value, key, shape, field);
      const index = found.value === undefined ? -1 : value.indexOf(found.value as DraftValue);
      if (index < 0) continue;
      if (inner.self) value.splice(index, 1);
      else removeFields(value[index], inner, found.innerShape, found.innerField);
    }
  }
}

type Clash = {
  readonly manager: Manager;
  readonly path: string;
  readonly keys: readonly string[];
  readonly fields: FieldSet;
};

/** Fields that a manager owns and that would get another value. */
function conflictsWith(
  manager: Manager,
  set: FieldSet,
  wanted: JsonObject,
  live: JsonObject,
  type: TypeInfo,
): Clash[] {
  const found: Clash[] = [];
  const walk = (
    mine: FieldSet,
    theirs: FieldSet,
    want: Json | undefined,
    have: Json | undefined,
    at: {shape: Shape; field: Field | undefined; path: string; keys: readonly string[]},
  ): void => {
    if (mine.below.size === 0) {
      // An empty map or list changes nothing of one that has parts.
      const isAtomic = (at.field?.atomic ?? false) || (at.shape.is === 'struct' && at.shape.type().atomic);
      const hasSome =
        theirs.below.size > 0 || (!isAtomic && hasParts(at.shape, at.field) && !isNothing(have));
      const adds = !(hasSome && (want === null || isEmptied(want)));
      if (theirs.self && adds && !equal(want, have))
        found.push({manager, path: at.path, keys: at.keys, fields: only(at.keys)});
      return;
    }
    // Who applied an empty map owns it as long as it is left out; one that is kept empty may get parts.
    if (at.path && theirs.self && theirs.below.size === 0 && isAbsent(have)) {
      found.push({manager, path: at.path, keys: at.keys, fields: only(at.keys)});
      return;
    }
    for (const [key, inner] of mine.below) {
      const other = theirs.below.get(key);
      if (!other) continue;
      const next = step(want, key, at.shape, at.field);
      walk(inner, other, next.value, step(have, key, at.shape, at.field).value, {
        shape: next.innerShape,
        field: next.innerField,
        path: at.path + pathPart(key),
        keys: [...at.keys, key],
      });
    }
  };
  walk(set, manager.fields, wanted, live, {
    shape: {is: 'struct', type: () => type},
    field: undefined,
    path: '',
    keys: [],
  });
  return found.sort((a, b) => inOrder(a.keys, b.keys));
}

const isAbsent = (value: Json | undefined): boolean => value === undefined || value === null;

const isNothing = (value: Json | undefined): boolean => isAbsent(value) || isEmptied(value ?? null);

const only = (keys: readonly string[]): FieldSet =>
  keys.reduceRight<FieldSet>((inner, key) => ({self: false, below: new Map([[key, inner]])}), {
    self: true,
    below: new Map(),
  });

/** Fields of an object before what is below others of it, as the server goes through a set. */
function inOrder(a: readonly string[], b: readonly string[]): number {
  const place = a.findIndex((key, index) => key !== b[index]);
  const [aEnds, bEnds] = [a.length === place + 1, b.length === place + 1];
  if (aEnds !== bEnds) return aEnds ? -1 : 1;
  return (a[place] ?? '') < (b[place] ?? '') ? -1 : 1;
}

function pathPart(key: string): string {
  if (key.startsWith('f:')) return `.${key.slice(2)}`;
  const value = JSON.parse(key.slice(2)) as Json;
  if (!key.startsWith('k:')) return `[=${JSON.stringify(value)}]`;
  const parts = Object.entries(asObject(value)).map(([name, item]) => `${name}=${JSON.stringify(item)}`);
  return `[${parts.join(',')}]`;
}

function describe({name, operation, apiVersion, subresource}: Manager): string {
  const sub = subresource ? ` with subresource ${JSON.stringify(subresource)}` : '';
  return `${JSON.stringify(name)}${sub}${operation === 'Update' ? ` using ${apiVersion}` : ''}`;
}

function conflictError(clashes: readonly Clash[]): ApiError {
  const groups = new Map<string, string[]>();
  for (const {manager, path} of clashes) {
    const key = describe(manager);
    groups.set(key, [...(groups.get(key) ?? []), path]);
  }
  const named = [...groups].sort(([one], [other]) => (one < other ? -1 : 1));
  const parts = named.map(([manager, paths]) =>
    clashes.length === 1
      ? `conflict with ${manager}: ${paths[0]}`
      : `conflicts with ${manager}:\n${paths.map((path) => `- ${path}`).join('\n')}`,
  );
  const causes: Cause[] = named.flatMap(([manager, paths]) =>
    paths.map((field) => ({reason: 'FieldManagerConflict', message: `conflict with ${manager}`, field})),
  );
  const count = clashes.length === 1 ? '1 conflict' : `${clashes.length} conflicts`;
  return new ApiError(409, 'Conflict', `Apply failed with ${count}: ${parts.join('\n')}`, {causes});
}
