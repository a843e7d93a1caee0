import {asArray, asObject, asString, type Json, type JsonObject} from '../../engine/json.ts';
import {forbidden, notFound} from './api-error.ts';
import {authorise, grantsOf} from './authz.ts';
import type {User} from './context.ts';
import type {RequestInfo} from './http/request-info.ts';
import type {Stored} from './machine.ts';
import type {ResourceInfo} from './resources.ts';
import type {ApiServer} from './server.ts';

const rbac = 'rbac.authorization.k8s.io';
const strings = (value: Json | undefined): readonly string[] => asArray(value).map(asString);

type Single = {
  readonly group?: string;
  readonly resource?: string;
  readonly name?: string;
  readonly url?: string;
  readonly verb: string;
};

/** A rule as one permission each. */
function* singles(rule: JsonObject): Iterable<Single> {
  for (const verb of strings(rule.verbs)) {
    for (const url of strings(rule.nonResourceURLs)) yield {url, verb};
    for (const group of strings(rule.apiGroups)) {
      for (const resource of strings(rule.resources)) {
        const names = strings(rule.resourceNames);
        if (names.length === 0) yield {group, resource, verb};
        for (const name of names) yield {group, resource, name, verb};
      }
    }
  }
}

function covers(rule: JsonObject, one: Single): boolean {
  const has = (key: string, value: string): boolean => {
    const list = strings(rule[key]);
    return list.includes('*') || list.includes(value);
  };
  if (!has('verbs', one.verb)) return false;
  if (one.url !== undefined)
    return strings(rule.nonResourceURLs).some(
      (url) => url === one.url || (url.endsWith('*') && one.url!.startsWith(url.slice(0, -1))),
    );
  if (!has('apiGroups', one.group!)) return false;
  const sub = one.resource!.split('/')[1];
  if (!has('resources', one.resource!) && !(sub && strings(rule.resources).includes(`*/${sub}`)))
    return false;
  const names = strings(rule.resourceNames);
  return names.length === 0 || (one.name !== undefined && names.includes(one.name));
}

const list = (values: readonly string[]): string =>
  `[${values.map((value) => JSON.stringify(value)).join(' ')}]`;

/** Missing permissions as the server lists them: verbs of one resource together. */
function compact(missing: readonly Single[]): string[] {
  const groups = new Map<string, {one: Single; verbs: string[]}>();
  for (const one of missing) {
    const key = JSON.stringify([one.group, one.resource, one.name, one.url]);
    const found = groups.get(key);
    if (found) found.verbs.push(one.verb);
    else groups.set(key, {one, verbs: [one.verb]});
  }
  const lines = [...groups.values()].map(({one, verbs}) => {
    const parts =
      one.url === undefined
        ? [
            `APIGroups:${list([one.group!])}`,
            `Resources:${list([one.resource!])}`,
            ...(one.name === undefined ? [] : [`ResourceNames:${list([one.name])}`]),
          ]
        : [`NonResourceURLs:${list([one.url])}`];
    return `{${[...parts, `Verbs:${list(verbs)}`].join(', ')}}`;
  });
  return lines.sort();
}

function missingOf(server: ApiServer, user: User, namespace: string, rules: readonly JsonObject[]): Single[] {
  const held = [...grantsOf(server, user, namespace)].map(({rule}) => rule);
  return rules.flatMap((rule) => [...singles(rule)]).filter((one) => !held.some((rule) => covers(rule, one)));
}

/** Nobody gives away what they have not. @throws {ApiError} 403 */
export function checkEscalation(
  server: ApiServer,
  info: ResourceInfo,
  object: JsonObject,
  old: Stored | undefined,
  user: User,
): void {
  if (info.group !== rbac || user.groups.includes('system:masters')) return;
  const metadata = asObject(object.metadata);
  const namespace = asString(metadata.namespace);
  const name = asString(metadata.name);
  const may = (verb: string, resource: string, of: string, at: string): boolean => {
    const request: RequestInfo = {
      verb,
      isResource: true,
      path: '',
      group: rbac,
      version: 'v1',
      namespace: at,
      resource,
      name: of,
      subresource: '',
      rest: '',
    };
    return authorise(server, user, request) === undefined;
  };
  if (info.plural === 'roles' || info.plural === 'clusterroles') {
    if (old && JSON.stringify(old.rules) === JSON.stringify(object.rules)) return;
    if (may('escalate', info.plural, name, namespace)) return;
    refuse(server, info, name, user, namespace, asArray(object.rules).map(asObject));
    return;
  }
  if (
    old &&
    JSON.stringify([old.roleRef, old.subjects]) === JSON.stringify([object.roleRef, object.subjects])
  )
    return;
  const {kind, name: role} = asObject(object.roleRef);
  const plural = kind === 'ClusterRole' ? 'clusterroles' : 'roles';
  if (may('bind', plural, asString(role), namespace)) return;
  const found = server.get(`${plural}.${rbac}`, plural === 'roles' ? namespace : '', asString(role));
  if (!found) throw notFound(info, asString(role));
  refuse(server, info, name, user, namespace, asArray(found.rules).map(asObject));
}

function refuse(
  server: ApiServer,
  info: ResourceInfo,
  name: string,
  user: User,
  namespace: string,
  rules: readonly JsonObject[],
): void {
  const missing = missingOf(server, user, namespace, rules);
  if (missing.length === 0) return;
  throw forbidden(
    info,
    name,
    `user ${JSON.stringify(user.name)} (groups=${list(user.groups)}) is attempting to grant RBAC permissions not currently held:\n${compact(missing).join('\n')}`,
  );
}
