import {imageVerification} from '../../controls/image-verification.ts';
import {testControl} from '../helpers/test-control.ts';

const cluster = (labels = '{}'): string => `
apiVersion: v1
kind: Namespace
metadata: {name: kube-system, labels: ${labels}}
`;
const webhook = (name: string, failurePolicy = 'Fail'): string => `
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: w}
webhooks: [{name: ${name}, failurePolicy: ${failurePolicy}}]
`;
const kyverno = (action: string, more = 'attestors: [{entries: [{keys: {publicKeys: x}}]}]'): string => `
---
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: signed}
spec: {rules: [{name: a, verifyImages: [{imageReferences: ['*'], failureAction: ${action}, ${more}}]}]}
`;
const sigstore = (mode: string): string => `
---
apiVersion: policy.sigstore.dev/v1beta1
kind: ClusterImagePolicy
metadata: {name: signed}
spec: {mode: ${mode}, images: [{glob: '**'}], authorities: [{key: {data: x}}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {policy.sigstore.dev/include: 'true'}}
`;
const hook = webhook('validate.kyverno.svc-fail');
const failed = (found: string) => [`Namespace//kube-system metadata.name: ${found}`];

testControl(imageVerification, [
  {
    name: 'fails without a policy',
    objects: cluster(),
    counted: 1,
    findings: failed('no policy for it'),
    manual: ['verify at admission'],
  },
  {
    name: 'passes with one of Kyverno that refuses',
    objects: cluster() + hook + kyverno('Enforce'),
    findings: [],
  },
  {
    name: 'fails with one that only reports',
    objects: cluster() + hook + kyverno('Audit'),
    findings: failed('none of signed verifies and refuses'),
  },
  {
    name: 'fails with one that asks for nobody in particular',
    objects: cluster() + hook + kyverno('Enforce', 'required: true'),
    findings: failed('none of signed verifies and refuses'),
  },
  {
    name: 'fails with a policy that no webhook enforces',
    objects: cluster() + kyverno('Enforce'),
    findings: failed('none of signed verifies and refuses'),
  },
  {
    name: 'fails with a webhook that may be away',
    objects: cluster() + webhook('validate.kyverno.svc-ignore', 'Ignore') + kyverno('Enforce'),
    findings: failed('none of signed verifies and refuses'),
  },
  {
    name: 'passes with one of Sigstore',
    objects: cluster() + webhook('policy.sigstore.dev') + sigstore('enforce'),
    findings: [],
  },
  {
    name: 'fails with one of Sigstore that warns',
    objects: cluster() + webhook('policy.sigstore.dev') + sigstore('warn'),
    findings: failed('none of signed verifies and refuses'),
  },
  {
    name: 'fails with a label that claims it',
    objects: cluster("{image-verification: enforced, policy.sigstore.dev/include: 'true'}"),
    findings: failed('no policy for it'),
  },
]);
