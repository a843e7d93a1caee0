import type {IncomingMessage, ServerResponse} from 'node:http';
import type {Duplex} from 'node:stream';
import {type ApiError, invalid} from '../api-error.ts';
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
  /** Of a request that asks to leave HTTP: exec. */
  readonly upgrade?: {readonly socket: Duplex; readonly head: Buffer};
};

/** Who writes, as the query and the client's name say. @throws {ApiError} 400 */
export function contextOf(call: Call): Context {
  const manager = call.query.get('fieldManager') || managerOf(call.request.headers['user-agent']);
  const dryRun = call.query.getAll('dryRun');
  if (dryRun.some((value) => value !== 'All'))
    throw invalidOption(
      call,
      'dryRun',
      `Unsupported value: ${JSON.stringify(dryRun)}: supported values: "All"`,
    );
  const validation = call.query.get('fieldValidation') ?? '';
  if (!['', 'Strict', 'Warn', 'Ignore'].includes(validation))
    throw invalidOption(
      call,
      'fieldValidation',
      `Unsupported value: ${JSON.stringify(validation)}: supported values: "", "Ignore", "Strict", "Warn"`,
    );
  return {
    user: call.user,
    manager,
    dryRun: dryRun.length > 0,
    warn: (text) => {
      if (!call.warnings.includes(text)) call.warnings.push(text);
    },
  };
}

const managerOf = (agent: string | undefined): string =>
  (agent ?? 'unknown').split('/')[0]!.slice(0, 128) || 'unknown';

/** 422 about an option of the query, as the server words it. */
export function invalidOption(call: Call, field: string, message: string): ApiError {
  const kinds: Readonly<Record<string, string>> = {
    POST: 'CreateOptions',
    PUT: 'UpdateOptions',
    PATCH: 'PatchOptions',
  };
  const kind = kinds[call.request.method ?? ''] ?? 'DeleteOptions';
  return invalid({plural: '', group: 'meta.k8s.io', kind}, '', [
    {field, reason: 'FieldValueNotSupported', message},
  ]);
}
