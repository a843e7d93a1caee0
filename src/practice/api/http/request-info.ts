/** What a request is about, as authorisation sees it. */
export type RequestInfo = {
  /** get, list, watch, create, update, patch, delete, deletecollection; the lower-case method for other paths. */
  readonly verb: string;
  readonly isResource: boolean;
  readonly path: string;
  readonly group: string;
  readonly version: string;
  readonly namespace: string;
  readonly resource: string;
  readonly name: string;
  readonly subresource: string;
  /** What follows the subresource: `configz` of a node's proxy. */
  readonly rest: string;
  /** What a list, a watch or a deletion of many is limited to, by fields. */
  readonly fields?: readonly FieldRequirement[];
};

export type FieldRequirement = {readonly field: string; readonly not: boolean; readonly value: string};

/** The parts of a field selector, whatever fields it names; none where it can't be read. */
export function fieldRequirements(selector: string): readonly FieldRequirement[] {
  const found = selector
    .split(',')
    .filter((part) => part !== '')
    .map((part) => /^([^=!]+)(==|=|!=)(.*)$/.exec(part));
  return found.every((match) => match !== null)
    ? found.map(([, field = '', sign, value = '']) => ({field, not: sign === '!=', value}))
    : [];
}

const verbs: Readonly<Record<string, string>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

const namespaceSubresources = new Set(['status', 'finalize']);

/** Reads a path such as `/apis/apps/v1/namespaces/home/deployments/web/status`. */
export function requestInfo(method: string, path: string, query: URLSearchParams): RequestInfo {
  const other: RequestInfo = {
    verb: method.toLowerCase(),
    isResource: false,
    path,
    group: '',
    version: '',
    namespace: '',
    resource: '',
    name: '',
    subresource: '',
    rest: '',
  };
  let parts: string[];
  try {
    parts = path
      .split('/')
      .filter((part) => part !== '')
      .map(decodeURIComponent);
  } catch {
    return other;
  }
  const isCore = parts[0] === 'api';
  if ((!isCore && parts[0] !== 'apis') || parts.length < (isCore ? 3 : 4)) return other;
  const group = isCore ? '' : parts[1]!;
  const version = isCore ? parts[1]! : parts[2]!;
  let rest = parts.slice(isCore ? 2 : 3);
  let namespace = '';
  if (rest[0] === 'namespaces' && rest.length > 1) {
    namespace = rest[1]!;
    if (rest.length > 2 && !namespaceSubresources.has(rest[2]!)) rest = rest.slice(2);
  }
  const [resource = '', named = '', subresource = ''] = rest;
  let name = named;
  let verb = verbs[method] ?? method.toLowerCase();
  if (!name && verb === 'get') verb = isWatch(query) ? 'watch' : 'list';
  else if (!name && verb === 'delete') verb = 'deletecollection';
  const fieldSelector = ['list', 'watch', 'deletecollection'].includes(verb)
    ? (query.get('fieldSelector') ?? '')
    : '';
  // A list of one is authorised by its name, as on a real server.
  if (!name) name = /(?:^|,)metadata\.name==?([^,/%]+)(?:,|$)/.exec(fieldSelector)?.[1] ?? '';
  return {
    ...other,
    verb,
    isResource: true,
    group,
    version,
    namespace,
    resource,
    name,
    subresource,
    rest: rest.slice(3).join('/'),
    ...(fieldSelector ? {fields: fieldRequirements(fieldSelector)} : {}),
  };
}

export const isWatch = (query: URLSearchParams): boolean =>
  ['true', '1', ''].includes(query.get('watch') ?? 'false');
