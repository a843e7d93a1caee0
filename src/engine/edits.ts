import type {Edit, Question, Template, Value} from './change.ts';
import {redacted} from './credentials.ts';
import {equal, isArray, isObject, type Json, type JsonObject} from './json.ts';
import type {Ref} from './objects.ts';
import {elementIndex, formatPath, getAt, type Path, type PathSegment} from './path.ts';

/** Answers to questions by their id. */
export type Answers = ReadonlyMap<string, string> | ((id: string) => string | undefined);
/** Reads a value of another object; undefined where there is none. */
export type Lookup = (ref: Ref, path: Path) => Json | undefined;

export type ResolvedEdit =
  | {readonly op: 'set'; readonly path: Path; readonly value: {readonly json: Json}}
  | {readonly op: 'remove'; readonly path: Path};

/** A value that nobody gave: `question` is not answered, or what it refers to is not there. */
export class UnresolvedError extends Error {
  override readonly name = 'UnresolvedError';
  readonly question: Question | undefined;

  constructor(message: string, question?: Question) {
    super(message);
    this.question = question;
  }
}

/** An edit that does not fit the object: a field below a string, an element of what is no list. */
export class EditError extends Error {
  override readonly name = 'EditError';
}

const unbase64 = (text: string): string =>
  new TextDecoder().decode(Uint8Array.from(atob(text), (char) => char.codePointAt(0) ?? 0));
const base64 = (text: string): string => btoa(String.fromCodePoint(...new TextEncoder().encode(text)));

/** An answer as the value to set: a number where one was asked for. @throws {UnresolvedError} where it is none. */
export function answerValue(question: Question, answer: string): Json {
  if (question.type !== 'number') return answer;
  if (/^\d+$/.test(answer.trim())) return Number(answer);
  throw new UnresolvedError(`The ${question.label} is a whole number, and ${answer} is none.`, question);
}

function resolveValue(value: Value, answers: Answers, lookup: Lookup | undefined): Json {
  if ('json' in value) return value.json;
  // What writes it makes the bytes; everywhere else only their length is known.
  if ('random' in value) return redacted('='.repeat(4 * Math.ceil(value.random / 3)));
  if ('ask' in value) {
    const {id, label, suggestion} = value.ask;
    const answer = (typeof answers === 'function' ? answers(id) : answers.get(id)) ?? suggestion;
    if (answer === undefined) throw new UnresolvedError(`The ${label} is not known: enter it.`, value.ask);
    return answerValue(value.ask, answer);
  }
  const found = lookup?.(value.from, value.path);
  if (found === undefined) {
    const {kind, name} = value.from;
    throw new UnresolvedError(
      `${kind} ${name} has no ${formatPath(value.path)} any more, whose value was to be moved: rescan.`,
    );
  }
  if (value.decode === 'base64' && typeof found === 'string') return unbase64(found);
  return value.encode === 'base64'
    ? base64(typeof found === 'string' ? found : JSON.stringify(found))
    : found;
}

/** The edits with every question answered (else by its suggestion) and every reference read. @throws {UnresolvedError} */
export const resolveEdits = (
  edits: readonly Edit[],
  answers: Answers = new Map(),
  lookup?: Lookup,
): readonly ResolvedEdit[] =>
  edits.map((edit) =>
    edit.op === 'remove' ? edit : {...edit, value: {json: resolveValue(edit.value, answers, lookup)}},
  );

/**
 * The object after the edits. Input stays as it is, untouched parts are shared, an edit that changes nothing returns the
 * same object. Missing parents are made; an element named by key that is missing is appended with its key.
 * @throws {UnresolvedError | EditError}
 */
export const applyEdits = (
  object: JsonObject,
  edits: readonly Edit[],
  answers?: Answers,
  lookup?: Lookup,
): JsonObject => {
  let current: Json = object;
  for (const edit of resolveEdits(edits, answers, lookup)) {
    current =
      edit.op === 'set'
        ? setAt(current, edit.path, edit.value.json, edit.path)
        : removeAt(current, edit.path);
  }
  if (!isObject(current)) throw new EditError('An object can not be replaced by a value that is none.');
  return current;
};

/** The object that a template describes. @throws {UnresolvedError | EditError} */
export const buildObject = (template: Template, answers?: Answers, lookup?: Lookup): JsonObject =>
  applyEdits(template.base, template.edits ?? [], answers, lookup);

// A field that is there with nothing in it (`securityContext:`) counts as missing.
const isMissing = (value: Json | undefined): value is null | undefined =>
  value === undefined || value === null;

/** A new element keeps the key that names it, also where the value leaves it out. */
const withKey = (segment: PathSegment, value: Json): Json =>
  typeof segment === 'object' && isObject(value) && !(segment.key in value)
    ? {[segment.key]: segment.value, ...value}
    : value;

function setAt(current: Json | undefined, path: Path, value: Json, whole: Path): Json {
  const [segment, ...rest] = path;
  if (segment === undefined) return equal(current, value) ? (current as Json) : value;
  if (typeof segment === 'string') {
    if (!isMissing(current) && !isObject(current)) throw misfit(whole, path, 'an object');
    const object = current ?? {};
    const next = setAt(Object.hasOwn(object, segment) ? object[segment] : undefined, rest, value, whole);
    return Object.hasOwn(object, segment) && next === object[segment] ? object : {...object, [segment]: next};
  }
  if (!isMissing(current) && !isArray(current)) throw misfit(whole, path, 'a list');
  const list = current ?? [];
  const index = elementIndex(list, segment);
  if (index > list.length) throw misfit(whole, path, `a list of at least ${index} elements`);
  if (index >= 0 && index < list.length) {
    const next = setAt(list[index], rest, rest.length === 0 ? withKey(segment, value) : value, whole);
    return next === list[index] ? list : list.with(index, next);
  }
  const made = typeof segment === 'object' ? {[segment.key]: segment.value} : undefined;
  return [...list, rest.length === 0 ? withKey(segment, value) : setAt(made, rest, value, whole)];
}

function misfit(whole: Path, rest: Path, wanted: string): EditError {
  const at = formatPath(whole.slice(0, whole.length - rest.length)) || 'The object';
  return new EditError(`${at} is not ${wanted}, so ${formatPath(whole)} can not be set.`);
}

function removeAt(current: Json, path: Path): Json {
  const [segment, ...rest] = path;
  if (segment === undefined) return current;
  if (isArray(current)) {
    const index = elementIndex(current, segment);
    const item = current[index];
    if (item === undefined) return current;
    if (rest.length === 0) return current.toSpliced(index, 1);
    const next = removeAt(item, rest);
    return next === item ? current : current.with(index, next);
  }
  if (typeof segment !== 'string' || !isObject(current) || !Object.hasOwn(current, segment)) return current;
  const {[segment]: item, ...others} = current;
  if (rest.length === 0) return others;
  const next = removeAt(item!, rest);
  return next === item ? current : {...current, [segment]: next};
}

/**
 * The edits that undo these, made on `before`: touched fields only, and the parents that a `set` made. Where an element
 * was taken out of the middle of a list, the whole list is put back, because its place matters.
 */
export function inverse(before: JsonObject, edits: readonly Edit[]): readonly ResolvedEdit[] {
  const undo: ResolvedEdit[] = [];
  let current = before;
  for (const edit of resolveEdits(edits)) {
    const next = applyEdits(current, [edit]);
    if (next !== current) undo.unshift(inverseOf(current, edit));
    current = next;
  }
  return undo.filter((edit, index) => !undo.slice(index + 1).some((later) => isBelow(edit.path, later.path)));
}

const set = (path: Path, json: Json): ResolvedEdit => ({op: 'set', path, value: {json}});

function inverseOf(before: JsonObject, edit: ResolvedEdit): ResolvedEdit {
  const {path} = edit;
  if (edit.op === 'remove') {
    const parent = getAt(before, path.slice(0, -1));
    const old = getAt(before, path)!;
    const isInside = isArray(parent) && elementIndex(parent, path.at(-1)!) < parent.length - 1;
    return isInside ? set(path.slice(0, -1), parent) : set(path, old);
  }
  for (let length = 1; length <= path.length; length += 1) {
    const prefix = path.slice(0, length);
    const old = getAt(before, prefix);
    if (old === undefined) return {op: 'remove', path: prefix};
    if (old === null || length === path.length) return set(prefix, old);
  }
  return set([], before);
}

/** Whether `path` is `parent` or lies below it. */
const isBelow = (path: Path, parent: Path): boolean =>
  parent.length <= path.length && parent.every((segment, index) => equalSegment(segment, path[index]));

const equalSegment = (a: PathSegment, b: PathSegment | undefined): boolean =>
  a === b || (typeof a === 'object' && typeof b === 'object' && a.key === b.key && equal(a.value, b.value));

/** Every touched path with the value that is there now; undefined where nothing is. */
export const touchedValues = (
  object: JsonObject | undefined,
  edits: readonly Edit[],
): readonly {readonly path: Path; readonly value: Json | undefined}[] =>
  edits.map(({path}) => ({path, value: getAt(object, path)}));
