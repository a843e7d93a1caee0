import type {IncomingMessage} from 'node:http';
import {isObject, type JsonObject} from '../../../engine/json.ts';
import {ApiError, badRequest} from '../api-error.ts';
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
  return Buffer.concat(chunks);
}

export const mediaType = (request: IncomingMessage): string =>
  (request.headers['content-type'] ?? 'application/json').split(';')[0]!.trim().toLowerCase();

export type Body = {
  readonly value: JsonObject;
  /** Fields that the text has twice, as `duplicate field "spec.replicas"`. */
  readonly duplicates: readonly string[];
};

/** @throws {ApiError} 400 with what the parser said. */
export async function parseBody(bytes: Buffer, type: string, what: string): Promise<Body> {
  const text = bytes.toString('utf8');
  if (type === 'application/yaml') return parseYaml(text, what);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw badRequest(what + goJsonProblem(text), error);
  }
  if (!isObject(value))
    throw badRequest(
      `${what}json: cannot unmarshal ${typeof value} into Go value of type map[string]interface {}`,
    );
  return {value, duplicates: duplicates(text)};
}

async function parseYaml(text: string, what: string): Promise<Body> {
  const {parseDocument} = await import('yaml');
  const document = parseDocument(text, {uniqueKeys: false, merge: true, version: '1.1'});
  const problem = document.errors[0];
  if (problem)
    throw badRequest(
      `${what}yaml: line ${problem.linePos?.[0].line ?? 1}: ${problem.message.split('\n')[0]}`,
    );
  const value: unknown = document.toJS({maxAliasCount: 100});
  if (!isObject(value)) throw badRequest(`${what}the body is no YAML object`);
  return {value, duplicates: []};
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
