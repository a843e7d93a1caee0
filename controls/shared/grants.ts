import type {Change, Fix, Question, Step} from '../../src/engine/change.ts';
import type {ControlMeta, Failure, Finding, View} from '../../src/engine/control.ts';
import {type Grant, grantOf} from '../../src/engine/derive.ts';
import {asArray, asObject, asString, type JsonObject} from '../../src/engine/json.ts';
import {labelsOf, objectId, type Ref, type Resource} from '../../src/engine/objects.ts';
import {element, type Path} from '../../src/engine/path.ts';
import {
  covers,
  matching,
  type Permission,
  type PolicyRule,
  rulesOf,
  rulesOfRole,
} from '../../src/engine/rbac.ts';
import {idsOf} from './fix.ts';

export const rbacKinds = ['RoleBinding', 'ClusterRoleBinding', 'Role', 'ClusterRole'] as const;
export const rbac = 'rbac.authorization.k8s.io';

/** Counts grants whose role exists: a binding to nothing grants nothing. */
export const overGrants = {
  kinds: ['Grant'],
  counts: (resource: Resource, view: View): boolean =>
    rulesOfRole(grantOf(resource).role, view) !== undefined,
};

const called = ({kind, namespace, name}: {kind: string; namespace: string; name: string}): string =>
  `${kind} ${namespace ? `${namespace}/` : ''}${name}`;

/** One finding for each rule of the grant's role that gives the permission. */
export function* grantFindings<Id extends string>(
  message: Id,
  resource: Resource,
  view: View,
  wanted: Permission,
): Iterable<Finding<Id>> {
  const {subject, role, binding} = grantOf(resource);
  for (const [index, rule] of (rulesOfRole(role, view) ?? []).entries()) {
    const found = matching(rule, wanted);
    if (found === undefined) continue;
    yield {
      message,
      path: ['role', 'rules', index],
      found: `${found.verbs.join(', ')} on ${found.resources.join(', ')}`,
      data: {
        subject: called(subject),
        role: called(role),
        binding: called(binding),
        where: binding.namespace ? `namespace ${binding.namespace}` : 'every namespace',
      },
    };
  }
}

/** Whether the API server makes the object by itself, and puts it back when it starts. */
export const isBuiltIn = (object: JsonObject): boolean =>
  labelsOf(object)['kubernetes.io/bootstrapping'] === 'rbac-defaults';

/** The binding of a grant, which on disk may have a namesake. */
const bindingOf = ({binding}: Grant, view: View): Resource | undefined =>
  view.list(binding.kind, binding.namespace).find(({key}) => key === binding.key);

const roleQuestion = (grant: Grant, choices: readonly string[]): Question => ({
  id: `role for ${called(grant.subject)} instead of ${grant.role.name} in ${called(grant.binding)}`,
  label: `role for ${grant.subject.name}`,
  type: 'choice',
  choices,
  reason: 'what it needs is not in the API: its audit log, or whoever runs it, can tell',
});

/** ClusterRoles that allow no more than the grant's own role, and not what the control forbids. */
function narrowerRoles(grant: Grant, view: View, forbidden: Permission): readonly string[] {
  const own = rulesOfRole(grant.role, view) ?? [];
  const isBad = (rules: readonly PolicyRule[]) => rules.some((rule) => matching(rule, forbidden));
  const isNarrower = (rules: readonly PolicyRule[]) =>
    rules.length > 0 && !isBad(rules) && covers(own, rules);
  const found = view
    .list('ClusterRole')
    .filter(({name, object}) => !name.startsWith('system:') && isNarrower(rulesOf(object)))
    .map(({name}) => name);
  // Manifests name them without holding them: every API server has them.
  const isUnseen = (name: string) => view.get('ClusterRole', '', name) === undefined;
  const everything = {
    apiGroups: ['*'],
    resources: ['*'],
    verbs: ['*'],
    resourceNames: [],
    nonResourceURLs: [],
  };
  const brought = covers(own, [everything])
    ? ['view', 'edit', 'admin'].filter(
        (name) =>
          isUnseen(name) && !isBad(rulesOfRole({kind: 'ClusterRole', namespace: '', name}, view) ?? []),
      )
    : [];
  const usual = ['view', 'edit', 'admin'];
  const rank = (name: string) => (usual.includes(name) ? usual.indexOf(name) : usual.length);
  return [...found, ...brought].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

/** Path of a subject in its binding by what tells it apart; undefined where only its position would. */
function subjectPath(binding: Resource, grant: Grant): Path | undefined {
  const subjects = asArray(binding.object.subjects).map(asObject);
  const own = subjects[grant.subjectIndex];
  const key = ['name', 'namespace'].find(
    (field) => own?.[field] !== undefined && subjects.filter((one) => one[field] === own[field]).length === 1,
  );
  return key === undefined ? undefined : ['subjects', element(key, asString(own?.[key]))];
}

type Narrowing = {readonly approach: string; readonly summary: string; readonly namespace: string};

/** Binds the subject to a role that a person picks, first; then the subject leaves the old binding. */
function narrow(
  meta: ControlMeta,
  failure: Failure,
  view: View,
  forbidden: Permission,
  {approach, summary, namespace}: Narrowing,
): readonly Fix[] {
  const grant = grantOf(failure.resource);
  const binding = bindingOf(grant, view);
  if (binding === undefined || isBuiltIn(binding.object)) return [];
  const path = subjectPath(binding, grant);
  const choices = narrowerRoles(grant, view, forbidden);
  if (path === undefined || choices.length === 0) return [];
  const kind = namespace ? 'RoleBinding' : 'ClusterRoleBinding';
  const name = `${grant.binding.name}-${grant.subject.name}`.replace(/[/%]/g, '-');
  const ask = roleQuestion(grant, choices);
  const subject = asObject(asArray(binding.object.subjects)[grant.subjectIndex]);
  const steps: readonly Step[] = [
    {
      do: 'create',
      id: objectId(kind, namespace, name),
      object: {
        base: {
          apiVersion: `${rbac}/v1`,
          kind,
          metadata: namespace ? {name, namespace} : {name},
          roleRef: {apiGroup: rbac, kind: 'ClusterRole'},
          subjects: [subject],
        },
        edits: [{op: 'set', path: ['roleRef', 'name'], value: {ask}}],
      },
    },
    {do: 'edit', object: bindingRef(binding), edits: [{op: 'remove', path}]},
  ];
  const change: Change = {id: `${meta.id} ${approach} ${failure.resource.key}`, steps};
  return [
    {
      approach,
      summary,
      kind: 'review',
      scope: namespace ? 'namespace' : 'cluster',
      change,
      clears: idsOf(meta, failure),
      asks: [ask],
      consequence: `${called(grant.subject)} may do only what the new role allows${namespace ? ` in namespace ${namespace}` : ''}: whatever else it did with ${called(grant.role)} is refused. Make sure that it is not the access that you work with yourself.`,
    },
  ];
}

const bindingRef = ({apiVersion, kind, namespace, name, key, id}: Resource): Ref =>
  key === id ? {apiVersion, kind, namespace, name} : {apiVersion, kind, namespace, name, key};

/** The ways to take a permission from a grant's subject, and the steps to find out what it needs. */
export function grantFixes(
  meta: ControlMeta,
  failures: readonly Failure[],
  view: View,
  forbidden: Permission,
): readonly Fix[] {
  const inOwnNamespace = failures.flatMap((failure) => {
    const {subject, binding} = grantOf(failure.resource);
    if (subject.kind !== 'ServiceAccount' || binding.namespace) return [];
    return narrow(meta, failure, view, forbidden, {
      approach: 'a narrower role in its own namespace',
      summary:
        'binds it to the role that you pick, in its namespace only, then takes it out of the old binding',
      namespace: subject.namespace,
    });
  });
  const where = failures.flatMap((failure) =>
    narrow(meta, failure, view, forbidden, {
      approach: 'a narrower role',
      summary: 'binds it to the role that you pick, then takes it out of the old binding',
      namespace: grantOf(failure.resource).binding.namespace,
    }),
  );
  return [...where, ...inOwnNamespace, ...failures.map((failure) => byHand(meta, failure, view))];
}

/** How `kubectl auth can-i` names the subject. */
function asSubject({kind, namespace, name}: Grant['subject']): string {
  if (kind === 'ServiceAccount') return `--as=system:serviceaccount:${namespace}:${name}`;
  return kind === 'Group' ? `--as=nobody --as-group=${name}` : `--as=${name}`;
}

function byHand(meta: ControlMeta, {resource}: Failure, view: View): Fix {
  const grant = grantOf(resource);
  const {subject, binding} = grant;
  const found = bindingOf(grant, view);
  const isServers = found !== undefined && isBuiltIn(found.object);
  const user =
    subject.kind === 'ServiceAccount'
      ? `system:serviceaccount:${subject.namespace}:${subject.name}`
      : subject.name;
  const select =
    subject.kind === 'Group'
      ? `.user.groups[]? == ${JSON.stringify(user)}`
      : `.user.username == ${JSON.stringify(user)}`;
  const scope = binding.namespace ? ` -n ${binding.namespace}` : '';
  const verify = `Verify: kubectl auth can-i --list ${asSubject(subject)}${scope}`;
  const steps = isServers
    ? [
        `${called(binding)} belongs to the API server, which puts it back when it starts: leave it.`,
        `Instead give nobody a certificate or token of ${called(subject)}; look for them with: kubectl get csr, and in the kubeconfig files that were handed out.`,
        verify,
      ]
    : [
        `See what ${called(subject)} really does, in the audit log: jq -r 'select(${select}) | [.verb, .objectRef.apiGroup // "", .objectRef.resource, .objectRef.namespace // ""] | @tsv' audit.log | sort | uniq -c`,
        `Write a role with that and nothing more, and bind it: kubectl create ${binding.namespace ? 'role' : 'clusterrole'} NAME --verb=... --resource=...${scope}, then kubectl create ${binding.kind.toLowerCase()} NAME ...${scope}`,
        `Only then take ${called(subject)} out of ${called(binding)}: kubectl edit ${binding.kind.toLowerCase()} ${binding.name}${scope}`,
        verify,
      ];
  return {
    approach: 'from what it uses',
    summary: 'finds out what it does, then writes a role for just that',
    kind: 'manual',
    scope: 'object',
    change: {id: `${meta.id} from what it uses ${resource.key}`, steps: []},
    clears: [],
    asks: [],
    steps,
  };
}
