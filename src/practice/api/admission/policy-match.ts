import {asArray, asObject, asString, type JsonObject} from '../../../engine/json.ts';
import type {ResourceInfo} from '../resources.ts';
import {matchesLabels, selectorOf} from '../selectors.ts';
import type {ApiServer} from '../server.ts';

export type Operation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';

/** What the rules of a policy are held against. */
export type Attributes = {
  readonly info: ResourceInfo;
  readonly operation: Operation;
  readonly sub: string;
  readonly object: JsonObject | null;
  readonly old: JsonObject | null;
  readonly name: string;
  readonly namespaceLabels: JsonObject;
  readonly namespace: string;
};

/** Whether `matchConstraints` of a policy, or `matchResources` of a binding, name this request. */
export function matches(server: ApiServer, constraints: JsonObject, at: Attributes): boolean {
  const labels = (object: JsonObject | null): JsonObject => asObject(asObject(object?.metadata).labels);
  if (constraints.namespaceSelector !== undefined && at.namespace) {
    const selector = selectorOf(asObject(constraints.namespaceSelector));
    const own = at.info.id === 'namespaces' ? labels(at.object ?? at.old) : at.namespaceLabels;
    if (!matchesLabels(selector, own)) return false;
  }
  if (constraints.objectSelector !== undefined) {
    const selector = selectorOf(asObject(constraints.objectSelector));
    const objects = [at.object, at.old].filter((one) => one !== null);
    if (!objects.some((object) => matchesLabels(selector, labels(object)))) return false;
  }
  const isEquivalent = constraints.matchPolicy !== 'Exact';
  const fits = (rule: JsonObject): boolean => ruleFits(server, rule, at, isEquivalent);
  if (asArray(constraints.excludeResourceRules).map(asObject).some(fits)) return false;
  const rules = asArray(constraints.resourceRules).map(asObject);
  return rules.length === 0 || rules.some(fits);
}

function ruleFits(server: ApiServer, rule: JsonObject, at: Attributes, isEquivalent: boolean): boolean {
  const list = (key: string): readonly string[] => asArray(rule[key]).map(asString);
  const any = (values: readonly string[], value: string): boolean =>
    values.includes('*') || values.includes(value);
  const {info} = at;
  if (!any(list('operations'), at.operation) || !any(list('apiGroups'), info.group)) return false;
  const versions = list('apiVersions');
  const isOther = versions.some(
    (version) => server.registry.at(info.group, version, info.plural) !== undefined,
  );
  if (!any(versions, info.version) && !(isEquivalent && isOther)) return false;
  const {scope = '*'} = rule;
  const isNamespaced = info.namespaced;
  if ((scope === 'Namespaced' && !isNamespaced) || (scope === 'Cluster' && isNamespaced)) return false;
  const names = list('resourceNames');
  if (names.length > 0 && !names.includes(at.name)) return false;
  const wanted = at.sub ? `${info.plural}/${at.sub}` : info.plural;
  return list('resources').some(
    (resource) =>
      resource === wanted ||
      resource === '*/*' ||
      (resource === '*' && !at.sub) ||
      (at.sub !== '' && resource === `*/${at.sub}`) ||
      resource === `${info.plural}/*`,
  );
}
