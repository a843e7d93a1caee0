import {changedTo, deployment, testImpact} from './impacts.ts';

const account = (more = ''): string => `
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: home}${more}
---`;
const off = account('\nautomountServiceAccountToken: false');
const spec = (more = ''): string =>
  `{serviceAccountName: web, ${more}containers: [{name: main, image: "x:1"}]}`;
const grant = `
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: web, namespace: home}
subjects: [{kind: ServiceAccount, name: web, namespace: home}]
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
---`;
const keeps = 'look: Pod web-1-a keeps its token until it restarts.';

testImpact('tokens', [
  {
    name: 'without a role the token opens nothing; who runs keeps it',
    now: account() + deployment('web', spec()),
    later: off,
    remarks: [keeps, 'passed: No role is bound to web: its token opens nothing.'],
  },
  {
    name: 'with a role its pods likely need it',
    now: account() + deployment('web', spec()) + grant,
    later: off,
    remarks: [
      'look: 1 role (reader) is bound to web: Deployment home/web likely calls the API server, and loses the token at the next start. Where it is needed, set automountServiceAccountToken: true at the pod.',
      keeps,
    ],
  },
  {
    name: 'a pod that asks for its token itself keeps it',
    now: account() + deployment('web', spec('automountServiceAccountToken: true, ')) + grant,
    later: off,
    remarks: ['look: 1 role (reader) is bound to web, but no workload that is known here mounts its token.'],
  },
  {
    name: 'an account that was off already loses nothing',
    now: off + deployment('web', spec()) + grant,
    later: off,
    remarks: ['passed: Nothing that runs now is touched by it.'],
  },
  {
    name: 'a role of another account is none of its business',
    now: account() + grant.replace('{kind: ServiceAccount, name: web', '{kind: ServiceAccount, name: other'),
    later: off,
    remarks: ['passed: No role is bound to web: its token opens nothing.'],
  },
  {
    name: 'off at the workload is judged by its account',
    now: account() + deployment('web', spec()) + grant,
    later: changedTo('web', spec('automountServiceAccountToken: false, ')),
    remarks: [
      'look: 1 role (reader) is bound to web: Deployment home/web likely calls the API server, and loses the token at the next start. Where it is needed, set automountServiceAccountToken: true at the pod.',
      'look: Deployment home/web restarts its pod; the old one serves until the new one is ready.',
    ],
  },
]);
