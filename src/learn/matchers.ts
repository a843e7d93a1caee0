import {equal, isArray, isObject, type Json} from '../engine/json.ts';
import {parseQuantity} from '../engine/quantity.ts';
import type {Field} from './yaml-field.ts';

/** A step into a value: a key, an index, an element named by a field, or every element. */
type Step =
  | {readonly key: string}
  | {readonly index: number}
  | {readonly field: string; readonly value: string}
  | {readonly every: true};

/** What the value at a path has to be; all that are set must hold. */
export type Matcher = {
  /** As written; empty for the whole value. */
  readonly path: string;
  readonly steps: readonly Step[];
  readonly tests: readonly Test[];
};

type Test = {readonly name: TestName; readonly wanted: Json};

const testNames = [
  'equals',
  'notEquals',
  'exists',
  'absent',
  'contains',
  'notContains',
  'matches',
  'notMatches',
  'atLeast',
  'atMost',
  'oneOf',
  'length',
] as const;
type TestName = (typeof testNames)[number];

/** Reads one matcher. @throws {ContentError} */
export function parseMatcher(field: Field): Matcher {
  field.only('path', ...testNames);
  const path = field.get('path').optionalText() ?? '';
  const steps = parsePath(path);
  if (steps === undefined) return field.get('path').fail(`The path ${path} can't be read.`);
  const object = field.object();
  const tests = testNames
    .filter((name) => name in object)
    .map((name): Test => ({name, wanted: object[name] ?? null}));
  if (tests.length === 0) return field.fail(`A matcher needs one of ${testNames.join(', ')}.`);
  for (const {name, wanted} of tests) {
    if (name === 'matches' || name === 'notMatches') {
      try {
        new RegExp(String(wanted), 'm');
      } catch {
        return field.get(name).fail(`${String(wanted)} is no regular expression.`);
      }
    }
  }
  return {path, steps, tests};
}

export const parseMatchers = (field: Field): readonly Matcher[] => field.list().map(parseMatcher);

const pathPattern = /\.?([^.[\]]+)|\[(\d+)\]|\[\*\]|\[(?:"([^"]*)"|'([^']*)')\]|\[([^\]=]+)=([^\]]*)\]/y;

/** Undefined where the text is no path. */
export function parsePath(path: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  pathPattern.lastIndex = 0;
  while (pathPattern.lastIndex < path.length) {
    const found = pathPattern.exec(path);
    if (found === null) return undefined;
    const [whole, key, index, double, single, field, value] = found;
    const quoted = double ?? single;
    if (key !== undefined) steps.push({key});
    else if (index !== undefined) steps.push({index: Number(index)});
    else if (quoted !== undefined) steps.push({key: quoted});
    else if (field !== undefined) steps.push({field, value: value ?? ''});
    else if (whole === '[*]') steps.push({every: true});
  }
  return steps;
}

/** The values at a path: one, undefined where nothing is, or one for each element where it says `[*]`. */
export function valuesAt(value: Json | undefined, steps: readonly Step[]): readonly (Json | undefined)[] {
  const [step, ...rest] = steps;
  if (step === undefined) return [value];
  if ('every' in step) {
    if (!isArray(value) || value.length === 0) return [undefined];
    return value.flatMap((item) => valuesAt(item, rest));
  }
  if ('key' in step) return valuesAt(isObject(value) ? value[step.key] : undefined, rest);
  if (!isArray(value)) return valuesAt(undefined, rest);
  if ('index' in step) return valuesAt(value[step.index], rest);
  const found = value.find((item) => isObject(item) && String(item[step.field]) === step.value);
  return valuesAt(found, rest);
}

/** Why the value is not as wanted, as a clause; undefined when it is. `secret`: values are not told. */
export function mismatch(
  value: Json | undefined,
  {path, steps, tests}: Matcher,
  secret = false,
): string | undefined {
  for (const found of valuesAt(value, steps)) {
    for (const test of tests) {
      if (holds(found, test)) continue;
      const seen = found === undefined ? 'not set' : secret ? 'another value' : short(found);
      return `${path || 'it'} is ${seen}, ${wanting(test)}`;
    }
  }
  return undefined;
}

/** The first mismatch of several matchers. */
export const firstMismatch = (
  value: Json | undefined,
  matchers: readonly Matcher[],
  secret = false,
): string | undefined => {
  for (const matcher of matchers) {
    const found = mismatch(value, matcher, secret);
    if (found !== undefined) return found;
  }
  return undefined;
};

function holds(found: Json | undefined, {name, wanted}: Test): boolean {
  switch (name) {
    case 'equals':
      return equal(found, wanted);
    case 'notEquals':
      return !equal(found, wanted);
    case 'exists':
      return (found !== undefined) === wanted;
    case 'absent':
      return (found === undefined) === wanted;
    case 'contains':
      return contains(found, wanted);
    case 'notContains':
      return !contains(found, wanted);
    case 'matches':
      return matchesText(found, String(wanted));
    case 'notMatches':
      return !matchesText(found, String(wanted));
    case 'atLeast':
      return compare(found, wanted, (a, b) => a >= b);
    case 'atMost':
      return compare(found, wanted, (a, b) => a <= b);
    case 'oneOf':
      return isArray(wanted) && wanted.some((one) => equal(found, one));
    case 'length':
      return (isArray(found) || typeof found === 'string' ? found.length : -1) === wanted;
  }
}

/** Text holds a part, a list an element, a mapping these fields; of a list of wanted ones, each. */
export function contains(found: Json | undefined, wanted: Json): boolean {
  if (typeof found === 'string') {
    const parts = isArray(wanted) ? wanted : [wanted];
    return parts.every((part) => found.includes(String(part)));
  }
  if (isArray(found)) {
    const parts = isArray(wanted) ? wanted : [wanted];
    return parts.every((part) => found.some((item) => holdsAll(item, part)));
  }
  return holdsAll(found, wanted);
}

function holdsAll(found: Json | undefined, wanted: Json): boolean {
  if (isObject(wanted)) {
    if (!isObject(found)) return false;
    return Object.entries(wanted).every(([key, value]) => holdsAll(found[key], value));
  }
  if (isArray(wanted)) return isArray(found) && contains(found, wanted);
  return equal(found, wanted);
}

function matchesText(found: Json | undefined, pattern: string): boolean {
  if (isArray(found)) return found.some((item) => matchesText(item, pattern));
  if (typeof found !== 'string' && typeof found !== 'number') return false;
  return new RegExp(pattern, 'm').test(String(found));
}

function compare(found: Json | undefined, wanted: Json, by: (a: number, b: number) => boolean): boolean {
  const [a, b] = [parseQuantity(found), parseQuantity(wanted)];
  return a !== undefined && b !== undefined && by(a, b);
}

const words: Readonly<Record<TestName, string>> = {
  equals: 'wanted',
  notEquals: 'wanted anything but',
  exists: 'wanted',
  absent: 'wanted',
  contains: 'it has to hold',
  notContains: 'it may not hold',
  matches: 'it has to match',
  notMatches: 'it may not match',
  atLeast: 'wanted at least',
  atMost: 'wanted at most',
  oneOf: 'wanted one of',
  length: 'wanted this many:',
};

const wanting = ({name, wanted}: Test): string => {
  if (name === 'exists' || name === 'absent') {
    return (name === 'exists') === wanted ? 'it has to be set' : 'it may not be set';
  }
  return `${words[name]} ${short(wanted)}`;
};

/** A value in one line of at most 60 characters. */
function short(value: Json): string {
  if (value === null) return 'empty';
  const text = typeof value === 'string' ? value.replace(/\s+/g, ' ').trim() : JSON.stringify(value);
  const shown = text === '' ? 'empty' : text;
  return shown.length > 60 ? `${shown.slice(0, 57)}...` : shown;
}
