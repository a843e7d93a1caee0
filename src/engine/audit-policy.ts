import {parseAllDocuments} from 'yaml';
import {asArray, asObject, asString, isObject, type Json, type JsonObject} from './json.ts';
import type {Path} from './path.ts';

/** What is wrong with an audit policy of the API server, at a field of it. */
export type AuditProblem = {
  readonly problem: 'leaks' | 'blind' | 'gap' | 'shadowed' | 'outcome' | 'invalid';
  readonly path: Path;
  readonly found: string;
  /** What is concerned: `secrets`, the number of the rule that comes first. */
  readonly about: string;
};

export const isAuditPolicy = ({apiVersion, kind}: JsonObject): boolean =>
  kind === 'Policy' && asString(apiVersion).startsWith('audit.k8s.io/');

/** The audit policy that a text holds, such as an entry of a ConfigMap; undefined where it holds none. */
export function parseAuditPolicy(text: string): JsonObject | undefined {
  if (!text.includes('audit.k8s.io/')) return undefined;
  const documents = parseAllDocuments(text);
  for (const document of Array.isArray(documents) ? documents : []) {
    if (document.errors.length > 0) continue;
    const value: unknown = document.toJS();
    if (isObject(value) && isAuditPolicy(value)) return value;
  }
  return undefined;
}

type Resource = {readonly group: string; readonly name: string};
type Wanted = Resource & {
  /** Levels that write its content, a credential, into the log. */
  readonly leaks: readonly string[];
  /** Whether an attack is not seen where it is not recorded at all. */
  readonly matters: boolean;
};

const withContent = ['Request', 'RequestResponse'];
const core = '';
const rbac = 'rbac.authorization.k8s.io';

const wanted: readonly Wanted[] = [
  {group: core, name: 'secrets', leaks: withContent, matters: true},
  {group: core, name: 'serviceaccounts/token', leaks: ['RequestResponse'], matters: true},
  {group: 'authentication.k8s.io', name: 'tokenreviews', leaks: withContent, matters: false},
  {group: core, name: 'configmaps', leaks: ['RequestResponse'], matters: false},
  {group: core, name: 'pods/exec', leaks: [], matters: true},
  {group: rbac, name: 'clusterrolebindings', leaks: [], matters: true},
  {group: rbac, name: 'rolebindings', leaks: [], matters: true},
];

const texts = (value: Json | undefined): readonly string[] => asArray(value).map(asString);

/** Whether an entry of a rule's resources, as the API server matches it, names a resource or subresource. */
function names(entry: JsonObject, {group, name}: Resource): boolean {
  if (asString(entry.group) !== group) return false;
  const list = texts(entry.resources);
  const [resource = '', sub] = name.split('/');
  return (
    list.length === 0 ||
    list.some((one) => one === '*' || one === name || one === `${resource}/*` || (sub && one === `*/${sub}`))
  );
}

/** How a rule takes requests for a resource: all of them, some of them (of some users, verbs, places), or none. */
function takes(rule: JsonObject, resource: Resource): 'all' | 'some' | 'none' {
  const entries = asArray(rule.resources).map(asObject);
  if (entries.length === 0 && asArray(rule.nonResourceURLs).length > 0) return 'none';
  const matching = entries.filter((entry) => names(entry, resource));
  if (entries.length > 0 && matching.length === 0) return 'none';
  const isNamed = entries.length > 0 && matching.every((entry) => asArray(entry.resourceNames).length > 0);
  const isPart = ['users', 'userGroups', 'verbs', 'namespaces'].some((key) => asArray(rule[key]).length > 0);
  return isNamed || isPart ? 'some' : 'all';
}

/** Verbs whose requests carry the object; reads carry none. */
const carries = ['create', 'update', 'patch', '*'];

function isLeak(rule: JsonObject, {leaks}: Wanted): boolean {
  const level = asString(rule.level);
  if (!leaks.includes(level)) return false;
  const verbs = texts(rule.verbs);
  return level === 'RequestResponse' || verbs.length === 0 || verbs.some((verb) => carries.includes(verb));
}

/** Parts of the system that ask all the time, and whom nobody signs in as. */
const isSystem = (rule: JsonObject): boolean => {
  const who = [...texts(rule.users), ...texts(rule.userGroups)];
  return (
    who.length > 0 &&
    who.every((name) => /^system:(?!(authenticated|masters|unauthenticated|anonymous)$)/.test(name))
  );
};

/** A rule that drops reads alone hides no change; Secrets are read to be stolen. */
const dropsReadsOnly = (rule: JsonObject, {name}: Wanted): boolean => {
  const verbs = texts(rule.verbs);
  return (
    name !== 'secrets' && verbs.length > 0 && !verbs.some((verb) => [...carries, 'delete'].includes(verb))
  );
};

export const takesAll = (rule: JsonObject): boolean =>
  ['users', 'userGroups', 'verbs', 'namespaces', 'resources', 'nonResourceURLs'].every(
    (key) => asArray(rule[key]).length === 0,
  );

const within = (outer: readonly string[], inner: readonly string[]): boolean =>
  outer.length === 0 ||
  (inner.length > 0 && inner.every((one) => outer.includes(one) || outer.includes('*')));

/** Whether the first of two rules takes every request that the second would. */
function covers(first: JsonObject, second: JsonObject): boolean {
  if (takesAll(first)) return true;
  const isWithin = ['users', 'userGroups', 'verbs', 'namespaces', 'nonResourceURLs'].every((key) =>
    within(texts(first[key]), texts(second[key])),
  );
  const entries = asArray(first.resources).map(asObject);
  if (!isWithin) return false;
  const inner = asArray(second.resources).map(asObject);
  if (entries.length === 0) return asArray(first.nonResourceURLs).length > 0 || inner.length > 0;
  return (
    inner.length > 0 &&
    inner.every((entry) =>
      (texts(entry.resources).length === 0 ? ['*'] : texts(entry.resources)).every((name) =>
        entries.some(
          (one) =>
            asArray(one.resourceNames).length === 0 && names(one, {group: asString(entry.group), name}),
        ),
      ),
    )
  );
}

const levels = ['None', 'Metadata', 'Request', 'RequestResponse'];

type Fault = {readonly index: number; readonly problem: 'leaks' | 'blind'};

/** What the rules do wrong for one resource, up to the rule that takes all requests for it. */
function faultsOf(rules: readonly JsonObject[], resource: Wanted): readonly Fault[] {
  const faults: Fault[] = [];
  for (const [index, rule] of rules.entries()) {
    const taken = takes(rule, resource);
    if (taken === 'none') continue;
    const isBlind =
      rule.level === 'None' && resource.matters && !isSystem(rule) && !dropsReadsOnly(rule, resource);
    if (isLeak(rule, resource)) faults.push({index, problem: 'leaks'});
    else if (isBlind) faults.push({index, problem: 'blind'});
    if (taken === 'all') break;
  }
  return faults;
}

/** Reads a policy as the API server does: the first rule that takes a request decides what is written of it. */
export function lintAuditPolicy(policy: JsonObject): readonly AuditProblem[] {
  const rules = asArray(policy.rules).map(asObject);
  if (rules.length === 0) return [{problem: 'invalid', path: ['rules'], found: 'no rule', about: ''}];
  const faults = wanted.flatMap((resource) =>
    faultsOf(rules, resource).map((fault) => ({...fault, name: resource.name})),
  );
  const byRule = rules.flatMap((rule, index): readonly AuditProblem[] => {
    const level = asString(rule.level) || 'not set';
    const path = ['rules', index, 'level'];
    const first = rules.slice(0, index).findIndex((one) => covers(one, rule));
    const isShadowed = first >= 0 && rules[first]?.level !== rule.level;
    const own = faults.filter((fault) => fault.index === index);
    return [
      ...(levels.includes(level) ? [] : [{problem: 'invalid', path, found: level, about: ''} as const]),
      // What one rule does wrong is one finding, for all that it concerns.
      ...[...Map.groupBy(own, ({problem}) => problem)].map(([problem, some]) => ({
        ...{problem, path, found: level},
        about: some.map(({name}) => name).join(', '),
      })),
      ...(isShadowed
        ? [{problem: 'shadowed', path: ['rules', index], found: level, about: String(first + 1)} as const]
        : []),
    ];
  });
  const count = `${rules.length} ${rules.length === 1 ? 'rule' : 'rules'}`;
  const omitted = texts(policy.omitStages).filter((stage) => outcomes.includes(stage));
  return [
    ...byRule,
    ...(rules.some(takesAll) ? [] : [{problem: 'gap', path: ['rules'], found: count, about: ''} as const]),
    ...(omitted.length === 0
      ? []
      : [{problem: 'outcome', path: ['omitStages'], found: omitted.join(', '), about: ''} as const]),
  ];
}

const outcomes = ['ResponseComplete', 'Panic'];

/** The policy with what it has to say first, and last, so that nothing leaks and nothing that matters is left out. */
export function repairedAuditPolicy(policy: JsonObject): {
  readonly rules: readonly JsonObject[];
  readonly omitStages: readonly string[];
} {
  const rules = asArray(policy.rules).map(asObject);
  const concerned = wanted.filter((resource) => faultsOf(rules, resource).length > 0);
  const resources = [...Map.groupBy(concerned, ({group}) => group)].map(([group, some]) => ({
    group,
    resources: some.map(({name}) => name),
  }));
  const first: JsonObject = {level: 'Metadata', resources};
  const kept = resources.length === 0 ? rules : [first, ...rules.filter((rule) => !covers(first, rule))];
  return {
    rules: kept.some(takesAll) ? kept : [...kept, {level: 'Metadata'}],
    omitStages: texts(policy.omitStages).filter((stage) => !outcomes.includes(stage)),
  };
}
