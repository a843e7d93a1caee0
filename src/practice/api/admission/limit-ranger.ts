import {asArray, asObject, asString, type JsonObject} from '../../../engine/json.ts';
import {forbidden} from '../api-error.ts';
import {child, children, type Draft, ensure, text} from '../draft.ts';
import {formatNano, nanoOf} from '../quantity.ts';
import type {ResourceInfo} from '../resources.ts';
import type {ApiServer} from '../server.ts';

const annotation = 'kubernetes.io/limit-ranger';

const limitsOf = (server: ApiServer, namespace: string): readonly JsonObject[] =>
  server
    .list('limitranges', namespace)
    .flatMap((range) => asArray(asObject(range.spec).limits).map(asObject));

/** Gives containers of a new pod the namespace's default requests and limits, and notes it on the pod. */
export function defaultLimits(server: ApiServer, pod: Draft): void {
  const metadata = ensure(pod, 'metadata');
  const spec = ensure(pod, 'spec');
  for (const range of server.list('limitranges', text(metadata, 'namespace'))) {
    const items = asArray(asObject(range.spec).limits)
      .map(asObject)
      .filter(({type}) => type === 'Container');
    const defaults: Draft = {};
    const defaultRequests: Draft = {};
    for (const item of items) {
      Object.assign(defaults, asObject(item.default));
      Object.assign(defaultRequests, asObject(item.defaultRequest));
    }
    const notes: string[] = [];
    for (const [key, label] of [
      ['containers', 'container'],
      ['initContainers', 'init container'],
    ] as const) {
      for (const container of children(spec, key)) {
        for (const [field, values, what] of [
          ['requests', defaultRequests, 'request'],
          ['limits', defaults, 'limit'],
        ] as const) {
          const set = fill(ensure(container, 'resources'), field, values);
          if (set.length > 0) notes.push(`${set.join(', ')} ${what} for ${label} ${text(container, 'name')}`);
        }
      }
    }
    if (notes.length > 0)
      ensure(metadata, 'annotations')[annotation] = `LimitRanger plugin set: ${notes.join('; ')}`;
  }
}

function fill(resources: Draft, field: string, values: Draft): string[] {
  const missing = Object.keys(values)
    .filter((name) => child(resources, field)?.[name] === undefined)
    .sort();
  for (const name of missing) ensure(resources, field)[name] = values[name]!;
  return missing;
}

type Amounts = Readonly<Record<string, string>>;

/** @throws {ApiError} 403 with every bound that the pod or claim breaks. */
export function checkLimits(server: ApiServer, info: ResourceInfo, draft: Draft): void {
  const namespace = text(child(draft, 'metadata'), 'namespace');
  const spec = child(draft, 'spec');
  const problems: string[] = [];
  for (const limit of limitsOf(server, namespace)) {
    const type = asString(limit.type);
    if (info.id === 'persistentvolumeclaims') {
      if (type === 'PersistentVolumeClaim') problems.push(...claimProblems(limit, spec));
      continue;
    }
    if (type === 'Container') {
      for (const container of [...children(spec, 'containers'), ...children(spec, 'initContainers')])
        problems.push(
          ...containerProblems(limit, amounts(container, 'requests'), amounts(container, 'limits'), type),
        );
    } else if (type === 'Pod')
      problems.push(...containerProblems(limit, podSum(spec, 'requests'), podSum(spec, 'limits'), type));
  }
  const distinct = [...new Set(problems)];
  if (distinct.length === 0) return;
  const detail = distinct.length === 1 ? distinct[0]! : `[${distinct.join(', ')}]`;
  throw forbidden(info, text(child(draft, 'metadata'), 'name'), detail);
}

const amounts = (container: Draft, field: string): Amounts =>
  Object.fromEntries(
    Object.entries(child(child(container, 'resources'), field) ?? {}).map(([name, value]) => [
      name,
      String(value),
    ]),
  );

/** Sum of the containers, or the largest init container where that is more; a resource counts when all have it. */
function podSum(spec: Draft | undefined, field: string): Amounts {
  const result: Record<string, string> = {};
  const all = children(spec, 'containers').map((container) => amounts(container, field));
  const inits = children(spec, 'initContainers').map((container) => amounts(container, field));
  const names = new Set([...all, ...inits].flatMap((item) => Object.keys(item)));
  for (const name of names) {
    if (field === 'limits' && !all.every((item) => item[name] !== undefined)) continue;
    const sum = all.reduce((total, item) => total + nanoOf(item[name]), 0n);
    const largest = inits.reduce((most, item) => (nanoOf(item[name]) > most ? nanoOf(item[name]) : most), 0n);
    const like = [...all, ...inits].find((item) => item[name] !== undefined)?.[name];
    result[name] = formatNano(sum > largest ? sum : largest, like);
  }
  return result;
}

function* bounds(limit: JsonObject, key: string): Iterable<readonly [string, string]> {
  for (const name of Object.keys(asObject(limit[key])).sort())
    yield [name, asString(asObject(limit[key])[name])];
}

function* containerProblems(
  limit: JsonObject,
  requests: Amounts,
  limits: Amounts,
  type: string,
): Iterable<string> {
  for (const [name, least] of bounds(limit, 'min')) {
    const start = `minimum ${name} usage per ${type} is ${least}`;
    const [request, most] = [requests[name], limits[name]];
    if (request === undefined) yield `${start}.  No request is specified`;
    else if (nanoOf(request) < nanoOf(least)) yield `${start}, but request is ${request}`;
    else if (most !== undefined && nanoOf(most) < nanoOf(least)) yield `${start}, but limit is ${most}`;
  }
  for (const [name, bound] of bounds(limit, 'max')) {
    const start = `maximum ${name} usage per ${type} is ${bound}`;
    const [request, most] = [requests[name], limits[name]];
    if (most === undefined) yield `${start}.  No limit is specified`;
    else if (nanoOf(most) > nanoOf(bound)) yield `${start}, but limit is ${most}`;
    else if (request !== undefined && nanoOf(request) > nanoOf(bound))
      yield `${start}, but request is ${request}`;
  }
  for (const [name, ratio] of bounds(limit, 'maxLimitRequestRatio')) {
    const start = `${name} max limit to request ratio per ${type} is ${ratio}`;
    const request = nanoOf(requests[name]);
    const most = nanoOf(limits[name]);
    if (request === 0n) yield `${start}, but no request is specified or request is 0`;
    else if (most === 0n) yield `${start}, but no limit is specified or limit is 0`;
    else if (Number(most) / Number(request) > Number(nanoOf(ratio)) / 1e9)
      yield `${start}, but provided ratio is ${(Number(most) / Number(request)).toFixed(6)}`;
  }
}

function* claimProblems(limit: JsonObject, spec: Draft | undefined): Iterable<string> {
  const request = text(child(child(spec, 'resources'), 'requests'), 'storage');
  for (const [name, least] of bounds(limit, 'min'))
    if (name === 'storage' && nanoOf(request) < nanoOf(least))
      yield `minimum storage usage per PersistentVolumeClaim is ${least}, but request is ${request || '0'}`;
  for (const [name, most] of bounds(limit, 'max'))
    if (name === 'storage' && nanoOf(request) > nanoOf(most))
      yield `maximum storage usage per PersistentVolumeClaim is ${most}, but request is ${request}`;
}
