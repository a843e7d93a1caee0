import {type ControlMeta, defineControl} from '../src/engine/control.ts';
import {grantFindings, grantFixes, overGrants, rbacKinds} from './shared/grants.ts';

const everything = {verbs: ['*'], apiGroups: ['', '*'], resources: ['*']};

const meta = {
  id: 'C-0035',
  title: 'Administrative Roles',
  practice: 'rbac',
  baseScore: 6,
  needs: rbacKinds,
  messages: {
    administrator:
      '{subject} may do everything in {where}: {role} allows {found}. Bind it to a role with what it needs.',
  },
  references: [
    'Kubernetes Hardening Guidance, Authentication and authorization: Role-based access control',
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/',
  ],
} satisfies ControlMeta;

export const c0035 = defineControl({
  meta,
  ...overGrants,
  check: (resource, view) => grantFindings('administrator', resource, view, everything),
  fixes: (failures, view) => grantFixes(meta, failures, view, everything),
});
