import {c0034of2021} from '../../controls/c-0034-2021.ts';
import {testControl} from '../helpers/test-control.ts';

const account = (name: string, namespace: string, fields = ''): string => `
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: ${name}, namespace: ${namespace}}
${fields}
`;
const off = 'automountServiceAccountToken: false';
const web = (fields: string): string => `
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {spec: {serviceAccountName: api, containers: []${fields}}}}
`;
const bound = `
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: api}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: ServiceAccount, name: api, namespace: shop}]
`;

testControl(c0034of2021, [
  {
    name: 'fails at an account that says nothing, and looks at no workload',
    objects: account('default', 'shop') + web(''),
    counted: 1,
    findings: ['ServiceAccount/shop/default automountServiceAccountToken: not set'],
    fixed: [{approach: 'at the ServiceAccount', objects: account('default', 'shop', off), leaves: []}],
  },
  {
    name: 'fails at true',
    objects: account('default', 'shop', 'automountServiceAccountToken: true'),
    findings: ['ServiceAccount/shop/default automountServiceAccountToken: true'],
    fixed: [{approach: 'at the ServiceAccount', objects: account('default', 'shop', off)}],
  },
  {name: 'passes at false', objects: account('default', 'shop', off), counted: 1, findings: []},
  {
    name: 'offers an explicit true at the workloads of an account that has roles',
    objects: account('api', 'shop') + web('') + bound,
    findings: ['ServiceAccount/shop/api automountServiceAccountToken: not set'],
    fixed: [
      {approach: 'at the ServiceAccount', objects: account('api', 'shop', off), leaves: []},
      {
        approach: 'at the ServiceAccount, true at its pods',
        objects: web(', automountServiceAccountToken: true') + account('api', 'shop', off),
        leaves: [],
      },
    ],
  },
  {
    name: 'does not offer it where a workload says itself what it wants',
    objects: account('api', 'shop') + web(', automountServiceAccountToken: true') + bound,
    findings: ['ServiceAccount/shop/api automountServiceAccountToken: not set'],
    fixed: [{approach: 'at the ServiceAccount', objects: account('api', 'shop', off)}],
  },
]);
