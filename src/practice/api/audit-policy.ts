import {asArray, asObject, asString, type Json, type JsonObject} from '../../engine/json.ts';
import type {User} from './context.ts';
import type {RequestInfo} from './http/request-info.ts';

const levels = ['None', 'Metadata', 'Request', 'RequestResponse'] as const;
const stages = ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'];

export type AuditLevel = (typeof levels)[number];

export type AuditPolicy = {
  readonly rules: readonly JsonObject[];
  readonly omitStages: readonly string[];
  readonly omitManagedFields: boolean;
};

export type AuditDecision = {
  readonly level: AuditLevel;
  readonly omitStages: readonly string[];
  readonly omitManagedFields: boolean;
};

const strings = (value: Json | undefined): readonly string[] => asArray(value).map(asString);

/** Reads a policy; a sentence of the server's where it is none. */
export function readAuditPolicy(value: Json | undefined): AuditPolicy | string {
  const {apiVersion, kind, rules, omitStages, omitManagedFields} = asObject(value);
  if (apiVersion !== 'audit.k8s.io/v1' || kind !== 'Policy')
    return `no kind ${JSON.stringify(asString(kind))} is registered for version ${JSON.stringify(asString(apiVersion))} in scheme "pkg/audit/scheme.go"`;
  const list = asArray(rules).map(asObject);
  if (list.length === 0) return 'loaded illegal policy with 0 rules';
  for (const [index, {level, omitStages: own}] of list.entries()) {
    const at = `rules[${index}]`;
    if (!levels.includes(level as AuditLevel))
      return `${at}.level: Unsupported value: ${JSON.stringify(asString(level))}: supported values: "None", "Metadata", "Request", "RequestResponse"`;
    const stage = strings(own).find((name) => !stages.includes(name));
    if (stage !== undefined)
      return `${at}.omitStages: Invalid value: ${JSON.stringify(stage)}: allowed stages are ${stages.join(',')}`;
  }
  return {rules: list, omitStages: strings(omitStages), omitManagedFields: omitManagedFields === true};
}

/** What is recorded of a request: the first rule that it fits decides. */
export function decideAudit(policy: AuditPolicy, user: User, info: RequestInfo): AuditDecision {
  const rule = policy.rules.find((one) => fits(one, user, info));
  return {
    level: (rule?.level as AuditLevel | undefined) ?? 'None',
    omitStages: [...policy.omitStages, ...strings(rule?.omitStages)],
    omitManagedFields:
      typeof rule?.omitManagedFields === 'boolean' ? rule.omitManagedFields : policy.omitManagedFields,
  };
}

function fits(rule: JsonObject, user: User, info: RequestInfo): boolean {
  const {users, userGroups, verbs, namespaces, resources, nonResourceURLs} = rule;
  const among = (list: Json | undefined, value: string): boolean =>
    strings(list).length === 0 || strings(list).includes(value);
  if (!among(users, user.name) || !among(verbs, info.verb)) return false;
  if (strings(userGroups).length > 0 && !strings(userGroups).some((group) => user.groups.includes(group)))
    return false;
  if (asArray(namespaces).length > 0 || asArray(resources).length > 0) {
    if (!info.isResource || !among(namespaces, info.namespace)) return false;
    const groups = asArray(resources).map(asObject);
    return groups.length === 0 || groups.some((entry) => fitsResource(entry, info));
  }
  if (asArray(nonResourceURLs).length > 0)
    return !info.isResource && strings(nonResourceURLs).some((pattern) => fitsPath(pattern, info.path));
  return true;
}

function fitsResource({group, resources, resourceNames}: JsonObject, info: RequestInfo): boolean {
  if (asString(group) !== info.group) return false;
  const wanted = strings(resources);
  const names = strings(resourceNames);
  if (wanted.length === 0) return true;
  if (names.length > 0 && !names.includes(info.name)) return false;
  const own = info.subresource ? `${info.resource}/${info.subresource}` : info.resource;
  return wanted.some(
    (one) =>
      one === own ||
      one === '*' ||
      one === `${info.resource}/*` ||
      (info.subresource !== '' && one === `*/${info.subresource}`),
  );
}

const fitsPath = (pattern: string, path: string): boolean =>
  pattern === '*' || pattern === path || (pattern.endsWith('*') && path.startsWith(pattern.slice(0, -1)));
