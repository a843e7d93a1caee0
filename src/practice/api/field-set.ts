import {asObject, equal, isArray, isObject, type Json, type JsonObject} from '../../engine/json.ts';
import {decode} from './decode.ts';
import type {Field, Shape, TypeInfo} from './schema.ts';

/**
 * Fields of an object, as FieldsV1 writes them: `f:name` a field, `k:{...}` a list item by its keys, `v:x` an item of
 * a set. `self` means the field itself is owned, not only something below it.
 */
export type FieldSet = {readonly self: boolean; readonly below: ReadonlyMap<string, FieldSet>};

const none: FieldSet = {self: false, below: new Map()};
const leaf: FieldSet = {self: true, below: new Map()};

export const emptySet = (): FieldSet => none;
export const isEmpty = ({self, below}: FieldSet): boolean => !self && [...below.values()].every(isEmpty);

export function fromV1(json: JsonObject): FieldSet {
  const below = new Map<string, FieldSet>();
  let self = false;
  const keys = Object.keys(json);
  for (const key of keys) {
    if (key === '.') self = true;
    else {
      const inner = fromV1(asObject(json[key]));
      below.set(key, inner.below.size === 0 ? leaf : inner);
    }
  }
  return {self, below};
}

export function toV1({self, below}: FieldSet): JsonObject {
  const result: Record<string, Json> = {};
  if (self && below.size > 0) result['.'] = {};
  for (const key of [...below.keys()].sort()) {
    const inner = below.get(key)!;
    if (!isEmpty(inner)) result[key] = toV1(inner);
  }
  return result;
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (a.below.size === 0 && !a.self) return b;
  if (b.below.size === 0 && !b.self) return a;
  const below = new Map(a.below);
  for (const [key, inner] of b.below) {
    const own = below.get(key);
    below.set(key, own ? union(own, inner) : inner);
  }
  return {self: a.self || b.self, below};
}

/** What is in the first and not in the second. */
export function subtract(a: FieldSet, b: FieldSet): FieldSet {
  const below = new Map<string, FieldSet>();
  for (const [key, inner] of a.below) {
    const other = b.below.get(key);
    const left = other ? subtract(inner, other) : inner;
    if (!isEmpty(left)) below.set(key, left);
  }
  return {self: a.self && !b.self, below};
}

export function intersect(a: FieldSet, b: FieldSet): FieldSet {
  const below = new Map<string, FieldSet>();
  for (const [key, inner] of a.below) {
    const other = b.below.get(key);
    if (!other) continue;
    const both = intersect(inner, other);
    if (!isEmpty(both)) below.set(key, both);
  }
  return {self: a.self && b.self, below};
}

/** Metadata that nobody owns: the server itself sets it. */
const unowned = new Set([
  'name',
  'namespace',
  'creationTimestamp',
  'selfLink',
  'uid',
  'clusterName',
  'generation',
  'managedFields',
  'resourceVersion',
]);

const free: Shape = {is: 'scalar', code: 'o'};

/** All fields that an object has. @param applied Of an applied object an empty list of items says nothing. */
export function fieldsOf(type: TypeInfo, object: JsonObject, applied = false): FieldSet {
  const below = new Map<string, FieldSet>();
  for (const [key, value] of Object.entries(object)) {
    if (key === 'apiVersion' || key === 'kind') continue;
    const field = type.fields.get(key);
    const isMetadata = key === 'metadata';
    const inner = setOf(
      isMetadata ? metadataOf(asObject(value)) : value,
      field?.shape ?? free,
      field,
      applied,
    );
    if ((isMetadata && inner.below.size === 0) || isEmpty(inner)) continue;
    below.set(`f:${key}`, isMetadata ? {self: false, below: inner.below} : inner);
  }
  return {self: false, below};
}

const metadataOf = (metadata: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(metadata).filter(([key]) => !unowned.has(key)));

const empties = new WeakMap<TypeInfo, JsonObject>();

/** What the server writes for an object that says nothing: these parts are there before anyone sets them. */
function emptyObject(type: TypeInfo): JsonObject {
  let empty = empties.get(type);
  if (!empty) {
    empty = decode(type, {}, []);
    empties.set(type, empty);
  }
  return empty;
}

/** Fields that a new object has and an empty one has not. */
export const newFields = (type: TypeInfo, object: JsonObject): FieldSet =>
  changedFields(type, emptyObject(type), object).changed;

/** How a list's items are told apart: by keys, as a set, or not at all. */
function identity(field: Field | undefined, shape: Shape): 'map' | 'set' | 'atomic' {
  if (!field || shape.is !== 'list') return 'atomic';
  if (field.listType === 'map') return 'map';
  return field.listType === 'set' ? 'set' : 'atomic';
}

const isAtomic = (field: Field | undefined, shape: Shape): boolean =>
  (field?.atomic ?? false) || (shape.is === 'struct' && shape.type().atomic);

/** What an item counts as that lacks a key. */
export function missingKey(key: string): Json {
  if (key === 'protocol') return 'TCP';
  return key === 'port' || key === 'containerPort' ? 0 : '';
}

export function itemKey(item: Json, keys: readonly string[]): string {
  const object = asObject(item);
  const parts: Record<string, Json> = {};
  for (const key of [...keys].sort()) {
    const value = object[key] ?? missingKey(key);
    parts[key] = value;
  }
  return `k:${JSON.stringify(parts)}`;
}

/** All parts of a value, each struct, map and list with itself. */
function setOf(value: Json, shape: Shape, field: Field | undefined, applied: boolean): FieldSet {
  if (isAtomic(field, shape)) return leaf;
  if (isArray(value)) {
    const how = identity(field, shape);
    if (how === 'atomic' || shape.is !== 'list') return leaf;
    if (value.length === 0) return applied ? none : leaf;
    const below = new Map<string, FieldSet>();
    for (const item of value) {
      const key = how === 'set' ? `v:${JSON.stringify(item)}` : itemKey(item, field!.listKeys);
      // Of items that can't be told apart only that they are there is owned.
      const inner = how === 'set' || below.has(key) ? leaf : setOf(item, shape.of, undefined, applied);
      below.set(key, {self: true, below: inner.below});
    }
    return {self: true, below};
  }
  if (!isObject(value) || shape.is === 'scalar' || shape.is === 'list') {
    if (isObject(value) && shape.is === 'scalar' && shape.code === 'o') return openSet(value);
    return leaf;
  }
  const keys = Object.keys(value);
  if (keys.length === 0) return leaf;
  const below = new Map<string, FieldSet>();
  for (const key of keys) {
    const inner = shape.is === 'struct' ? shape.type().fields.get(key) : undefined;
    const innerShape = shape.is === 'map' ? shape.of : (inner?.shape ?? free);
    const found = setOf(value[key]!, innerShape, inner, applied);
    if (!isEmpty(found)) below.set(`f:${key}`, found);
  }
  return {self: true, below};
}

/** Data without a schema: every field of it. */
function openSet(value: JsonObject): FieldSet {
  const keys = Object.keys(value);
  if (keys.length === 0) return leaf;
  const below = new Map<string, FieldSet>();
  for (const key of keys) {
    const inner = value[key]!;
    below.set(`f:${key}`, isObject(inner) ? openSet(inner) : leaf);
  }
  return {self: true, below};
}

export type Changes = {readonly changed: FieldSet; readonly removed: FieldSet};

/** Fields whose value is new or another, and fields that are gone. */
export function changedFields(type: TypeInfo, old: JsonObject, now: JsonObject): Changes {
  const before = fieldsOf(type, old);
  const after = fieldsOf(type, now);
  const changed = compare(after, before, now, old, {is: 'struct', type: () => type}, undefined);
  return {changed, removed: subtract(before, after)};
}

function compare(
  after: FieldSet,
  before: FieldSet | undefined,
  now: Json | undefined,
  old: Json | undefined,
  shape: Shape,
  field: Field | undefined,
): FieldSet {
  if (before === undefined) return after;
  if (after.below.size === 0) {
    // What became empty was emptied part by part: those are gone, and the whole is no one's.
    if (before.below.size > 0 && isEmptied(now)) return none;
    const same = equal(now, old) || (before.below.size === 0 && isNothing(old) && isNothing(now));
    return same || !after.self ? none : leaf;
  }
  const below = new Map<string, FieldSet>();
  for (const [key, inner] of after.below) {
    const {value, innerShape, innerField} = step(now, key, shape, field);
    const previous = step(old, key, shape, field).value;
    const found = compare(inner, before.below.get(key), value, previous, innerShape, innerField);
    if (!isEmpty(found)) below.set(key, found);
  }
  return {self: after.self && !before.self, below};
}

export const isEmptied = (value: Json | undefined): boolean =>
  isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;

const isNothing = (value: Json | undefined): boolean => value === undefined || value === null;

/** The value that a part of a field set names. */
export function step(
  value: Json | undefined,
  key: string,
  shape: Shape,
  field: Field | undefined,
): {value: Json | undefined; innerShape: Shape; innerField: Field | undefined} {
  if (key.startsWith('f:')) {
    const name = key.slice(2);
    const innerField = shape.is === 'struct' ? shape.type().fields.get(name) : undefined;
    const innerShape = shape.is === 'map' ? shape.of : (innerField?.shape ?? free);
    return {value: asObject(value)[name], innerShape, innerField};
  }
  const of = shape.is === 'list' ? shape.of : free;
  const items = isArray(value) ? value : [];
  const found = items.filter((item) =>
    key.startsWith('v:') ? `v:${JSON.stringify(item)}` === key : itemKey(item, field?.listKeys ?? []) === key,
  );
  return {value: found.length > 1 ? found : found[0], innerShape: of, innerField: undefined};
}
