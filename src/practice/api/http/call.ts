import type {IncomingMessage, ServerResponse} from 'node:http';
import type {Duplex} from 'node:stream';
import type {JsonObject} from '../../../engine/json.ts';
import {type FieldError, forbiddenField, invalid, invalidValue, required, tooLong} from '../api-error.ts';
import type {Context, User} from '../context.ts';
import type {RequestInfo} from './request-info.ts';

/** One request on its way to an answer. */
export type Call = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly info: RequestInfo;
  readonly query: URLSearchParams;
  readonly user: User;
  readonly warnings: string[];
  /** Adds to what the audit log holds of it. */
  readonly annotate?: Context['annotate'];
  /** Of a request that asks to leave HTTP: exec. */
  readonly upgrade?: {readonly socket: Duplex; readonly head: Buffer};
};

const mostManager = 128;
const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

/** What of the options of a write can't be. @param apply Undefined for what is no patch. */
function optionProblems({query}: Call, apply: boolean | undefined): readonly FieldError[] {
  const errors: FieldError[] = [];
  const manager = query.get('fieldManager') ?? '';
  if (apply === true && !manager) errors.push(required('fieldManager', 'is required for apply patch'));
  if (apply === false && query.get('force') !== null)
    errors.push(forbiddenField('force', 'may not be specified for non-apply patch'));
  if (Buffer.byteLength(manager) > mostManager) errors.push(tooLong('fieldManager', mostManager));
  let position = 0;
  for (const char of manager) {
    const code = char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
    if (!printable.test(char))
      errors.push(
        invalidValue('fieldManager', manager, `invalid character U+${code} (at position ${position})`),
      );
    position += Buffer.byteLength(char);
  }
  errors.push(...dryRunProblems(query.getAll('dryRun')));
  const validation = query.get('fieldValidation') ?? '';
  if (!['', 'Strict', 'Warn', 'Ignore'].includes(validation))
    errors.push({
      field: 'fieldValidation',
      reason: 'FieldValueNotSupported',
      message: `Unsupported value: ${JSON.stringify(validation)}: supported values: "", "Ignore", "Strict", "Warn"`,
    });
  return errors;
}

export const dryRunProblems = (values: readonly string[]): readonly FieldError[] =>
  values.every((value) => value === 'All')
    ? []
    : [
        {
          field: 'dryRun',
          reason: 'FieldValueNotSupported',
          message: `Unsupported value: ${JSON.stringify(values)}: supported values: "All"`,
        },
      ];

const optionKinds: Readonly<Record<string, string>> = {
  POST: 'CreateOptions',
  PUT: 'UpdateOptions',
  PATCH: 'PatchOptions',
};

/** Who writes, as the query and the client's name say. @throws {ApiError} 422 */
export function contextOf(call: Call, apply?: boolean): Context {
  const kind = optionKinds[call.request.method ?? ''];
  const errors = kind ? optionProblems(call, apply) : [];
  if (errors.length > 0) throw invalid({plural: '', group: 'meta.k8s.io', kind: kind!}, '', errors);
  return {
    user: call.user,
    manager: call.query.get('fieldManager') || managerOf(call.request.headers['user-agent']),
    dryRun: call.query.getAll('dryRun').length > 0,
    warn: (text) => {
      if (!call.warnings.includes(text)) call.warnings.push(text);
    },
    ...(call.annotate ? {annotate: call.annotate} : {}),
    ...(kind ? {options: optionsOf(call, kind === 'PatchOptions' ? 'UpdateOptions' : kind)} : {}),
  };
}

/** As webhooks are told of them: a patch is an update, or makes what is not there. */
function optionsOf({query}: Call, kind: string): JsonObject {
  const dryRun = query.getAll('dryRun');
  const manager = query.get('fieldManager') ?? '';
  const validation = query.get('fieldValidation') ?? '';
  return {
    kind,
    apiVersion: 'meta.k8s.io/v1',
    ...(dryRun.length > 0 ? {dryRun} : {}),
    ...(manager ? {fieldManager: manager} : {}),
    ...(validation ? {fieldValidation: validation} : {}),
  };
}

const managerOf = (agent: string | undefined): string =>
  (agent ?? 'unknown').split('/')[0]!.slice(0, 128) || 'unknown';
