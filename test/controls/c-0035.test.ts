import {c0035} from '../../controls/c-0035.ts';
import {testControl} from '../helpers/test-control.ts';

const admin = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: boss}
rules:
- {apiGroups: ["*"], resources: ["*"], verbs: ["*"]}
`;
const reader = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader}
rules:
- {apiGroups: [""], resources: [pods], verbs: [get, list]}
`;
const clusterBinding = (role: string, subjects: string) => `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: bind}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${role}}
subjects: ${subjects}
`;
const bob = '{apiGroup: rbac.authorization.k8s.io, kind: User, name: bob}';
const alice = '{apiGroup: rbac.authorization.k8s.io, kind: User, name: alice}';
const robot = '{kind: ServiceAccount, name: robot, namespace: ci}';
const ask = (subject: string, name: string) =>
  `role for ${subject} instead of ${name} in ClusterRoleBinding bind`;

testControl(c0035, [
  {
    name: 'fails for every subject of a binding to everything, and moves one to the role that was picked',
    objects: [admin, reader, clusterBinding('boss', `[${alice}, ${bob}]`)].join('---'),
    counted: 2,
    findings: [
      'User//alice + ClusterRole//boss + ClusterRoleBinding//bind role.rules[0]: * on *',
      'User//bob + ClusterRole//boss + ClusterRoleBinding//bind role.rules[0]: * on *',
    ],
    fixed: [
      {
        approach: 'a narrower role',
        answers: {[ask('User alice', 'boss')]: 'reader', [ask('User bob', 'boss')]: 'view'},
        objects: `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: bind-alice}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
subjects: [${alice}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: bind-bob}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [${bob}]
---
${clusterBinding('boss', '[]')}
`,
        leaves: [],
      },
    ],
    manual: ['from what it uses'],
  },
  {
    name: 'keeps a ServiceAccount to its own namespace where that is enough',
    objects: [admin, reader, clusterBinding('boss', `[${robot}]`)].join('---'),
    findings: [
      'ServiceAccount/ci/robot + ClusterRole//boss + ClusterRoleBinding//bind role.rules[0]: * on *',
    ],
    fixed: [
      {
        approach: 'a narrower role',
        answers: {[ask('ServiceAccount ci/robot', 'boss')]: 'reader'},
        objects: `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: bind-robot}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
subjects: [${robot}]
---
${clusterBinding('boss', '[]')}
`,
      },
      {
        approach: 'a narrower role in its own namespace',
        answers: {[ask('ServiceAccount ci/robot', 'boss')]: 'reader'},
        objects: `
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: bind-robot, namespace: ci}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
subjects: [${robot}]
---
${clusterBinding('boss', '[]')}
`,
        leaves: [],
      },
    ],
    manual: ['from what it uses'],
  },
  {
    name: 'passes for every verb on one resource, and for every resource of another group',
    objects: `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: wide}
rules:
- {apiGroups: [""], resources: [pods], verbs: ["*"]}
- {apiGroups: [apps], resources: ["*"], verbs: ["*"]}
- {apiGroups: ["*"], resources: ["*"], verbs: [get, list, watch]}
---
${clusterBinding('wide', `[${bob}]`)}`,
    counted: 1,
    findings: [],
  },
  {
    name: 'fails in one namespace, and offers by hand only what it can not know: no existing role is narrower',
    objects: `
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: owner, namespace: shop}
rules:
- {apiGroups: [""], resources: ["*"], verbs: ["*"]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: deployer}
rules:
- {apiGroups: [apps], resources: [deployments], verbs: [patch]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: bind, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: owner}
subjects: [${bob}]
`,
    findings: ['User//bob + Role/shop/owner + RoleBinding/shop/bind role.rules[0]: * on *'],
    manual: ['from what it uses'],
  },
  {
    name: 'leaves what the API server puts back by itself to the hand',
    objects: `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: bind, labels: {kubernetes.io/bootstrapping: rbac-defaults}}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: boss}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:masters"}]
---${admin}---${reader}`,
    findings: ['Group//system:masters + ClusterRole//boss + ClusterRoleBinding//bind role.rules[0]: * on *'],
    manual: ['from what it uses'],
  },
  {
    name: 'knows the ClusterRole cluster-admin where manifests only name it, and counts no grant of an unknown role',
    objects: `${clusterBinding('cluster-admin', `[${bob}]`)}---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: other}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: elsewhere}
subjects: [${bob}]`,
    counted: 1,
    findings: ['User//bob + ClusterRole//cluster-admin + ClusterRoleBinding//bind role.rules[0]: * on *'],
  },
  {
    name: 'joins a Role with bindings of its own namespace only',
    objects: `
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: owner, namespace: shop}
rules:
- {apiGroups: ["*"], resources: ["*"], verbs: ["*"]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: bind, namespace: other}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: owner}
subjects: [${bob}]
`,
    counted: 0,
    findings: [],
  },
]);
