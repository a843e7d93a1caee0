import {asObject, equal, isArray, isObject, type Json} from './json.ts';

/**
 * An element of a list, named by its merge key (a container by `name`): its index may have moved. An empty key names an
 * element of a list of plain values by itself (a capability).
 */
export type KeyedElement = {readonly key: string; readonly value: Json};
export type PathSegment = string | number | KeyedElement;
export type Path = readonly PathSegment[];

/** The index of a segment in a list, -1 where no element matches. */
export function elementIndex(list: readonly Json[], segment: PathSegment): number {
  if (typeof segment === 'number') return segment;
  if (typeof segment === 'string') return -1;
  return list.findIndex((item) =>
    segment.key === ''
      ? equal(item, segment.value)
      : isObject(item) && equal(item[segment.key], segment.value),
  );
}

/** The value at a path, undefined where nothing is. */
export function getAt(value: Json | undefined, path: Path): Json | undefined {
  let current = value;
  for (const segment of path) {
    if (isArray(current)) current = current[elementIndex(current, segment)];
    else current = typeof segment === 'string' ? asObject(current)[segment] : undefined;
    if (current === undefined) return undefined;
  }
  return current;
}

const plainKey = /^[A-Za-z_][\w-]*$/;

/**
 * A path as people write it: `spec.containers[0].image`. With the object, list elements that are named by a merge
 * key become their index; without it, or where none matches, they stay named: `containers[name=web]`.
 */
export function formatPath(path: Path, object?: Json): string {
  let text = '';
  let current: Json | undefined = object;
  for (const segment of path) {
    if (typeof segment === 'string') {
      text += plainKey.test(segment) ? `${text && '.'}${segment}` : `[${JSON.stringify(segment)}]`;
      current = asObject(current)[segment];
    } else {
      const index = isArray(current)
        ? elementIndex(current, segment)
        : typeof segment === 'number'
          ? segment
          : -1;
      text +=
        index < 0 && typeof segment === 'object' ? `[${segment.key}=${String(segment.value)}]` : `[${index}]`;
      current = isArray(current) ? current[index] : undefined;
    }
  }
  return text;
}

/** A plain value in a list, named by itself. */
export const plainElement = (value: string | number): KeyedElement => ({key: '', value});
export const element = (key: string, value: Json): KeyedElement => ({key, value});
