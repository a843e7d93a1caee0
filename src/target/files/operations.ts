import {asArray, asObject, equal, isArray, isObject, type Json, type JsonObject} from '../../engine/json.ts';
import {elementIndex, type Path} from '../../engine/path.ts';

/** A place in a document: keys and indices, as they are when the operation's turn comes. */
export type Place = readonly (string | number)[];

/** The smallest changes of text that turn one value into another. */
export type Operation =
  | {readonly op: 'replace'; readonly place: Place; readonly json: Json}
  /** A new key, or a new element that pushes the others back. */
  | {readonly op: 'insert'; readonly place: Place; readonly json: Json}
  | {readonly op: 'remove'; readonly place: Place};

/** Operations in an order in which each finds its place, later ones counting with what earlier ones did. */
export function operations(before: Json, after: Json, place: Place = []): readonly Operation[] {
  if (equal(before, after)) return [];
  if (isObject(before) && isObject(after)) return ofObjects(before, after, place);
  if (isArray(before) && isArray(after)) return ofLists(before, after, place);
  return [{op: 'replace', place, json: after}];
}

function ofObjects(before: JsonObject, after: JsonObject, place: Place): readonly Operation[] {
  const kept = Object.keys(before).filter((key) => Object.hasOwn(after, key));
  if (kept.length === 0 && Object.keys(before).length > 0) return [{op: 'replace', place, json: after}];
  const gone = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
  const made = Object.keys(after).filter((key) => !Object.hasOwn(before, key));
  return [
    ...kept.flatMap((key) => operations(before[key]!, after[key]!, [...place, key])),
    ...gone.map((key): Operation => ({op: 'remove', place: [...place, key]})),
    ...made.map((key): Operation => ({op: 'insert', place: [...place, key], json: after[key]!})),
  ];
}

function ofLists(before: readonly Json[], after: readonly Json[], place: Place): readonly Operation[] {
  let head = 0;
  while (head < before.length && head < after.length && equal(before[head], after[head])) head += 1;
  let tail = 0;
  const shorter = Math.min(before.length, after.length) - head;
  while (tail < shorter && equal(before[before.length - 1 - tail], after[after.length - 1 - tail])) tail += 1;
  const old = before.slice(head, before.length - tail);
  const next = after.slice(head, after.length - tail);
  if (old.length === next.length) {
    return old.flatMap((item, index) => operations(item, next[index]!, [...place, head + index]));
  }
  if (head + tail === 0 && before.length > 0) return [{op: 'replace', place, json: after}];
  return [
    ...old.map((_, index): Operation => ({op: 'remove', place: [...place, head + old.length - 1 - index]})),
    ...next.map((json, index): Operation => ({op: 'insert', place: [...place, head + index], json})),
  ];
}

/** A path in keys and indices of this value: as far as it leads, and further by its own keys. */
export function placeOf(json: Json | undefined, path: Path): Place {
  let current = json;
  return path.flatMap((segment) => {
    const key = typeof segment === 'object' ? elementIndex(asArray(current), segment) : segment;
    current = typeof key === 'number' ? asArray(current)[key] : asObject(current)[key];
    return [key];
  });
}
