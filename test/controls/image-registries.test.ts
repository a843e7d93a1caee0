import {describe, expect, it} from 'vitest';
import {imageRegistries} from '../../controls/image-registries.ts';
import {comesFrom, fullRepository} from '../../controls/shared/registries.ts';
import {testControl} from '../helpers/test-control.ts';

const pod = (image: string, more = '', namespace = 'shop'): string => `
---
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: ${namespace}, labels: {registry: trusted}}
spec: {containers: [{name: c, image: '${image}'}]${more}}
`;
const cluster = `
apiVersion: v1
kind: Namespace
metadata: {name: kube-system, labels: {registries: 'quay.io'}}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop}
`;
const at = 'Pod/shop/p spec.containers[0].image';
const settings = {registries: ['quay.io/shop', 'docker.io/library']};
const policy = (
  expression: string,
  {failurePolicy = 'Fail', actions = '[Deny]', selector = '{}', resources = '[pods]', param = ''} = {},
): string => `
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: registries}
spec:
  failurePolicy: ${failurePolicy}
  matchConstraints:
    namespaceSelector: ${selector}
    resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: ${resources}}]
  validations: [{expression: "${expression}"}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: registries}
spec: {policyName: registries, validationActions: ${actions}${param}}
`;
const starts = "object.spec.containers.all(c, c.image.startsWith('quay.io/shop/'))";
const unlisted = ['Namespace//kube-system metadata.name: docker.io (1)'];
const list = `
---
apiVersion: v1
kind: ConfigMap
metadata: {name: list, namespace: kube-system}
data: {registries: quay.io docker.io/bitnami}
`;
const byList = policy(
  "object.spec.containers.all(c, params.data.registries.split(' ').exists(r, c.image.startsWith(r)))",
  {param: ', paramRef: {name: list, namespace: kube-system, parameterNotFoundAction: Deny}'},
);
const kyverno = (action: string, hook = 'Fail'): string => `
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: kyverno}
webhooks:
- name: validate.kyverno.svc-fail
  failurePolicy: ${hook}
  rules: [{apiGroups: ['*'], apiVersions: ['*'], operations: [CREATE, UPDATE], resources: ['*/*']}]
---
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: registries}
spec:
  rules:
  - name: r
    match: {any: [{resources: {kinds: [Pod]}}]}
    validate: {failureAction: ${action}, pattern: {spec: {containers: [{image: 'quay.io/* | ghcr.io/shop/*'}]}}}
`;

testControl(imageRegistries, [
  {
    name: 'passes with images of the list',
    settings,
    objects: pod('quay.io/shop/web:1', ', initContainers: [{name: i, image: nginx}]'),
    counted: 1,
    findings: [],
  },
  {
    name: 'fails with an image from elsewhere, however its label calls it',
    settings,
    objects: pod('ghcr.io/shop/web:1'),
    findings: [`${at}: ghcr.io/shop/web:1`],
    fixed: [
      {
        approach: 'an image from the list',
        answers: {'image of c in Pod/shop/p': 'quay.io/shop/web:1'},
        objects: pod('quay.io/shop/web:1'),
      },
    ],
    manual: ['bring the image over'],
  },
  {
    name: 'fails with a name that only begins like one of the list',
    settings,
    objects: pod(
      'quay.io/shopping/web:1',
      ', initContainers: [{name: i, image: docker.io.evil.example/library/nginx}]',
    ),
    findings: [
      `${at}: quay.io/shopping/web:1`,
      'Pod/shop/p spec.initContainers[0].image: docker.io.evil.example/library/nginx',
    ],
  },
  {
    name: 'fails as a whole where nothing says what is meant, and names what is in use',
    objects: cluster + pod('nginx:1'),
    counted: 1,
    findings: unlisted,
    fixed: [
      {
        approach: 'refuse others at admission',
        answers: {'registries that images may come from': 'docker.io'},
        objects: `
apiVersion: v1
kind: ConfigMap
metadata: {name: kubekata-image-registries, namespace: kube-system}
data: {registries: docker.io}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: kubekata-image-registries}
spec:
  failurePolicy: Fail
  paramKind: {apiVersion: v1, kind: ConfigMap}
  matchConstraints:
    namespaceSelector:
      matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system]}]
    resourceRules:
    - {apiGroups: [''], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [pods, pods/ephemeralcontainers]}
  variables:
  - name: images
    expression: "object.spec.containers.map(c, c.image) + (has(object.spec.initContainers) ? object.spec.initContainers.map(c, c.image) : []) + (has(object.spec.ephemeralContainers) ? object.spec.ephemeralContainers.map(c, c.image) : [])"
  - name: registries
    expression: "params.data.registries.split(' ').filter(r, r != '')"
  validations:
  - expression: "variables.images.all(i, variables.registries.exists(r, (i.contains('/') && (i.split('/')[0].contains('.') || i.split('/')[0].contains(':') || i.split('/')[0] == 'localhost') ? i : 'docker.io/' + (i.contains('/') ? '' : 'library/') + i).startsWith(r + '/')))"
    message: an image of this pod is from a registry that ConfigMap kube-system/kubekata-image-registries does not list
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: kubekata-image-registries}
spec:
  policyName: kubekata-image-registries
  paramRef: {name: kubekata-image-registries, namespace: kube-system, parameterNotFoundAction: Deny}
  validationActions: [Deny]
`,
      },
    ],
    manual: ['write the list down'],
  },
  {
    name: 'passes with what an admission policy lets in',
    objects: cluster + policy(starts) + pod('quay.io/shop/web:1'),
    counted: 1,
    findings: [],
  },
  {
    name: 'fails with what ran before that policy came',
    objects: cluster + policy(starts) + pod('nginx:1'),
    findings: [`${at}: nginx:1`],
  },
  {
    name: 'goes by the list of the ConfigMap that a policy reads',
    objects: cluster + byList + list + pod('docker.io/nginx:1'),
    findings: [`${at}: docker.io/nginx:1`],
  },
  {
    name: 'goes by nothing where that ConfigMap is not there',
    objects: cluster + byList + pod('nginx:1'),
    findings: unlisted,
  },
  {
    name: 'goes by no policy that only warns',
    objects: cluster + policy(starts, {actions: '[Warn, Audit]'}) + pod('nginx:1'),
    findings: unlisted,
  },
  {
    name: 'goes by no policy that may fail open',
    objects: cluster + policy(starts, {failurePolicy: 'Ignore'}) + pod('nginx:1'),
    findings: unlisted,
  },
  {
    name: 'goes by no policy for other objects',
    objects: cluster + policy(starts, {resources: '[services]'}) + pod('nginx:1'),
    findings: unlisted,
  },
  {
    name: 'goes by no policy for namespaces with a label that none has',
    objects: cluster + policy(starts, {selector: '{matchLabels: {checked: a}}'}) + pod('nginx:1'),
    findings: unlisted,
  },
  {
    name: 'goes by no policy that only refuses some by name',
    objects:
      cluster + policy("object.spec.containers.all(c, !c.image.startsWith('docker.io/'))") + pod('nginx:1'),
    findings: unlisted,
  },
  {
    name: 'goes by a policy of Kyverno that refuses',
    objects: cluster + kyverno('Enforce') + pod('ghcr.io/other/web:1'),
    findings: [`${at}: ghcr.io/other/web:1`],
  },
  {
    name: 'goes by none of Kyverno that only reports, nor by one whose webhook may be away',
    objects: cluster + kyverno('Audit') + pod('nginx:1'),
    findings: unlisted,
  },
  {
    name: 'goes by none of Kyverno whose webhook may be away',
    objects: cluster + kyverno('Enforce', 'Ignore') + pod('nginx:1'),
    findings: unlisted,
  },
  {
    name: 'is not evaluated on manifests without a list',
    objects: pod('nginx:1'),
    findings: [],
    notEvaluated:
      'Nothing says which registries are meant: images come from docker.io. List them under registries in kubekata.yaml.',
  },
]);

describe('where an image comes from', () => {
  it.each([
    ['nginx', 'docker.io/library/nginx'],
    ['bitnami/redis:7', 'docker.io/bitnami/redis'],
    ['localhost:5000/a@sha256:0', 'localhost:5000/a'],
    ['localhost/a', 'localhost/a'],
    ['index.docker.io/library/nginx', 'docker.io/library/nginx'],
    ['ghcr.io/a/b/c:1', 'ghcr.io/a/b/c'],
  ])('%s is %s', (image, repository) => {
    expect(fullRepository(image)).toBe(repository);
  });

  it('is told by whole parts of a name', () => {
    expect(comesFrom('quay.io/a/b', ['quay.io/a/*'])).toBe(true);
    expect(comesFrom('quay.io/ab', ['quay.io/a'])).toBe(false);
    expect(comesFrom('nginx', ['docker.io/'])).toBe(true);
  });
});
