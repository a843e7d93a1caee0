import type {Edit, Fix} from '../src/engine/change.ts';
import {type ControlMeta, defineControl, type Failure, type View} from '../src/engine/control.ts';
import {grantOf} from '../src/engine/derive.ts';
import {asArray, asObject, type JsonObject} from '../src/engine/json.ts';
import {describe, labelsOf, type Resource, refOf} from '../src/engine/objects.ts';
import {matching, rulesOf} from '../src/engine/rbac.ts';
import {idsOf, set} from './shared/fix.ts';
import {grantFindings, grantFixes, isBuiltIn, overGrants, rbacKinds} from './shared/grants.ts';

const exec = {verbs: ['create', '*'], apiGroups: ['', '*'], resources: ['pods/exec', 'pods/*', '*']};

const meta = {
  id: 'C-0002',
  title: 'Prevent containers from allowing command execution',
  practice: 'rbac',
  baseScore: 5,
  needs: rbacKinds,
  messages: {
    exec: '{subject} may run commands in the containers of {where}: {role} allows {found}. Take pods/exec away unless it debugs there.',
  },
  references: [
    'Kubernetes Hardening Guidance, Authentication and authorization: Role-based access control',
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/',
  ],
} satisfies ControlMeta;

export const c0002 = defineControl({
  meta,
  ...overGrants,
  check: (resource, view) => grantFindings('exec', resource, view, exec),
  fixes: (failures, view) => [...atRoles(failures, view), ...grantFixes(meta, failures, view, exec)],
});

/** One fix for each role that names pods/exec beside what else it allows, with all grants that it serves. */
function atRoles(failures: readonly Failure[], view: View): readonly Fix[] {
  const grants = new Map<Resource, Failure[]>();
  for (const failure of failures) {
    const {kind, namespace, name} = grantOf(failure.resource).role;
    const role = view.get(kind, namespace, name);
    if (role) grants.set(role, [...(grants.get(role) ?? []), failure]);
  }
  return [...grants].flatMap(([role, served]) => atRole(role, served));
}

const isFilledIn = (role: JsonObject): boolean =>
  role.aggregationRule !== undefined ||
  Object.keys(labelsOf(role)).some((key) => key.startsWith('rbac.authorization.k8s.io/aggregate-to-'));

function atRole(role: Resource, served: readonly Failure[]): readonly Fix[] {
  const edits = withoutExec(role.object);
  if (isBuiltIn(role.object) || isFilledIn(role.object) || edits === undefined) return [];
  const subjects = served.map(({resource}) => grantOf(resource).subject.name).join(', ');
  const approach = 'pods/exec out of the role';
  return [
    {
      approach,
      summary: 'leaves the role and its bindings, without pods/exec',
      kind: 'review',
      scope: role.namespace ? 'namespace' : 'cluster',
      change: {
        id: `${meta.id} ${approach} ${role.key}`,
        steps: [{do: 'edit', object: refOf(role), edits}],
      },
      clears: served.flatMap((failure) => idsOf(meta, failure)),
      asks: [],
      consequence: `kubectl exec and cp are refused to whoever has ${describe(role)} (${subjects}); a program that execs into pods by itself fails.`,
    },
  ];
}

/** The edits that take pods/exec out of every rule; undefined where a wildcard gives it. */
function withoutExec(role: JsonObject): readonly Edit[] | undefined {
  const rules = rulesOf(role);
  const found = rules.map((rule) => matching(rule, exec));
  if (found.some((one) => one?.resources.some((resource) => resource !== 'pods/exec'))) return undefined;
  const left = rules.map(({resources}, index) =>
    found[index] ? resources.filter((resource) => resource !== 'pods/exec') : resources,
  );
  // A rule without resources is refused: it goes, and with it the positions of those behind it.
  if (left.some((resources, index) => found[index] && resources.length === 0)) {
    const kept = asArray(role.rules).flatMap((rule, index) => {
      if (!found[index]) return [rule];
      return left[index]!.length === 0 ? [] : [{...asObject(rule), resources: left[index]!}];
    });
    return [set(['rules'], kept)];
  }
  return left.flatMap((resources, index) =>
    found[index] ? [set(['rules', index, 'resources'], resources)] : [],
  );
}
