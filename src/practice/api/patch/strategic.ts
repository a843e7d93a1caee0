import {equal, isArray, isObject, type Json, type JsonObject} from '../../../engine/json.ts';
import {ApiError} from '../api-error.ts';
import {copyValue, type Draft, type DraftValue, isDraft} from '../draft.ts';
import type {Field, TypeInfo} from '../schema.ts';
import {goFormat} from './go-format.ts';

const directive = '$patch';
const retainKeys = '$retainKeys';
const deletePrefix = '$deleteFromPrimitiveList/';
const orderPrefix = '$setElementOrder/';

const problem = (message: string): ApiError => new ApiError(500, '', message);

/** How lists below a type merge; undefined below what has no schema, where lists are replaced. */
type Structure = TypeInfo | undefined;

const fieldOf = (type: Structure, key: string): Field | undefined => type?.fields.get(key);

function inner(field: Field | undefined): Structure {
  let shape = field?.shape;
  while (shape && (shape.is === 'list' || shape.is === 'map')) shape = shape.of;
  return shape?.is === 'struct' ? shape.type() : undefined;
}

/**
 * Strategic merge patch: lists whose field has a merge key are merged by it.
 * @throws {ApiError} as the server does for a patch that can't be merged.
 */
export function strategicMerge(original: JsonObject, patch: JsonObject, type: Structure): Draft {
  return mergeMap(copyValue(original) as Draft, patch, type);
}

function mergeMap(original: Draft, patch: JsonObject, type: Structure): Draft {
  const how = patch[directive];
  if (how !== undefined) {
    if (how === 'replace') {
      const {[directive]: _, ...rest} = patch;
      return copyValue(rest) as Draft;
    }
    if (how === 'delete') return {};
    throw problem(`unknown patch type: ${String(how)} in map: ${goFormat(patch)}`);
  }
  const retained = patch[retainKeys];
  if (isArray(retained)) {
    for (const key of Object.keys(patch)) {
      if (!key.startsWith('$') && patch[key] !== null && !retained.includes(key))
        throw problem(`${retainKeys} directive is invalid: ${key} is not in it`);
    }
    for (const key of Object.keys(original)) if (!retained.includes(key)) delete original[key];
  }
  for (const key of Object.keys(patch)) {
    const value: Json = patch[key]!;
    if (key.startsWith('$')) {
      if (key.startsWith(deletePrefix)) deletePrimitives(original, key.slice(deletePrefix.length), value);
      continue;
    }
    mergeField(original, key, value, type, patch[orderPrefix + key]);
  }
  // An order may be given for a list that the patch itself leaves alone.
  for (const key of Object.keys(patch)) {
    if (!key.startsWith(orderPrefix)) continue;
    const name = key.slice(orderPrefix.length);
    const list = original[name];
    if (patch[name] === undefined && Array.isArray(list)) {
      const order = asOrder(patch[key]);
      original[name] = ordered(list, order, list, fieldOf(type, name)?.mergeKey ?? '');
    }
  }
  return original;
}

const asOrder = (value: Json | undefined): readonly Json[] => (isArray(value) ? value : []);

function mergeField(
  original: Draft,
  key: string,
  value: Json,
  type: Structure,
  order: Json | undefined,
): void {
  const current = original[key];
  if (value === null) {
    delete original[key];
    return;
  }
  const field = fieldOf(type, key);
  if (isObject(value) && isDraft(current)) {
    const replaces = field?.strategies.includes('replace') ?? false;
    original[key] = replaces ? copyValue(value) : mergeMap(current, value, inner(field));
  } else if (isArray(value) && Array.isArray(current)) {
    const merges = field?.strategies.includes('merge') ?? false;
    original[key] = merges ? mergeList(current, value, field!, order) : copyValue(value);
  } else {
    const settled = withoutDirectives(withoutNulls(value));
    if (settled === undefined) delete original[key];
    else original[key] = settled;
  }
}

function mergeList(
  current: DraftValue[],
  patch: readonly Json[],
  field: Field,
  order: Json | undefined,
): DraftValue[] {
  const {mergeKey} = field;
  const sequence = isArray(order) ? order : patch;
  if (current.length === 0 && patch.length === 0) return current;
  const elements = [...current, ...patch];
  if (elements.some((item) => goType(item) !== goType(elements[0]!)))
    throw problem(`list element types are not identical: ${goFormat([current, patch])}`);
  if (elements.some(isArray)) throw problem('lists of lists are not supported');
  if (!mergeKey || !elements.some(isObject)) {
    const merged = [...current];
    for (const item of patch) if (!merged.some((other) => equal(other, item))) merged.push(copyValue(item));
    return ordered(merged, sequence, current, '');
  }
  const items = patch.map((item) => item as JsonObject);
  const replaces = items.some((item) => item[directive] === 'replace');
  if (replaces) return items.filter((item) => item[directive] === undefined).map((item) => copyValue(item));
  let merged = [...current];
  const kept: JsonObject[] = [];
  for (const item of items) {
    const value = item[mergeKey];
    const how = item[directive];
    if (how === 'merge') throw problem('merging lists cannot yet be specified in the patch');
    if (how !== undefined && how !== 'delete')
      throw problem(`unknown patch type: ${String(how)} in map: ${goFormat(item)}`);
    if (value === undefined)
      throw problem(`map: ${goFormat(item)} does not contain declared merge key: ${mergeKey}`);
    const same = (other: DraftValue): boolean => isDraft(other) && equal(other[mergeKey], value);
    if (how === 'delete') {
      merged = merged.filter((other) => !same(other));
      continue;
    }
    kept.push(item);
    const index = merged.findIndex(same);
    const found = merged[index];
    if (isDraft(found)) merged[index] = mergeMap(found, item, inner(field));
    else merged.push(copyValue(item));
  }
  return ordered(merged, isArray(order) ? sequence : kept, current, mergeKey);
}

/**
 * Items that the patch names come in its order; the others, in the order that the server had, go before the first
 * named one that stood after them.
 */
function ordered(
  merged: readonly DraftValue[],
  sequence: readonly Json[],
  server: readonly Json[],
  mergeKey: string,
): DraftValue[] {
  const place = (list: readonly Json[], item: Json): number =>
    list.findIndex((other) =>
      mergeKey && isObject(other) && isObject(item)
        ? equal(other[mergeKey], item[mergeKey])
        : equal(other, item),
    );
  const byPlace = (list: readonly Json[]) => (a: DraftValue, b: DraftValue) =>
    place(list, a) - place(list, b);
  const right = merged.filter((item) => place(sequence, item) >= 0).sort(byPlace(sequence));
  const left = merged.filter((item) => place(sequence, item) < 0).sort(byPlace(server));
  const result: DraftValue[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    const a = left[i];
    const b = right[j];
    if (b === undefined) {
      result.push(a!);
      i += 1;
      continue;
    }
    const before = a === undefined ? -1 : place(server, a);
    const after = place(server, b);
    if (a !== undefined && before >= 0 && after >= 0 && before < after) {
      result.push(a);
      i += 1;
    } else {
      result.push(b);
      j += 1;
    }
  }
  return result;
}

function deletePrimitives(original: Draft, key: string, values: Json): void {
  const list = original[key];
  if (Array.isArray(list) && isArray(values))
    original[key] = list.filter((item) => !values.some((value) => equal(value, item)));
}

/** A part of a patch that meets nothing, without the fields that are null; items that are null stay. */
function withoutNulls(value: Json): Json {
  if (isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) =>
      item === null || item === undefined ? [] : [[key, withoutNulls(item)] as const],
    ),
  );
}

/** Without the parts that are directives; undefined where the whole is one. */
function withoutDirectives(value: Json): DraftValue | undefined {
  if (isArray(value)) return value.map(withoutDirectives).filter((item) => item !== undefined);
  if (!isObject(value)) return value;
  if (value[directive] !== undefined) return undefined;
  const result: Draft = {};
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined || key === retainKeys) continue;
    if (key.startsWith(deletePrefix) || key.startsWith(orderPrefix)) continue;
    const kept = withoutDirectives(item);
    if (kept !== undefined) result[key] = kept;
  }
  return result;
}

/** What Go calls the type of a JSON value: a list holds values of one type alone. */
function goType(value: Json): string {
  if (isArray(value)) return 'list';
  if (isObject(value)) return 'map';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return value === null ? 'nil' : typeof value;
}
