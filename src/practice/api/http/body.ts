import type {IncomingMessage} from 'node:http';
import {isObject, type Json, type JsonObject} from '../../../engine/json.ts';
import {ApiError, badRequest} from '../api-error.ts';
import {jsonKind} from '../decode.ts';
import {goJsonProblem} from './json-problem.ts';

const most = 3 * 1024 * 1024;

/** @throws {ApiError} 413 when it is larger than the server takes. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most)
      throw new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${most}`);
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  bodies.set(request, body);
  return body;
}

const bodies = new WeakMap<IncomingMessage, Buffer>();

/** What was read of a request until now, for the audit log. */
export const bodyRead = (request: IncomingMessage): Buffer | undefined => bodies.get(request);

export const mediaType = (request: IncomingMessage): string =>
  (request.headers['content-type'] ?? 'application/json').split(';')[0]!.trim().toLowerCase();

export type Body = {
  readonly value: JsonObject;
  /** Fields that the text has twice, as `duplicate field "spec.replicas"`. */
  readonly duplicates: readonly string[];
  /** Whether the API has a kind in a version. */
  readonly isKind?: (apiVersion: string, kind: string) => boolean;
};

const headType =
  'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

/** @param kind What the body should be; none for options. @throws {ApiError} 400 with what the parser said. */
export async function parseBody(bytes: Buffer, type: string, kind = ''): Promise<Body> {
  const text = bytes.toString('utf8');
  const refuse = (problem: string, cause?: unknown): ApiError =>
    badRequest(
      kind
        ? `the object provided is unrecognized (must be of type ${kind}): ${problem} (${summary(bytes)})`
        : problem,
      cause,
    );
  const head = "couldn't get version/kind; json parse error: ";
  let value: unknown;
  if (type === 'application/yaml') value = await parseYaml(text, refuse);
  else {
    try {
      value = JSON.parse(text);
    } catch (error) {
      throw refuse(head + goJsonProblem(text), error);
    }
  }
  if (value === null) value = {};
  if (!isObject(value))
    throw refuse(
      `${head}json: cannot unmarshal ${jsonKind(value as Json)} into Go value of type ${headType}`,
    );
  for (const key of ['apiVersion', 'kind'] as const) {
    const given = value[key];
    if (given !== undefined && given !== null && typeof given !== 'string')
      throw refuse(
        `${head}json: cannot unmarshal ${jsonKind(given)} into Go struct field .${key} of type string`,
      );
  }
  if (String(value.apiVersion ?? '').split('/').length > 2)
    throw refuse(`unexpected GroupVersion string: ${String(value.apiVersion)}`);
  return {value, duplicates: type === 'application/yaml' ? [] : duplicates(text)};
}

const mostShown = 30;

/** The beginning of a body that is none, as errors show it. */
function summary(bytes: Buffer): string {
  if (bytes.length === 0) return '<empty>';
  const more = bytes.length > mostShown ? ' ...' : '';
  const shown = bytes.subarray(0, mostShown);
  return `${shown[0] === 0x7b ? shown.toString('utf8') : shown.toString('hex')}${more}`;
}

async function parseYaml(text: string, refuse: (problem: string) => ApiError): Promise<unknown> {
  const {parseDocument} = await import('yaml');
  const document = parseDocument(text, {uniqueKeys: false, merge: true, version: '1.1'});
  const problem = document.errors[0];
  if (problem)
    throw refuse(`yaml: line ${problem.linePos?.[0].line ?? 1}: ${problem.message.split('\n')[0]}`);
  return document.toJS({maxAliasCount: 100});
}

/** Walks JSON that is known to be well-formed, and finds keys given twice. */
export function duplicates(text: string): string[] {
  const found: string[] = [];
  let at = 0;
  const skip = (): void => {
    while (text.charCodeAt(at) <= 32) at += 1;
  };
  const readString = (): string => {
    const start = at;
    at += 1;
    while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
    at += 1;
    return text.slice(start, at);
  };
  const readValue = (path: string): void => {
    skip();
    const char = text[at];
    if (char === '{') {
      at += 1;
      const seen = new Set<string>();
      for (skip(); text[at] !== '}'; skip()) {
        if (text[at] === ',') {
          at += 1;
          skip();
        }
        const key = JSON.parse(readString()) as string;
        const inner = path ? `${path}.${key}` : key;
        if (seen.has(key)) found.push(`duplicate field ${JSON.stringify(inner)}`);
        seen.add(key);
        skip();
        at += 1;
        readValue(inner);
      }
      at += 1;
    } else if (char === '[') {
      at += 1;
      let index = 0;
      for (skip(); text[at] !== ']'; skip()) {
        if (text[at] === ',') at += 1;
        readValue(`${path}[${index}]`);
        index += 1;
      }
      at += 1;
    } else if (char === '"') readString();
    else while (at < text.length && !',]}'.includes(text[at]!) && text.charCodeAt(at) > 32) at += 1;
  };
  readValue('');
  return [...new Set(found)];
}
