import {expect, it} from 'vitest';
import {c0034} from '../../controls/c-0034.ts';
import type {AnyControl} from '../../src/engine/control.ts';
import {Scanner} from '../../src/engine/scan.ts';
import {frameworkOf, inventoryOf, testControl} from '../helpers/test-control.ts';

const account = (name: string, fields = ''): string => `
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: ${name}, namespace: shop}
${fields}
`;

const web = (spec: string): string => `
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {spec: ${spec}}}
`;

const viewer = `
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: view, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: ServiceAccount, name: api}]
`;

const off = 'automountServiceAccountToken: false';

testControl(c0034, [
  {
    name: 'fails at a workload that says nothing, and counts the ServiceAccount without judging it',
    objects: web('{serviceAccountName: api, containers: []}') + account('api'),
    counted: 2,
    findings: ['Deployment/shop/web spec.template.spec.automountServiceAccountToken: not set'],
    fixed: [
      {approach: 'at the ServiceAccount', objects: account('api', off), leaves: []},
      {
        approach: 'at the workload',
        objects: web('{serviceAccountName: api, containers: [], automountServiceAccountToken: false}'),
        leaves: [],
      },
    ],
  },
  {
    name: 'passes where the account says false',
    objects: web('{serviceAccountName: api, containers: []}') + account('api', off),
    counted: 2,
    findings: [],
  },
  {
    name: 'fails where the workload says true, which wins over the account',
    objects:
      web('{serviceAccountName: api, automountServiceAccountToken: true, containers: []}') +
      account('api', off),
    findings: ['Deployment/shop/web spec.template.spec.automountServiceAccountToken: true'],
    fixed: [
      {
        approach: 'at the workload',
        objects: web('{serviceAccountName: api, automountServiceAccountToken: false, containers: []}'),
      },
    ],
  },
  {
    name: 'passes where the workload says false, which wins over the account',
    objects:
      web('{serviceAccountName: api, automountServiceAccountToken: false, containers: []}') +
      account('api', 'automountServiceAccountToken: true'),
    findings: [],
  },
  {
    name: 'takes the account default where none is named, and fails where that account is not there',
    objects: web('{containers: []}'),
    counted: 1,
    findings: ['Deployment/shop/web spec.template.spec.automountServiceAccountToken: not set'],
  },
  {
    name: 'does not take a namesake of another namespace for the account',
    objects: `${web('{serviceAccountName: api, containers: []}')}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: api, namespace: other}
automountServiceAccountToken: false
`,
    findings: ['Deployment/shop/web spec.template.spec.automountServiceAccountToken: not set'],
  },
  {
    name: 'clears at the account every workload that uses it, but one that says true',
    objects: `${web('{serviceAccountName: api, containers: []}') + account('api') + viewer}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec: {template: {spec: {serviceAccountName: api, automountServiceAccountToken: true, containers: []}}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: tidy, namespace: shop}
spec: {jobTemplate: {spec: {template: {spec: {serviceAccount: api, containers: []}}}}}
`,
    findings: [
      'CronJob/shop/tidy spec.jobTemplate.spec.template.spec.automountServiceAccountToken: not set',
      'Deployment/shop/web spec.template.spec.automountServiceAccountToken: not set',
      'StatefulSet/shop/db spec.template.spec.automountServiceAccountToken: true',
    ],
    fixed: [
      {
        approach: 'at the ServiceAccount',
        objects: account('api', off),
        leaves: ['StatefulSet/shop/db spec.template.spec.automountServiceAccountToken: true'],
      },
      {
        approach: 'at the workload',
        objects: `
apiVersion: batch/v1
kind: CronJob
metadata: {name: tidy, namespace: shop}
spec: {jobTemplate: {spec: {template: {spec: {serviceAccount: api, containers: [], automountServiceAccountToken: false}}}}}
${web('{serviceAccountName: api, containers: [], automountServiceAccountToken: false}')}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec: {template: {spec: {serviceAccountName: api, automountServiceAccountToken: false, containers: []}}}
`,
      },
    ],
  },
  {
    name: 'takes an object on disk without namespace to be in default',
    objects: `
apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: []}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: default, namespace: default}
automountServiceAccountToken: false
`,
    findings: [],
  },
]);

const control: AnyControl = c0034;
const kinds = (objects: string, change = (_: ReturnType<typeof inventoryOf>) => {}): readonly string[] => {
  const inventory = inventoryOf(objects);
  change(inventory);
  const [result] = new Scanner(frameworkOf(c0034), inventory).scan().controls;
  return [...control.fixes(result!.failures, inventory)].map(({approach, kind}) => `${approach}: ${kind}`);
};
const plain = web('{serviceAccountName: api, containers: []}') + account('api');

it('is automatic where no role is bound to the account', () => {
  expect(kinds(plain)).toEqual(['at the ServiceAccount: automatic', 'at the workload: automatic']);
});

it('wants a review where a role is bound to the account', () => {
  expect(kinds(plain + viewer)).toEqual(['at the ServiceAccount: review', 'at the workload: review']);
});

it('wants a review where a person bound a role to all accounts of the namespace, not where Kubernetes binds its own', () => {
  const bound = (role: string) =>
    viewer
      .replace('name: view}', `name: ${role}}`)
      .replace('{kind: ServiceAccount, name: api}', '{kind: Group, name: "system:serviceaccounts:shop"}')
      .replace('ClusterRole, name: view', `ClusterRole, name: ${role}`);
  expect(kinds(plain + bound('view'))[0]).toBe('at the ServiceAccount: review');
  expect(kinds(plain + bound('"system:service-account-issuer-discovery"'))[0]).toBe(
    'at the ServiceAccount: automatic',
  );
});

it('wants a review where the bindings could not be read', () => {
  expect(kinds(plain, (inventory) => inventory.setGap('RoleBinding', {reason: 'Forbidden.'}))[0]).toBe(
    'at the ServiceAccount: review',
  );
});
