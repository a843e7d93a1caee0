import {isArray, isObject, type Json, type JsonObject} from '../../engine/json.ts';

/** JSON that may still be written to: an object on its way into the store. */
export type DraftValue = null | boolean | number | string | DraftValue[] | Draft;
export type Draft = {[key: string]: DraftValue};

export const isDraft = (value: unknown): value is Draft =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A deep copy that may be written to. */
export function copyValue(value: Json): DraftValue {
  if (isArray(value)) return value.map(copyValue);
  return isObject(value) ? copy(value) : value;
}

export function copy(object: JsonObject): Draft {
  const result: Draft = {};
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (value === undefined) continue;
    if (key === '__proto__') Object.defineProperty(result, key, {value: copyValue(value), enumerable: true});
    else result[key] = typeof value === 'object' && value !== null ? copyValue(value) : value;
  }
  return result;
}

/** The object under a key, undefined where there is none. */
export function child(parent: Draft | undefined, key: string): Draft | undefined {
  const value = parent?.[key];
  return isDraft(value) ? value : undefined;
}

/** The object under a key, made where there is none. */
export function ensure(parent: Draft, key: string): Draft {
  const value = parent[key];
  if (isDraft(value)) return value;
  const made: Draft = {};
  parent[key] = made;
  return made;
}

/** The objects of the list under a key. */
export function children(parent: Draft | undefined, key: string): Draft[] {
  const value = parent?.[key];
  return Array.isArray(value) ? value.filter(isDraft) : [];
}

/** The list under a key, made where there is none. */
export function ensureList(parent: Draft, key: string): DraftValue[] {
  const value = parent[key];
  if (Array.isArray(value)) return value;
  const made: DraftValue[] = [];
  parent[key] = made;
  return made;
}

export const text = (parent: JsonObject | undefined, key: string): string => {
  const value = parent?.[key];
  return typeof value === 'string' ? value : '';
};

export const has = (parent: JsonObject, key: string): boolean =>
  parent[key] !== undefined && parent[key] !== null;

/** Sets a value where there is none yet. */
export function setDefault(parent: Draft, key: string, value: DraftValue): void {
  if (parent[key] === undefined || parent[key] === null) parent[key] = value;
}

/** As setDefault, and an empty string counts as none: Go fields that are no pointers. */
export function setText(parent: Draft, key: string, value: string): void {
  if (!parent[key]) parent[key] = value;
}
