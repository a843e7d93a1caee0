import {grantControl} from './shared/grant-control.ts';

export const escalationRights = grantControl({
  id: 'escalation-rights',
  title: 'Who may raise rights',
  baseScore: 8,
  permission: {
    verbs: ['escalate', 'bind', 'impersonate', '*'],
    apiGroups: ['', '*', 'rbac.authorization.k8s.io'],
    resources: ['roles', 'clusterroles', 'users', 'groups', 'serviceaccounts', '*'],
  },
  message:
    '{subject} may give itself any right in {where}: {role} allows {found}. Take escalate, bind and impersonate away.',
});
