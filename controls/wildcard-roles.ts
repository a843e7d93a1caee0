import {type ControlMeta, defineControl} from '../src/engine/control.ts';
import {describe} from '../src/engine/objects.ts';
import {rulesOf} from '../src/engine/rbac.ts';
import {isBuiltIn} from './shared/grants.ts';
import {manualFix} from './shared/manual.ts';

const meta = {
  id: 'wildcard-roles',
  title: 'Roles with wildcards',
  practice: 'rbac',
  baseScore: 5,
  needs: ['Role', 'ClusterRole'],
  messages: {
    star: '{object} allows {found}: it grows with every kind and verb that anybody adds later. Name what is needed.',
  },
  references: [
    'Kubernetes Hardening Guidance, Authentication and authorization: Role-based access control',
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege',
  ],
} satisfies ControlMeta;

export const wildcardRoles = defineControl({
  meta,
  kinds: ['Role', 'ClusterRole'],
  counts: ({object}) => !isBuiltIn(object),
  *check(resource) {
    for (const [index, rule] of rulesOf(resource.object).entries()) {
      const stars = (['verbs', 'resources', 'apiGroups'] as const).filter((field) =>
        rule[field].includes('*'),
      );
      if (stars.length === 0) continue;
      yield {
        message: 'star',
        path: ['rules', index],
        found: `* as ${stars.join(', ')}`,
        data: {object: describe(resource)},
      };
    }
  },
  fixes: (failures) =>
    failures.map(({resource: {kind, namespace, name, key}}) => {
      const scope = namespace ? ` -n ${namespace}` : '';
      return manualFix(meta, key, {
        approach: 'by name instead of stars',
        summary: 'names the verbs and resources that are used',
        steps: [
          `See who has it: kubectl get rolebindings,clusterrolebindings -A -o json | jq -r '.items[] | select(.roleRef.name == "${name}") | .subjects'`,
          'Find what they use in the audit log: verb and objectRef of their requests, over a week with a release in it.',
          `Name just that: kubectl edit ${kind.toLowerCase()} ${name}${scope}`,
          `Verify: kubectl get ${kind.toLowerCase()} ${name}${scope} -o jsonpath='{.rules}' shows no "*", and what uses it still works.`,
        ],
      });
    }),
});
