import {isArray, isObject, type Json, type JsonObject} from '../../../engine/json.ts';
import {missingKey} from '../field-set.ts';
import type {Field, Shape, TypeInfo} from '../schema.ts';
import {goFormat} from './go-format.ts';

/** What of an object does not have its kind's types, with where, as server-side apply words it. */
export const typedProblems = (type: TypeInfo, value: JsonObject): readonly string[] =>
  check(value, {is: 'struct', type: () => type}, undefined).map(([path, text]) =>
    path ? `${path}: ${text}` : text,
  );

type Problem = readonly [path: string, text: string];

const under = (path: string, problems: readonly Problem[]): readonly Problem[] =>
  problems.map(([below, text]) => [path + below, text] as const);

function check(value: Json, shape: Shape, field: Field | undefined): readonly Problem[] {
  if (value === null) return [];
  if (shape.is === 'scalar') {
    const problem = scalarProblem(shape.code, value);
    return problem ? [['', problem]] : [];
  }
  if (shape.is === 'list')
    return isArray(value) ? checkList(value, shape.of, field) : [['', `expected list, got ${held(value)}`]];
  if (!isObject(value)) return [['', `expected map, got ${held(value)}`]];
  if (shape.is === 'map')
    return Object.entries(value).flatMap(([key, item]) =>
      item === undefined ? [] : under(`.${key}`, check(item, shape.of, undefined)),
    );
  return checkStruct(value, shape.type());
}

function checkStruct(value: JsonObject, type: TypeInfo): readonly Problem[] {
  const problems: Problem[] = [];
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue;
    const field = type.fields.get(key);
    if (field) problems.push(...under(`.${key}`, check(item, field.shape, field)));
    else if (!type.open) problems.push([`.${key}`, 'field not declared in schema']);
  }
  return problems;
}

function checkList(items: readonly Json[], of: Shape, field: Field | undefined): readonly Problem[] {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const [index, item] of items.entries()) {
    const place = placeOf(item, index, field);
    if ('problem' in place) return [...problems, ['', `element ${index}: ${place.problem}`]];
    if (place.isKey && seen.has(place.path)) problems.push(['', `duplicate entries for key ${place.path}`]);
    seen.add(place.path);
    problems.push(...under(place.path, check(item, of, undefined)));
  }
  return problems;
}

type ListPlace = {readonly path: string; readonly isKey: boolean} | {readonly problem: string};

/** How paths name an item: by its keys, by its value in a set, or by its place. */
function placeOf(item: Json, index: number, field: Field | undefined): ListPlace {
  if (field?.listType === 'map') {
    if (item === null) return {problem: 'associative list with keys may not have a null element'};
    if (!isObject(item)) return {problem: 'associative list with keys may not have non-map elements'};
    const keys = [...field.listKeys].sort().map((key) => `${key}=${shown(item[key] ?? missingKey(key))}`);
    return {path: `[${keys.join(',')}]`, isKey: true};
  }
  if (field?.listType === 'set') {
    if (item === null)
      return {problem: "associative list without keys has an element that's an explicit null"};
    if (isObject(item)) return {problem: "associative list without keys has an element that's a map type"};
    if (isArray(item)) return {problem: 'not supported: associative list with lists as elements'};
    return {path: `[=${shown(item)}]`, isKey: true};
  }
  return {path: `[${index}]`, isKey: false};
}

function shown(value: Json): string {
  if (isArray(value)) return `[${value.map(shown).join(',')}]`;
  if (isObject(value))
    return Object.keys(value)
      .sort()
      .map((key) => `${key}=${shown(value[key]!)}`)
      .join('');
  return JSON.stringify(value);
}

function scalarProblem(code: string, value: Json): string | undefined {
  const isPlain = typeof value !== 'object';
  switch (code) {
    case 's':
    case 'y':
      return typeof value === 'string'
        ? undefined
        : `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`;
    case 'b':
      return typeof value === 'boolean' ? undefined : `expected boolean, got ${held(value)}`;
    case 'i':
    case 'I':
    case 'n':
      return typeof value === 'number'
        ? undefined
        : `expected numeric (int or float), got ${goTypeOf(value)}`;
    case 'o':
    case 'q':
      return undefined;
    default:
      return isPlain ? undefined : `expected any scalar, got ${held(value)}`;
  }
}

const held = (value: Json): string => `&{${goFormat(value)}}`;

function goTypeOf(value: Json): string {
  if (isArray(value)) return '[]interface {}';
  if (isObject(value)) return 'map[string]interface {}';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** A value as Go source. */
function goSyntax(value: Json): string {
  if (value === null) return 'interface {}(nil)';
  if (isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (isObject(value)) {
    const parts = Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${goSyntax(value[key]!)}`);
    return `map[string]interface {}{${parts.join(', ')}}`;
  }
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
