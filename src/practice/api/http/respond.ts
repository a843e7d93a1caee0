import type {ServerResponse} from 'node:http';
import type {JsonObject} from '../../../engine/json.ts';
import {ApiError} from '../api-error.ts';

const cache = new WeakMap<JsonObject, string>();

/** The text of a stored object: objects never change, so it is made once. */
export function serialise(object: JsonObject): string {
  let text = cache.get(object);
  if (text === undefined) {
    text = JSON.stringify(object);
    cache.set(object, text);
  }
  return text;
}

/** An object in a list of its own kind: the server leaves kind and version to the list. */
export function serialiseItem(object: JsonObject, isCustom: boolean): string {
  const text = serialise(object);
  if (isCustom) return text;
  const head = `{"kind":${JSON.stringify(object.kind)},"apiVersion":${JSON.stringify(object.apiVersion)},`;
  if (text.startsWith(head)) return `{${text.slice(head.length)}`;
  const {kind: _, apiVersion: __, ...rest} = object;
  return JSON.stringify(rest);
}

/** `299 - "text"`, as RFC 7234 has it. */
const warningHeader = (text: string): string =>
  `299 - "${text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/[\\"]/g, '\\$&')}"`;

export function setWarnings(response: ServerResponse, warnings: readonly string[]): void {
  // Header values are Latin-1; anything else would be refused by Node.
  if (warnings.length > 0)
    response.setHeader(
      'Warning',
      warnings.map((text) => warningHeader(text).replaceAll(/[^\x20-\x7e]/g, '?')),
    );
}

export async function respond(
  response: ServerResponse,
  code: number,
  body: string | JsonObject,
  media: 'json' | 'yaml' = 'json',
): Promise<void> {
  if (response.headersSent || response.destroyed) return;
  let text = typeof body === 'string' ? body : JSON.stringify(body);
  if (media === 'yaml') {
    const {stringify} = await import('yaml');
    text = stringify(JSON.parse(text));
  } else text += '\n';
  const bytes = Buffer.from(text);
  response.writeHead(code, {
    'Content-Type': media === 'yaml' ? 'application/yaml' : 'application/json',
    'Content-Length': bytes.length,
    'Cache-Control': 'no-cache, private',
  });
  response.end(bytes);
}

export function respondText(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, {
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(text);
}

/** Any error as a Status; what we did not foresee is a 500, told without its stack. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new ApiError(500, 'InternalError', `Internal error occurred: ${message}`, {
    causes: [{reason: '', message, field: ''}],
  });
}
