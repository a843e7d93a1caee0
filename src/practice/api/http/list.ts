import {randomUUID} from 'node:crypto';
import {labelsOf} from '../../../engine/objects.ts';
import {ApiError, badRequest, forbiddenField, gone, invalid} from '../api-error.ts';
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
    const chosen = selection(info, query);
    const limit = limitOf(query);
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
    const match = /^([0-9a-f-]{36})\.(\d+)$/.exec(Buffer.from(token, 'base64url').toString('latin1'));
    if (!match)
      throw badRequest(
        `invalid continue token: continue key is not valid: ${goJsonProblem(Buffer.from(token, 'base64url').toString('latin1'))}`,
      );
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
        continue: Buffer.from(`${key}.${end}`).toString('base64url'),
        ...(counted ? {remainingItemCount: items.length - end} : {}),
      },
    };
  }
}

function limitOf(query: URLSearchParams): number {
  const text = query.get('limit');
  if (!text) return 0;
  if (!/^-?\d+$/.test(text))
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Math.max(0, Number(text));
}

/** @throws {ApiError} 400 for what is no revision, 504 for one in the future, 410 for an exact one in the past. */
export function checkRevision(server: ApiServer, query: URLSearchParams): number {
  const text = query.get('resourceVersion') ?? '';
  const match = query.get('resourceVersionMatch') ?? '';
  if (match && !text && query.get('sendInitialEvents') === null)
    throw invalid({plural: '', group: 'meta.k8s.io', kind: 'ListOptions'}, '', [
      forbiddenField(
        'resourceVersionMatch',
        'resourceVersionMatch is forbidden unless resourceVersion is provided',
      ),
    ]);
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
