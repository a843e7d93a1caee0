import {randomUUID} from 'node:crypto';
import {asObject, asString, type Json, type JsonObject} from '../../../engine/json.ts';
import {labelsOf} from '../../../engine/objects.ts';
import {
  ApiError,
  badRequest,
  type FieldError,
  forbiddenField,
  gone,
  invalid,
  unsupported,
} from '../api-error.ts';
import type {Stored} from '../machine.ts';
import type {ResourceInfo} from '../resources.ts';
import {
  type FieldSelector,
  type LabelSelector,
  matchesFields,
  matchesLabels,
  parseFieldSelector,
  parseLabelSelector,
} from '../selectors.ts';
import type {ApiServer} from '../server.ts';
import {goJsonProblem} from './json-problem.ts';

export type Selection = {
  readonly labels: LabelSelector;
  readonly fields: FieldSelector;
  readonly name: string;
};

/** @throws {ApiError} 400 for selectors that are none. */
export function selection(info: ResourceInfo, query: URLSearchParams, name = ''): Selection {
  return {
    labels: parseLabelSelector(query.get('labelSelector') ?? ''),
    fields: parseFieldSelector(query.get('fieldSelector') ?? '', info),
    name,
  };
}

export const selects = ({labels, fields, name}: Selection, object: Stored): boolean =>
  (name === '' || object.metadata.name === name) &&
  (labels.length === 0 || matchesLabels(labels, labelsOf(object))) &&
  (fields.length === 0 || matchesFields(fields, object));

export type Page = {
  readonly items: readonly Stored[];
  readonly metadata: {
    readonly resourceVersion: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
};

/** Lists that were begun with a limit: every page shows the same moment. */
export class Pages {
  readonly #open = new Map<string, {readonly items: readonly Stored[]; readonly revision: string}>();

  list(server: ApiServer, info: ResourceInfo, namespace: string, query: URLSearchParams): Page {
    const limit = numberOf(query, 'limit');
    numberOf(query, 'timeoutSeconds');
    const chosen = selection(info, query);
    checkOptions(query);
    const token = query.get('continue');
    if (token) return this.#continue(token, limit, query);
    checkRevision(server, query);
    const all = server.list(info.id, namespace);
    for (const object of all) server.readable(info, object, true);
    const empty = chosen.labels.length === 0 && chosen.fields.length === 0;
    const items = empty ? all : all.filter((object) => selects(chosen, object));
    return this.#page('', 0, items, String(server.store.revision), limit, empty);
  }

  #continue(token: string, limit: number, query: URLSearchParams): Page {
    if (query.get('resourceVersion') && query.get('resourceVersion') !== '0')
      throw badRequest('specifying resource version is not allowed when using continue');
    const match = /^([0-9a-f-]{36})\.(\d+)$/.exec(startOf(token));
    if (!match) throw badContinue('invalid continue token');
    const open = this.#open.get(match[1]!);
    if (!open)
      throw gone(
        'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
      );
    return this.#page(match[1]!, Number(match[2]), open.items, open.revision, limit, true);
  }

  #page(
    id: string,
    start: number,
    items: readonly Stored[],
    revision: string,
    limit: number,
    counted: boolean,
  ): Page {
    const end = limit === 0 ? items.length : Math.min(items.length, start + limit);
    if (end >= items.length) {
      this.#open.delete(id);
      return {items: items.slice(start), metadata: {resourceVersion: revision}};
    }
    const key = id || randomUUID();
    this.#open.set(key, {items, revision});
    if (this.#open.size > 64) this.#open.delete(this.#open.keys().next().value!);
    return {
      items: items.slice(start, end),
      metadata: {
        resourceVersion: revision,
        continue: tokenOf(revision, `${key}.${end}`),
        ...(counted ? {remainingItemCount: items.length - end} : {}),
      },
    };
  }
}

const tokenVersion = 'meta.k8s.io/v1';

const tokenOf = (revision: string, start: string): string =>
  Buffer.from(JSON.stringify({v: tokenVersion, rv: Number(revision), start})).toString('base64url');

const badContinue = (why: string): ApiError =>
  badRequest(`invalid continue token: continue key is not valid: ${why}`);

/** Where a list goes on. @throws {ApiError} 400 for what is no token. */
function startOf(token: string): string {
  const bad = /[^A-Za-z0-9_-]/.exec(token);
  const end = token.length % 4 === 1 ? token.length - 1 : -1;
  if (bad || end >= 0) throw badContinue(`illegal base64 data at input byte ${bad?.index ?? end}`);
  const text = Buffer.from(token, 'base64url').toString('utf8');
  let value: JsonObject;
  try {
    value = asObject(JSON.parse(text) as Json);
  } catch {
    throw badContinue(goJsonProblem(text));
  }
  if (value.v !== tokenVersion)
    throw badContinue(`server does not recognize this encoded version ${JSON.stringify(value.v ?? '')}`);
  if (!value.rv) throw badContinue(`incorrect encoded start resourceVersion (version ${tokenVersion})`);
  if (!value.start) throw badContinue(`encoded start key empty (version ${tokenVersion})`);
  return asString(value.start);
}

/** @throws {ApiError} 400 */
function numberOf(query: URLSearchParams, name: string): number {
  const text = query.get(name);
  if (!text) return 0;
  if (!/^[-+]?\d+$/.test(text))
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Math.max(0, Number(text));
}

/** @throws {ApiError} 422 for options that do not go together. */
function checkOptions(query: URLSearchParams): void {
  const match = query.get('resourceVersionMatch') ?? '';
  const revision = query.get('resourceVersion') ?? '';
  const errors: FieldError[] = [];
  const field = 'resourceVersionMatch';
  if (match) {
    if (!revision)
      errors.push(
        forbiddenField(field, 'resourceVersionMatch is forbidden unless resourceVersion is provided'),
      );
    if (query.get('continue'))
      errors.push(forbiddenField(field, 'resourceVersionMatch is forbidden when continue is provided'));
    if (match !== 'Exact' && match !== 'NotOlderThan')
      errors.push(unsupported(field, match, ['Exact', 'NotOlderThan', '']));
    if (match === 'Exact' && revision === '0')
      errors.push(forbiddenField(field, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
  }
  if (query.get('sendInitialEvents') !== null)
    errors.push(forbiddenField('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
  if (errors.length > 0) throw invalid({plural: '', group: 'meta.k8s.io', kind: 'ListOptions'}, '', errors);
}

/** @throws {ApiError} 400 for what is no revision, 504 for one in the future, 410 for an exact one in the past. */
export function checkRevision(server: ApiServer, query: URLSearchParams): number {
  const text = query.get('resourceVersion') ?? '';
  const match = query.get('resourceVersionMatch') ?? '';
  if (!text) return 0;
  if (!/^\d+$/.test(text))
    throw badRequest(
      `invalid resource version: resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`,
    );
  const revision = Number(text);
  const current = server.store.revision;
  if (revision > current)
    throw new ApiError(
      504,
      'Timeout',
      `Timeout: Too large resource version: ${revision}, current: ${current}`,
      {
        causes: [{reason: 'ResourceVersionTooLarge', message: 'Too large resource version', field: ''}],
        retryAfterSeconds: 1,
      },
    );
  if (match === 'Exact' && revision < current)
    throw gone('The resourceVersion for the provided list is too old.');
  return revision;
}
