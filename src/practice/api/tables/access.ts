import {asArray, asObject, asString, type Json, type JsonObject} from '../../../engine/json.ts';

/** Value at a dotted path of plain keys. */
export function at(object: JsonObject, path: string): Json | undefined {
  let current: Json | undefined = object;
  for (const key of path.split('.')) current = asObject(current)[key];
  return current;
}

export const textAt = (object: JsonObject, path: string): string => asString(at(object, path));
export const numberAt = (object: JsonObject, path: string): number => Number(at(object, path) ?? 0);
export const listAt = (object: JsonObject, path: string): readonly JsonObject[] =>
  asArray(at(object, path)).map(asObject);
export const objectAt = (object: JsonObject, path: string): JsonObject => asObject(at(object, path));
export const stringsAt = (object: JsonObject, path: string): readonly string[] =>
  asArray(at(object, path)).map(asString);

/** `a=b,c=d`, or `<none>`. */
export function formatLabels(labels: JsonObject): string {
  const parts = Object.keys(labels)
    .sort()
    .map((key) => `${key}=${asString(labels[key])}`);
  return parts.length > 0 ? parts.join(',') : '<none>';
}

/** The first three, and how many more. */
export function listWithMore(list: readonly string[]): string {
  if (list.length === 0) return '<unset>';
  return list.length > 3 ? `${list.slice(0, 3).join(',')} + ${list.length - 3} more...` : list.join(',');
}

export const names = (containers: readonly JsonObject[]): [string, string] => [
  containers.map(({name}) => asString(name)).join(','),
  containers.map(({image}) => asString(image)).join(','),
];
