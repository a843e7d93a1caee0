import type {View} from './control.ts';
import type {Grant} from './derive.ts';
import {asArray, asObject, asString, type Json, type JsonObject} from './json.ts';

/** A rule of a Role or ClusterRole; of an aggregated ClusterRole the server has filled in the rules. */
export type PolicyRule = {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  /** Empty: every object. */
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
};

const strings = (value: Json | undefined): readonly string[] => asArray(value).map((item) => asString(item));

export const rulesOf = (role: JsonObject): readonly PolicyRule[] =>
  asArray(role.rules).map((item) => {
    const rule = asObject(item);
    return {
      verbs: strings(rule.verbs),
      apiGroups: strings(rule.apiGroups),
      resources: strings(rule.resources),
      resourceNames: strings(rule.resourceNames),
      nonResourceURLs: strings(rule.nonResourceURLs),
    };
  });

const rule = (apiGroup: string, resource: string, verb: string): PolicyRule => ({
  verbs: [verb],
  apiGroups: [apiGroup],
  resources: [resource],
  resourceNames: [],
  nonResourceURLs: [],
});
const run = rule('', 'pods/exec', 'create');

/** What is dangerous in the ClusterRoles that every API server makes by itself, for manifests that only name them. */
const builtIn: Readonly<Record<string, readonly PolicyRule[]>> = {
  'cluster-admin': [{...rule('*', '*', '*'), nonResourceURLs: ['*']}],
  admin: [run],
  edit: [run],
};

export type RoleRef = Grant['role'];

/** The rules that a role allows; undefined where there is no such role. Manifests may name what the server brings. */
export function rulesOfRole({kind, namespace, name}: RoleRef, view: View): readonly PolicyRule[] | undefined {
  const role = view.get(kind, namespace, name);
  if (role) return rulesOf(role.object);
  return kind === 'ClusterRole' ? builtIn[name] : undefined;
}

/** One of the verbs, on one of the resources, of one of the API groups. */
export type Permission = {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
};

/** What of a rule gives the permission: the words that match, undefined where one kind of them is missing. */
export function matching(rule: PolicyRule, wanted: Permission): Permission | undefined {
  const verbs = rule.verbs.filter((verb) => wanted.verbs.includes(verb));
  const apiGroups = rule.apiGroups.filter((group) => wanted.apiGroups.includes(group));
  const resources = rule.resources.filter((resource) => wanted.resources.includes(resource));
  const isAny = verbs.length > 0 && apiGroups.length > 0 && resources.length > 0;
  return isAny ? {verbs, apiGroups, resources} : undefined;
}

/** Whether the API allows one resource, by name, wildcard, or `*` before a subresource. */
const matchesResource = (given: string, asked: string): boolean =>
  given === '*' || given === asked || (given.startsWith('*/') && asked.endsWith(given.slice(1)));

const anyMatches = (given: readonly string[], asked: string): boolean =>
  given.includes('*') || given.includes(asked);

/** Whether `wide` allows everything that `narrow` does: no one gains by the one in place of the other. */
export function covers(wide: readonly PolicyRule[], narrow: readonly PolicyRule[]): boolean {
  return narrow.every(
    ({verbs, apiGroups, resources, resourceNames, nonResourceURLs}) =>
      apiGroups.every((group) =>
        resources.every((resource) =>
          verbs.every((verb) =>
            wide.some(
              (one) =>
                anyMatches(one.verbs, verb) &&
                anyMatches(one.apiGroups, group) &&
                one.resources.some((given) => matchesResource(given, resource)) &&
                (one.resourceNames.length === 0 ||
                  (resourceNames.length > 0 &&
                    resourceNames.every((name) => one.resourceNames.includes(name)))),
            ),
          ),
        ),
      ) &&
      nonResourceURLs.every((url) =>
        verbs.every((verb) =>
          wide.some(
            (one) =>
              anyMatches(one.verbs, verb) && one.nonResourceURLs.some((given) => matchesUrl(given, url)),
          ),
        ),
      ),
  );
}

const matchesUrl = (given: string, asked: string): boolean =>
  given === asked || (given.endsWith('*') && asked.startsWith(given.slice(0, -1)));
