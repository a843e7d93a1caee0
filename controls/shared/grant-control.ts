import {type Control, type ControlMeta, defineControl} from '../../src/engine/control.ts';
import type {Permission} from '../../src/engine/rbac.ts';
import {grantFindings, grantFixes, overGrants, rbacKinds} from './grants.ts';

type GrantControl = Pick<ControlMeta, 'id' | 'title' | 'baseScore'> & {
  readonly permission: Permission;
  /** The finding, with {subject}, {where}, {role} and {found}. */
  readonly message: string;
};

/** A control about who has a permission. */
export const grantControl = ({
  id,
  title,
  baseScore,
  permission,
  message,
}: GrantControl): Control<'granted'> => {
  const meta: ControlMeta<'granted'> = {
    id,
    title,
    practice: 'rbac',
    baseScore,
    needs: rbacKinds,
    messages: {granted: message},
    references: [
      'Kubernetes Hardening Guidance, Authentication and authorization: Role-based access control',
      'https://kubernetes.io/docs/concepts/security/rbac-good-practices/',
    ],
  };
  return defineControl({
    meta,
    ...overGrants,
    check: (resource, view) => grantFindings('granted', resource, view, permission),
    fixes: (failures, view) => grantFixes(meta, failures, view, permission),
  });
};
