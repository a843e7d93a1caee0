import {isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap} from 'yaml';
import {type Exception, isDate} from '../engine/exceptions.ts';

/** `kubekata.yaml` can't be used: file, line and what to do. */
export class ExceptionsError extends Error {
  override readonly name = 'ExceptionsError';
}

const fields = ['control', 'controls', 'kind', 'namespace', 'name', 'reason', 'until', 'by'] as const;

/**
 * Reads the text of a `kubekata.yaml`: a list `exceptions` of {control | controls, kind, namespace, name, reason,
 * until, by}. @throws {ExceptionsError} with file and line; a typo never accepts less, or more, in silence.
 */
export function parseExceptions(text: string, file: string): readonly Exception[] {
  const lines = new LineCounter();
  const document = parseDocument(text, {lineCounter: lines, uniqueKeys: true});
  const fail = (offset: number, message: string): never => {
    const {line, col} = lines.linePos(offset);
    throw new ExceptionsError(`${file}:${line}:${col}: ${message}`);
  };
  const at = (node: unknown): number => (node as Node | null)?.range?.[0] ?? 0;
  const [error] = document.errors;
  if (error) return fail(error.pos[0], (error.message.split('\n')[0] ?? '').replace(/ at line .*$/, '.'));
  if (document.contents === null) return [];
  if (!isMap(document.contents))
    return fail(at(document.contents), 'It holds a list named exceptions, nothing else.');
  for (const {key} of document.contents.items) {
    if (!isScalar(key) || key.value !== 'exceptions') {
      return fail(
        at(key),
        `${JSON.stringify(String(key))} is not known here. It holds a list named exceptions.`,
      );
    }
  }
  const list = document.contents.get('exceptions', true) as unknown;
  if (list === undefined || (isScalar(list) && list.value === null)) return [];
  if (!isSeq(list)) return fail(at(list), 'exceptions is a list: begin each entry with "- control:".');
  return list.items.map((item) => {
    if (!isMap(item) || isAlias(item))
      return fail(at(item), 'An exception is a mapping: control, reason, until.');
    return readEntry(item as YAMLMap, fail, at);
  });
}

function readEntry(
  item: YAMLMap,
  fail: (offset: number, message: string) => never,
  at: (node: unknown) => number,
): Exception {
  for (const {key} of item.items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (!fields.some((field) => field === name)) {
      fail(at(key), `${JSON.stringify(name)} is no field of an exception. They are: ${fields.join(', ')}.`);
    }
  }
  const textOf = (field: (typeof fields)[number]): string | undefined => {
    const value = item.get(field);
    if (value === undefined || value === null) return undefined;
    return typeof value === 'string' || typeof value === 'number'
      ? String(value)
      : fail(at(item.get(field, true)), `${field} is a text.`);
  };
  const several = item.get('controls', true);
  const one = textOf('control');
  const controls = isSeq(several)
    ? several.items.map((id) => String(isScalar(id) ? id.value : id))
    : one
      ? [one]
      : [];
  if (controls.length === 0)
    fail(at(item), 'It names no control: write control: C-0034, or controls: [C-0034, C-0016].');
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

/** The text with one more entry; comments and other entries stay. @throws {ExceptionsError} when it can't be read. */
export function addException(text: string, file: string, exception: Exception): string {
  parseExceptions(text, file);
  const document = parseDocument(text);
  const {controls, ...rest} = exception;
  const entry = {...(controls.length === 1 ? {control: controls[0]} : {controls: [...controls]}), ...rest};
  if (isMap(document.contents) && isSeq(document.get('exceptions'))) {
    document.addIn(['exceptions'], document.createNode(entry));
    return document.toString({lineWidth: 0});
  }
  const made = parseDocument('exceptions: []\n');
  made.setIn(['exceptions'], made.createNode([entry]));
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
