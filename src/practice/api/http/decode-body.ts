import {asString} from '../../../engine/json.ts';
import {badRequest} from '../api-error.ts';
import {DecodeError, decode} from '../decode.ts';
import type {Draft} from '../draft.ts';
import type {TypeInfo} from '../schema.ts';
import type {Body} from './body.ts';
import type {Call} from './call.ts';

type Expected = {
  readonly type: TypeInfo;
  readonly apiVersion: string;
  readonly version: string;
  readonly kind: string;
};

export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

/** What to do with unknown fields; that it is one of these was checked when the request came in. */
export function fieldValidation(call: Call): FieldValidation {
  const value = call.query.get('fieldValidation');
  return value === 'Strict' || value === 'Ignore' ? value : 'Warn';
}

/**
 * The body as its kind, unknown and double fields refused, warned of or dropped as the request asks.
 * @throws {ApiError} 400, worded as the server does.
 */
export function decodeBody(call: Call, body: Body, expected: Expected): Draft {
  const {value} = body;
  const kind = asString(value.kind);
  const apiVersion = asString(value.apiVersion);
  const prefix = `${kind || expected.kind} in version ${JSON.stringify(expected.version)} cannot be handled as a ${expected.kind}: `;
  const [given, named] = [apiVersion || expected.apiVersion, kind || expected.kind];
  if (given !== expected.apiVersion || named !== expected.kind) {
    const version = given.slice(given.indexOf('/') + 1);
    const what = `${named} in version ${JSON.stringify(version)} cannot be handled as a ${expected.kind}: `;
    if (!body.isKind?.(given, named))
      throw badRequest(
        `${what}no kind ${JSON.stringify(named)} is registered for version ${JSON.stringify(given)} in scheme "pkg/runtime/scheme.go:111"`,
      );
    if (named === expected.kind && groupOf(given) === groupOf(expected.apiVersion))
      throw badRequest(
        `the API version in the data (${apiVersion}) does not match the expected API version (${expected.apiVersion})`,
      );
    throw badRequest(
      `${what}converting (${version}.${named}) to (${groupOf(expected.apiVersion)}.${expected.kind}): unknown conversion`,
    );
  }
  const unknown: string[] = [];
  let draft: Draft;
  try {
    draft = decode(expected.type, value, unknown);
  } catch (error) {
    if (error instanceof DecodeError) throw badRequest(prefix + error.message);
    throw error;
  }
  reportFields(call, strictProblems(body.duplicates, unknown), prefix);
  return draft;
}

/** The server's own package of a group. */
const groupOf = (apiVersion: string): string =>
  apiVersion.includes('/') ? apiVersion.split('/')[0]!.split('.')[0]! : 'core';

export const strictProblems = (duplicates: readonly string[], unknown: readonly string[]): string[] => [
  ...duplicates,
  ...unknown.map((path) => `unknown field ${JSON.stringify(path)}`),
];

/** @throws {ApiError} 400 under strict validation. */
export function reportFields(call: Call, problems: readonly string[], prefix: string): void {
  if (problems.length === 0) return;
  const mode = fieldValidation(call);
  if (mode === 'Strict') throw badRequest(`${prefix}strict decoding error: ${problems.join(', ')}`);
  if (mode === 'Warn') call.warnings.push(...problems);
}
