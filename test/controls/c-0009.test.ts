import {expect, it} from 'vitest';
import {c0009} from '../../controls/c-0009.ts';
import type {AnyControl} from '../../src/engine/control.ts';
import {Scanner} from '../../src/engine/scan.ts';
import {frameworkOf, inventoryOf, testControl} from '../helpers/test-control.ts';

const web = (containers: string, more = ''): string => `
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {replicas: 2, template: {spec: {${more} containers: [${containers}]}}}
`;
const limitRange = (spec: string): string => `
---
apiVersion: v1
kind: LimitRange
metadata: {name: team, namespace: shop}
spec: {limits: [${spec}]}
`;
const pod = (spec: string, name = 'one'): string => `
---
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop}
spec: ${spec}
`;
/** A pod of Deployment web, through its ReplicaSet, and what its container uses. */
const measured = (cpu: string, memory: string): string => `
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: web-1, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1-a, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-1}]}
---
apiVersion: metrics.k8s.io/v1beta1
kind: PodMetrics
metadata: {name: web-1-a, namespace: shop}
containers: [{name: web, usage: {cpu: ${cpu}, memory: ${memory}}}]
`;
const at = 'Deployment/shop/web spec.template.spec.containers[0].resources.limits';

testControl(c0009, [
  {
    name: 'fails without limits; the answers of the person become defaults of the namespace, or limits of the container',
    objects: web('{name: web, image: a}'),
    counted: 1,
    findings: [`${at}.cpu: not set`, `${at}.memory: not set`],
    fixed: [
      {
        approach: 'limits for the namespace',
        answers: {
          'namespace shop CPU limit': '500m',
          'namespace shop CPU request': '50m',
          'namespace shop memory limit': '256Mi',
          'namespace shop memory request': '64Mi',
          'namespace shop CPU quota': '2',
          'namespace shop memory quota': '1Gi',
        },
        objects: `
apiVersion: v1
kind: LimitRange
metadata: {name: kubekata-limits, namespace: shop}
spec:
  limits:
  - type: Container
    default: {cpu: 500m, memory: 256Mi}
    defaultRequest: {cpu: 50m, memory: 64Mi}
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: kubekata-quota, namespace: shop}
spec: {hard: {limits.cpu: "2", limits.memory: 1Gi}}
`,
        leaves: [],
      },
      {
        approach: 'at each container',
        answers: {
          'Deployment/shop/web web cpu limit': '500m',
          'Deployment/shop/web web memory limit': '256Mi',
        },
        objects: web('{name: web, image: a, resources: {limits: {cpu: 500m, memory: 256Mi}}}'),
        leaves: [],
      },
    ],
  },
  {
    name: 'passes with both limits',
    objects: web('{name: web, image: a, resources: {limits: {cpu: 500m, memory: 256Mi}}}'),
    findings: [],
  },
  {
    name: 'suggests what was measured, and half again or twice of it',
    objects: web('{name: web, image: a}') + measured('120m', '310Mi'),
    findings: [`${at}.cpu: not set`, `${at}.memory: not set`],
    fixed: [
      {
        approach: 'limits for the namespace',
        objects: `
apiVersion: v1
kind: LimitRange
metadata: {name: kubekata-limits, namespace: shop}
spec:
  limits:
  - type: Container
    default: {cpu: 500m, memory: 512Mi}
    defaultRequest: {cpu: 200m, memory: 384Mi}
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: kubekata-quota, namespace: shop}
spec: {hard: {limits.cpu: "2", limits.memory: 2Gi}}
`,
      },
      {
        approach: 'at each container',
        objects: web(
          '{name: web, image: a, resources: {limits: {cpu: 500m, memory: 768Mi}, requests: {cpu: 200m, memory: 384Mi}}}',
        ),
      },
    ],
  },
  {
    name: 'never suggests less than a request',
    objects:
      web('{name: web, image: a, resources: {requests: {cpu: 2, memory: 1Gi}}}') + measured('10m', '20Mi'),
    findings: [`${at}.cpu: not set`, `${at}.memory: not set`],
    fixed: [
      {
        approach: 'limits for the namespace',
        objects: `
apiVersion: v1
kind: LimitRange
metadata: {name: kubekata-limits, namespace: shop}
spec:
  limits:
  - type: Container
    default: {cpu: "2", memory: 1Gi}
    defaultRequest: {cpu: 10m, memory: 32Mi}
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: kubekata-quota, namespace: shop}
spec: {hard: {limits.cpu: "10", limits.memory: 4Gi}}
`,
      },
      {
        approach: 'at each container',
        objects: web(
          '{name: web, image: a, resources: {requests: {cpu: 2, memory: 1Gi}, limits: {cpu: "2", memory: 1Gi}}}',
        ),
      },
    ],
  },
  {
    name: 'passes by the default of a LimitRange, and fails where that is for one resource only',
    objects: web('{name: web, image: a}') + limitRange('{type: Container, default: {cpu: 500m}}'),
    findings: [`${at}.memory: not set`],
  },
  {
    name: 'takes the maximum of a LimitRange for its default, as the API does',
    objects: web('{name: web, image: a}') + limitRange('{type: Container, max: {cpu: 1, memory: 1Gi}}'),
    findings: [],
  },
  {
    name: 'does not take limits of a whole pod for a default',
    objects: web('{name: web, image: a}') + limitRange('{type: Pod, max: {cpu: 1, memory: 1Gi}}'),
    findings: [`${at}.cpu: not set`, `${at}.memory: not set`],
  },
  {
    name: 'adds the missing default to the LimitRange that it made before',
    objects: `${web('{name: web, image: a, resources: {limits: {cpu: 1}}}')}
---
apiVersion: v1
kind: LimitRange
metadata: {name: kubekata-limits, namespace: shop}
spec: {limits: [{type: Container, default: {cpu: 500m}}]}
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: team, namespace: shop}
spec: {hard: {pods: 10}}
`,
    findings: [`${at}.memory: not set`],
    fixed: [
      {
        approach: 'limits for the namespace',
        answers: {
          'namespace shop CPU limit': '500m',
          'namespace shop CPU request': '50m',
          'namespace shop memory limit': '256Mi',
          'namespace shop memory request': '64Mi',
        },
        objects: `
apiVersion: v1
kind: LimitRange
metadata: {name: kubekata-limits, namespace: shop}
spec:
  limits:
  - type: Container
    default: {cpu: 500m, memory: 256Mi}
    defaultRequest: {cpu: 50m, memory: 64Mi}
`,
        leaves: [],
      },
      {
        approach: 'at each container',
        answers: {'Deployment/shop/web web memory limit': '256Mi'},
        objects: web('{name: web, image: a, resources: {limits: {cpu: 1, memory: 256Mi}}}'),
      },
    ],
  },
  {
    name: 'judges a Pod by its own spec, whatever the LimitRange says, and offers no default for it',
    objects:
      pod('{containers: [{name: a, image: a}]}') +
      limitRange('{type: Container, default: {cpu: 500m, memory: 1Gi}}'),
    findings: [
      'Pod/shop/one spec.containers[0].resources.limits.cpu: not set',
      'Pod/shop/one spec.containers[0].resources.limits.memory: not set',
    ],
    fixed: [
      {
        approach: 'at each container',
        answers: {'Pod/shop/one a cpu limit': '100m', 'Pod/shop/one a memory limit': '64Mi'},
        objects: pod('{containers: [{name: a, image: a, resources: {limits: {cpu: 100m, memory: 64Mi}}}]}'),
      },
    ],
  },
  {
    name: 'takes the limit of the whole pod for that of its containers',
    objects: pod('{resources: {limits: {cpu: 1, memory: 1Gi}}, containers: [{name: a, image: a}]}'),
    findings: [],
  },
  {
    name: 'does not look at init containers',
    objects: web(
      '{name: web, image: a, resources: {limits: {cpu: 1, memory: 1Gi}}}',
      'initContainers: [{name: prepare, image: a}],',
    ),
    findings: [],
  },
  {
    name: 'offers no default in kube-system',
    objects: web('{name: web, image: a}').replace('namespace: shop', 'namespace: kube-system'),
    findings: [
      'Deployment/kube-system/web spec.template.spec.containers[0].resources.limits.cpu: not set',
      'Deployment/kube-system/web spec.template.spec.containers[0].resources.limits.memory: not set',
    ],
    fixed: [
      {
        approach: 'at each container',
        answers: {
          'Deployment/kube-system/web web cpu limit': '1',
          'Deployment/kube-system/web web memory limit': '1Gi',
        },
        objects: web('{name: web, image: a, resources: {limits: {cpu: "1", memory: 1Gi}}}').replace(
          'namespace: shop',
          'namespace: kube-system',
        ),
      },
    ],
  },
]);

it('tells where each suggestion is from', () => {
  const control: AnyControl = c0009;
  const objects = `${web('{name: web, image: a}') + measured('120m', '310Mi')}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec: {template: {spec: {containers: [{name: db, image: a, resources: {limits: {cpu: 500m, memory: 1Gi}}}]}}}
`;
  const reasons = (yaml: string) => {
    const inventory = inventoryOf(yaml);
    const [result] = new Scanner(frameworkOf(control), inventory).scan().controls;
    const [fix] = [...control.fixes(result!.failures, inventory)];
    return fix!.asks.map(({label, suggestion, reason}) => `${label}: ${suggestion}, ${reason}`);
  };
  expect(reasons(objects)).toEqual([
    'CPU limit: 500m, largest use 120m (Deployment shop/web) and half again, at least 500m',
    'CPU request: 200m, mean use',
    'memory limit: 512Mi, largest use 310Mi (Deployment shop/web) and half again',
    'memory request: 384Mi, mean use',
    'CPU quota: 5, twice what its pods may use with these limits, 1500m',
    'memory quota: 4Gi, twice what its pods may use with these limits, 2Gi',
  ]);
  expect(
    reasons(
      objects
        .split('---')
        .filter((text) => !text.includes('PodMetrics'))
        .join('---'),
    ),
  ).toEqual([
    'CPU limit: 500m, siblings: StatefulSet shop/db sets it',
    'CPU request: undefined, nothing was measured: type a value, not above the limit',
    'memory limit: 1Gi, siblings: StatefulSet shop/db sets it',
    'memory request: undefined, nothing was measured: type a value, not above the limit',
    'CPU quota: 5, twice what its pods may use with these limits, 1500m',
    'memory quota: 6Gi, twice what its pods may use with these limits, 3Gi',
  ]);
});
