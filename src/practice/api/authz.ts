import {asArray, asObject, asString, type Json, type JsonObject} from '../../engine/json.ts';
import type {User} from './context.ts';
import type {RequestInfo} from './http/request-info.ts';
import type {Stored} from './machine.ts';
import {authorizeNode} from './node-authorizer.ts';
import type {ApiServer} from './server.ts';

const rbac = 'rbac.authorization.k8s.io';

export type Grant = {readonly rule: JsonObject; readonly binding: Stored};

const strings = (value: Json | undefined): readonly string[] => asArray(value).map(asString);

function isSubject(subject: JsonObject, user: User, bindingNamespace: string): boolean {
  const name = asString(subject.name);
  switch (subject.kind) {
    case 'User':
      return user.name === name;
    case 'Group':
      return user.groups.includes(name);
    case 'ServiceAccount':
      return user.name === `system:serviceaccount:${asString(subject.namespace) || bindingNamespace}:${name}`;
    default:
      return false;
  }
}

/** All rules that a user has cluster-wide and, with a namespace, there. */
export function* grantsOf(server: ApiServer, user: User, namespace: string): Iterable<Grant> {
  const rules = (kind: string, at: string, name: string): readonly Json[] =>
    asArray(
      (kind === 'ClusterRole'
        ? server.get(`clusterroles.${rbac}`, '', name)
        : server.get(`roles.${rbac}`, at, name)
      )?.rules,
    );
  const bindings = [
    ...server.list(`clusterrolebindings.${rbac}`),
    ...(namespace ? server.list(`rolebindings.${rbac}`, namespace) : []),
  ];
  for (const binding of bindings) {
    const at = binding.metadata.namespace ?? '';
    if (!asArray(binding.subjects).some((subject) => isSubject(asObject(subject), user, at))) continue;
    const {kind, name} = asObject(binding.roleRef);
    for (const rule of rules(asString(kind), at, asString(name))) yield {rule: asObject(rule), binding};
  }
}

const anyOf = (list: readonly string[], value: string): boolean => list.includes('*') || list.includes(value);

export function ruleAllows(rule: JsonObject, info: RequestInfo): boolean {
  if (!anyOf(strings(rule.verbs), info.verb)) return false;
  if (!info.isResource)
    return strings(rule.nonResourceURLs).some(
      (url) =>
        url === '*' || url === info.path || (url.endsWith('*') && info.path.startsWith(url.slice(0, -1))),
    );
  if (!anyOf(strings(rule.apiGroups), info.group)) return false;
  const wanted = info.subresource ? `${info.resource}/${info.subresource}` : info.resource;
  const fits = strings(rule.resources).some(
    (resource) =>
      resource === '*' ||
      resource === wanted ||
      (info.subresource !== '' && resource === `*/${info.subresource}`),
  );
  if (!fits) return false;
  const names = strings(rule.resourceNames);
  return names.length === 0 || names.includes(info.name);
}

const named: Readonly<Record<string, string>> = {ClusterRole: 'clusterrole', Role: 'role'};

/** Roles that bindings of the user name and that are not there. */
function missingRoles(server: ApiServer, user: User, namespace: string): string {
  const bindings = [
    ...server.list(`clusterrolebindings.${rbac}`),
    ...(namespace ? server.list(`rolebindings.${rbac}`, namespace) : []),
  ];
  const missing = bindings.flatMap((binding) => {
    const at = binding.metadata.namespace ?? '';
    if (!asArray(binding.subjects).some((subject) => isSubject(asObject(subject), user, at))) return [];
    const kind = asString(asObject(binding.roleRef).kind);
    const name = asString(asObject(binding.roleRef).name);
    const found =
      kind === 'ClusterRole'
        ? server.get(`clusterroles.${rbac}`, '', name)
        : server.get(`roles.${rbac}`, at, name);
    return found ? [] : [`${named[kind] ?? kind}.${rbac} ${JSON.stringify(name)} not found`];
  });
  if (missing.length === 0) return '';
  return `RBAC: ${missing.length === 1 ? missing[0] : `[${missing.join(', ')}]`}`;
}

/** Which binding allows it, as access reviews tell. */
function explain({binding}: Grant, user: User): string {
  const {kind, name} = asObject(binding.roleRef);
  const at = binding.metadata.namespace ?? '';
  const subject = asArray(binding.subjects)
    .map(asObject)
    .find((item) => isSubject(item, user, at));
  const who =
    subject?.kind === 'ServiceAccount'
      ? `ServiceAccount ${JSON.stringify(`${asString(subject.name)}/${asString(subject.namespace) || at}`)}`
      : `${asString(subject?.kind)} ${JSON.stringify(asString(subject?.name))}`;
  const label = JSON.stringify(at ? `${binding.metadata.name}/${at}` : binding.metadata.name);
  return `RBAC: allowed by ${binding.kind} ${label} of ${asString(kind)} ${JSON.stringify(asString(name))} to ${who}`;
}

/** What an authoriser says; who does not allow has no opinion. */
export type Verdict = {readonly allowed: boolean; readonly reason: string};

const permitted: Verdict = {allowed: true, reason: ''};

function askOne(server: ApiServer, mode: string, user: User, info: RequestInfo): Verdict {
  switch (mode) {
    case 'AlwaysAllow':
      return permitted;
    case 'AlwaysDeny':
      return {allowed: false, reason: 'Everything is forbidden.'};
    case 'Node':
      return authorizeNode(server, user, info);
    case 'RBAC':
      for (const grant of grantsOf(server, user, info.namespace))
        if (ruleAllows(grant.rule, info)) return {allowed: true, reason: explain(grant, user)};
      return {allowed: false, reason: missingRoles(server, user, info.namespace)};
    default:
      return {allowed: false, reason: ''};
  }
}

/** What the authorisers say, asked in their order until one allows; else with the reasons of all. */
export function decide(server: ApiServer, user: User, info: RequestInfo): Verdict {
  if (user.groups.includes('system:masters')) return permitted;
  const reasons: string[] = [];
  for (const mode of server.settings.modes) {
    const verdict = askOne(server, mode, user, info);
    if (verdict.allowed) return verdict;
    if (verdict.reason) reasons.push(verdict.reason);
  }
  return {allowed: false, reason: reasons.join('\n')};
}

/** A refusal as the server words it. */
export function denialOf(user: User, info: RequestInfo, reason: string): string {
  const who = `User ${JSON.stringify(user.name)} cannot ${info.verb}`;
  const why = reason ? `: ${reason}` : '';
  if (!info.isResource) return `${who} path ${JSON.stringify(info.path)}${why}`;
  const resource = info.subresource ? `${info.resource}/${info.subresource}` : info.resource;
  const where = info.namespace
    ? `in the namespace ${JSON.stringify(info.namespace)}`
    : 'at the cluster scope';
  return `${who} resource ${JSON.stringify(resource)} in API group ${JSON.stringify(info.group)} ${where}${why}`;
}

/** Why the authorisers refuse, as the server words it; undefined when one of them allows. */
export function authorise(server: ApiServer, user: User, info: RequestInfo): string | undefined {
  const {allowed, reason} = decide(server, user, info);
  return allowed ? undefined : denialOf(user, info, reason);
}
