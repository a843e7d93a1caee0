import {wildcardRoles} from '../../controls/wildcard-roles.ts';
import {testControl} from '../helpers/test-control.ts';

const role = (rule: string, labels = '{}'): string => `
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: worker, namespace: shop, labels: ${labels}}
rules: [{${rule}}]
`;

testControl(wildcardRoles, [
  {
    name: 'fails at each rule with a star',
    objects: role("apiGroups: [apps], resources: ['*'], verbs: [get, '*']"),
    findings: ['Role/shop/worker rules[0]: * as verbs, resources'],
    manual: ['by name instead of stars'],
  },
  {
    name: 'passes where all is named',
    objects: role("apiGroups: [''], resources: [pods], verbs: [get]"),
    counted: 1,
    findings: [],
  },
  {
    name: 'does not count what the API server brings',
    objects: role(
      "apiGroups: ['*'], resources: ['*'], verbs: ['*']",
      '{kubernetes.io/bootstrapping: rbac-defaults}',
    ),
    counted: 0,
    findings: [],
  },
  {
    name: 'fails at a role whose label claims least privilege',
    objects: role("apiGroups: [''], resources: [pods], verbs: ['*']", '{least-privilege: enforced}'),
    findings: ['Role/shop/worker rules[0]: * as verbs'],
  },
]);
