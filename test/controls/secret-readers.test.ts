import {secretReaders} from '../../controls/secret-readers.ts';
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

testControl(secretReaders, [
  {
    name: 'fails for who may',
    objects: granted("apiGroups: [''], resources: [secrets], verbs: [get]"),
    counted: 1,
    findings: [`${grant}: get on secrets`],
    manual: ['from what it uses'],
  },
  {
    name: 'passes for who may do less',
    objects: granted("apiGroups: [''], resources: [configmaps], verbs: [get]"),
    counted: 1,
    findings: [],
  },
  {
    name: 'fails for a role whose label claims that it only reads',
    objects: granted("apiGroups: [''], resources: [secrets], verbs: [get]", '{access: read-only}'),
    findings: [`${grant}: get on secrets`],
  },
]);
