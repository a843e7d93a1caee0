import {escalationRights} from '../../controls/escalation-rights.ts';
import {testControl} from '../helpers/test-control.ts';

const granted = (rule: string, labels = '{}'): string => `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: worker, labels: ${labels}}
rules: [{${rule}}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: worker, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: worker}
subjects: [{kind: ServiceAccount, name: web, namespace: shop}]
`;
const grant = 'ServiceAccount/shop/web + ClusterRole//worker + RoleBinding/shop/worker role.rules[0]';

testControl(escalationRights, [
  {
    name: 'fails for who may',
    objects: granted('apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind]'),
    counted: 1,
    findings: [`${grant}: bind on clusterroles`],
    manual: ['from what it uses'],
  },
  {
    name: 'passes for who may do less',
    objects: granted('apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [get]'),
    counted: 1,
    findings: [],
  },
  {
    name: 'fails for a role whose label claims that it only reads',
    objects: granted(
      'apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind]',
      '{access: read-only}',
    ),
    findings: [`${grant}: bind on clusterroles`],
  },
]);
