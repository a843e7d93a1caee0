import {isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap} from 'yaml';
import type {Attestation} from '../engine/attestations.ts';
import {type Exception, isDate} from '../engine/exceptions.ts';
import type {Settings} from '../engine/settings.ts';

/** `kubekata.yaml` can't be used: file, line and what to do. */
export class ExceptionsError extends Error {
  override readonly name = 'ExceptionsError';
}

const exceptionFields = [
  'control',
  'controls',
  'kind',
  'namespace',
  'name',
  'reason',
  'until',
  'by',
] as const;
const attestationFields = ['control', 'controls', 'statement', 'by', 'on', 'until'] as const;

/** What stands in a `kubekata.yaml`. */
export type Decisions = {
  readonly exceptions: readonly Exception[];
  readonly attestations: readonly Attestation[];
} & Pick<Settings, 'registries' | 'sandboxed'>;

type Fail = (offset: number, message: string) => never;
const at = (node: unknown): number => (node as Node | null)?.range?.[0] ?? 0;

const lists = ['exceptions', 'attestations', 'registries', 'sandboxed'] as const;
const what = `It holds lists named ${lists.slice(0, -1).join(', ')} and ${lists.at(-1)}.`;

/**
 * Reads the text of a `kubekata.yaml`: a list `exceptions` of {control | controls, kind, namespace, name, reason,
 * until, by}, a list `attestations` of {control | controls, statement, by, on, until}, and lists of names: `registries`,
 * `sandboxed`. @throws {ExceptionsError} with file and line; a typo never accepts less, or more, in silence.
 */
export function parseDecisions(text: string, file: string): Decisions {
  const lines = new LineCounter();
  const document = parseDocument(text, {lineCounter: lines, uniqueKeys: true});
  const fail: Fail = (offset, message) => {
    const {line, col} = lines.linePos(offset);
    throw new ExceptionsError(`${file}:${line}:${col}: ${message}`);
  };
  const [error] = document.errors;
  if (error) return fail(error.pos[0], (error.message.split('\n')[0] ?? '').replace(/ at line .*$/, '.'));
  const {contents} = document;
  if (contents === null) return {exceptions: [], attestations: []};
  if (!isMap(contents)) return fail(at(contents), what);
  for (const {key} of contents.items) {
    if (!isScalar(key) || !lists.some((name) => name === key.value)) {
      return fail(at(key), `${JSON.stringify(String(key))} is not known here. ${what}`);
    }
  }
  const itemsOf = (name: string, article: string, fields: string): readonly YAMLMap[] => {
    const list = contents.get(name, true) as unknown;
    if (list === undefined || (isScalar(list) && list.value === null)) return [];
    if (!isSeq(list)) return fail(at(list), `${name} is a list: begin each entry with "- control:".`);
    return list.items.map((item) =>
      !isMap(item) || isAlias(item)
        ? fail(at(item), `${article} is a mapping: ${fields}.`)
        : (item as YAMLMap),
    );
  };
  const namesOf = (name: 'registries' | 'sandboxed', example: string) => {
    const list = contents.get(name, true) as unknown;
    if (list === undefined || (isScalar(list) && list.value === null)) return {};
    if (!isSeq(list)) return fail(at(list), `${name} is a list: begin each entry with "- ".`);
    const names = list.items.map((item) =>
      isScalar(item) && typeof item.value === 'string' && item.value.trim() !== ''
        ? item.value.trim()
        : fail(at(item), `An entry of ${name} is a text, as ${example}.`),
    );
    return {[name]: names};
  };
  return {
    ...namesOf('registries', 'quay.io/argoproj'),
    ...namesOf('sandboxed', 'NAMESPACE or NAMESPACE/NAME'),
    exceptions: itemsOf('exceptions', 'An exception', 'control, reason, until').map((item) =>
      readException(item, fail),
    ),
    attestations: itemsOf('attestations', 'An attestation', 'control, statement, by, on, until').map((item) =>
      readAttestation(item, fail),
    ),
  };
}

/** The exceptions alone. @throws {ExceptionsError} */
export const parseExceptions = (text: string, file: string): readonly Exception[] =>
  parseDecisions(text, file).exceptions;

/** Reads the texts of an entry that may have these fields and no others. */
function textsOf<Field extends string>(
  item: YAMLMap,
  article: string,
  fields: readonly Field[],
  fail: Fail,
): (field: Field) => string | undefined {
  for (const {key} of item.items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (!fields.some((field) => field === name)) {
      fail(at(key), `${JSON.stringify(name)} is no field of ${article}. They are: ${fields.join(', ')}.`);
    }
  }
  return (field) => {
    const value = item.get(field);
    if (value === undefined || value === null) return undefined;
    return typeof value === 'string' || typeof value === 'number'
      ? String(value)
      : fail(at(item.get(field, true)), `${field} is a text.`);
  };
}

function controlsOf(item: YAMLMap, one: string | undefined, fail: Fail): readonly string[] {
  const several = item.get('controls', true);
  const controls = isSeq(several)
    ? several.items.map((id) => String(isScalar(id) ? id.value : id))
    : one
      ? [one]
      : [];
  return controls.length > 0
    ? controls
    : fail(at(item), 'It names no control: write control: C-0034, or controls: [C-0034, C-0016].');
}

function readException(item: YAMLMap, fail: Fail): Exception {
  const textOf = textsOf(item, 'an exception', exceptionFields, fail);
  const controls = controlsOf(item, textOf('control'), fail);
  const reason = textOf('reason')?.trim();
  if (!reason) return fail(at(item), 'It has no reason: whoever reads it later wants to know why.');
  const until = textOf('until');
  if (until === undefined)
    return fail(at(item), 'It has no end: write until: with a date as 2027-05-23, or never.');
  if (until !== 'never' && !isDate(until)) {
    return fail(
      at(item.get('until', true)),
      `until is a date as 2027-05-23, or never, and not ${JSON.stringify(until)}.`,
    );
  }
  const [kind, namespace, name, by] = (['kind', 'namespace', 'name', 'by'] as const).map(textOf);
  return {
    controls,
    reason,
    until,
    ...(kind === undefined ? {} : {kind}),
    ...(namespace === undefined ? {} : {namespace}),
    ...(name === undefined ? {} : {name}),
    ...(by === undefined ? {} : {by}),
  };
}

function readAttestation(item: YAMLMap, fail: Fail): Attestation {
  const textOf = textsOf(item, 'an attestation', attestationFields, fail);
  const controls = controlsOf(item, textOf('control'), fail);
  const wanted = (field: 'statement' | 'by', why: string): string =>
    textOf(field)?.trim() || fail(at(item), `It has no ${field}: ${why}.`);
  const date = (field: 'on' | 'until'): string => {
    const value = textOf(field);
    if (value === undefined) return fail(at(item), `It has no ${field}: write a date as 2027-05-23.`);
    if (isDate(value)) return value;
    return fail(
      at(item.get(field, true)),
      `${field} is a date as 2027-05-23, and not ${JSON.stringify(value)}.`,
    );
  };
  return {
    controls,
    statement: wanted('statement', 'say in a sentence what is so'),
    by: wanted('by', 'an attestation is the word of a person'),
    on: date('on'),
    until: date('until'),
  };
}

/** The text with one more entry; comments and other entries stay. @throws {ExceptionsError} when it can't be read. */
export function addException(text: string, file: string, exception: Exception): string {
  return addEntry(text, file, 'exceptions', exception);
}

/** The same for what a person vouches for. @throws {ExceptionsError} when it can't be read. */
export function addAttestation(text: string, file: string, attestation: Attestation): string {
  return addEntry(text, file, 'attestations', attestation);
}

function addEntry(
  text: string,
  file: string,
  list: 'exceptions' | 'attestations',
  {controls, ...rest}: Exception | Attestation,
): string {
  parseDecisions(text, file);
  const document = parseDocument(text);
  const entry = {...(controls.length === 1 ? {control: controls[0]} : {controls: [...controls]}), ...rest};
  if (isMap(document.contents)) {
    if (isSeq(document.get(list))) document.addIn([list], document.createNode(entry));
    else document.set(list, document.createNode([entry]));
    return document.toString({lineWidth: 0});
  }
  const made = parseDocument(`${list}: []\n`);
  made.setIn([list], made.createNode([entry]));
  return `${text.trim() === '' || document.contents !== null ? '' : `${text.trimEnd()}\n`}${made.toString({lineWidth: 0})}`;
}

type PeerException = {
  readonly name?: string;
  readonly policyType?: string;
  readonly reason?: string;
  readonly expirationDate?: string;
  readonly resources?: readonly {readonly attributes?: Readonly<Record<string, string>>}[];
  readonly posturePolicies?: readonly {readonly controlID?: string; readonly controlName?: string}[];
};

const globOf = (pattern: string | undefined): string | undefined =>
  pattern === undefined || pattern === '' || pattern === '.*'
    ? undefined
    : pattern.replaceAll('.*', '*').replaceAll(String.raw`\.`, '.');

/**
 * Reads kubescape's exceptions (a JSON list of posture exception policies) as ours. What has no date gets `until`.
 * @throws {ExceptionsError}
 */
export function importExceptions(text: string, file: string, until: string): readonly Exception[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (cause) {
    throw new ExceptionsError(
      `${file} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`,
      {cause},
    );
  }
  if (!Array.isArray(list)) throw new ExceptionsError(`${file} holds no list of exceptions.`);
  return (list as readonly PeerException[]).flatMap((policy) => {
    const controls = (policy.posturePolicies ?? []).flatMap(({controlID}) =>
      controlID ? [controlID.toUpperCase()] : [],
    );
    const day = policy.expirationDate?.slice(0, 10);
    return (policy.resources ?? [{}]).map(({attributes = {}}): Exception => {
      const [kind, namespace, name] = [attributes.kind, attributes.namespace, attributes.name].map(globOf);
      return {
        controls: controls.length === 0 ? ['*'] : controls,
        reason: policy.reason?.trim() || `Taken over from ${policy.name ?? file}.`,
        until: day !== undefined && isDate(day) ? day : until,
        ...(kind === undefined ? {} : {kind}),
        ...(namespace === undefined ? {} : {namespace}),
        ...(name === undefined ? {} : {name}),
      };
    });
  });
}
