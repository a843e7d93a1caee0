import {c0002} from '../../controls/c-0002.ts';
import {testControl} from '../helpers/test-control.ts';

const role = (rules: string, name = 'execr') => `
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: ${name}, namespace: shop}
rules: ${rules}
`;
const binding = (subjects = '[{apiGroup: rbac.authorization.k8s.io, kind: User, name: eve}]') => `
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: execb, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: execr}
subjects: ${subjects}
`;
const grant = 'User//eve + Role/shop/execr + RoleBinding/shop/execb';

testControl(c0002, [
  {
    name: 'fails for create on pods/exec, and leaves a role that grants nothing else empty',
    objects: `${role('[{apiGroups: [""], resources: [pods/exec], verbs: [create]}]')}---${binding()}`,
    counted: 1,
    findings: [`${grant} role.rules[0]: create on pods/exec`],
    fixed: [{approach: 'pods/exec out of the role', objects: role('[]'), leaves: []}],
    manual: ['from what it uses'],
  },
  {
    name: 'takes pods/exec alone out of a rule, for everyone who has the role',
    objects: `${role('[{apiGroups: [""], resources: [pods, pods/exec, pods/log], verbs: [get, create]}, {apiGroups: [apps], resources: [deployments], verbs: [get]}]')}---${binding(
      '[{kind: User, name: eve, apiGroup: rbac.authorization.k8s.io}, {kind: ServiceAccount, name: bot}]',
    )}`,
    counted: 2,
    findings: [
      'ServiceAccount/shop/bot + Role/shop/execr + RoleBinding/shop/execb role.rules[0]: create on pods/exec',
      `${grant} role.rules[0]: create on pods/exec`,
    ],
    fixed: [
      {
        approach: 'pods/exec out of the role',
        objects: role(
          '[{apiGroups: [""], resources: [pods, pods/log], verbs: [get, create]}, {apiGroups: [apps], resources: [deployments], verbs: [get]}]',
        ),
        leaves: [],
      },
    ],
    manual: ['from what it uses'],
  },
  {
    name: 'fails for wildcards, where only the binding can be changed',
    objects: `${role('[{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]')}---${binding()}---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: view}
rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: edit}
rules: [{apiGroups: [""], resources: [pods/exec], verbs: [create]}]
`,
    findings: [`${grant} role.rules[0]: * on *`],
    fixed: [
      {
        approach: 'a narrower role',
        answers: {'role for User eve instead of execr in RoleBinding shop/execb': 'view'},
        objects: `
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: execb-eve, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: eve}]
---
${binding('[]')}`,
        leaves: [],
      },
    ],
    manual: ['from what it uses'],
  },
  {
    name: 'passes for reading pods, and for create on pods/exec of another API group',
    objects: `${role('[{apiGroups: [""], resources: [pods, pods/exec], verbs: [get, list]}, {apiGroups: [other.io], resources: [pods/exec], verbs: [create]}]')}---${binding()}`,
    counted: 1,
    findings: [],
  },
  {
    name: 'knows that the ClusterRole edit of every API server allows exec, where manifests only name it',
    objects: `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: edit}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: developers}]
`,
    counted: 1,
    findings: [
      'Group//developers + ClusterRole//edit + ClusterRoleBinding//edit role.rules[0]: create on pods/exec',
    ],
    manual: ['from what it uses'],
  },
  {
    name: 'joins roles and bindings of one namespace, not by name across namespaces',
    objects: `${role('[{apiGroups: [""], resources: [pods/exec], verbs: [create]}]')}---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: execr, namespace: other}
rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: execb, namespace: other}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: execr}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: eve}]
`,
    counted: 1,
    findings: [],
  },
]);
