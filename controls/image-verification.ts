import {type ControlMeta, defineControl, type View} from '../src/engine/control.ts';
import type {Resource} from '../src/engine/objects.ts';
import {WORKLOADS} from '../src/engine/pod-spec.ts';
import {overCluster} from './shared/cluster.ts';
import {imagesOf} from './shared/image.ts';
import {manualFix} from './shared/manual.ts';
import {hasWorkloads} from './shared/namespaces.ts';
import {isAboutSignatures, isVerified} from './shared/signatures.ts';
import {overWorkloads} from './shared/workload.ts';

const meta = {
  id: 'image-verification',
  title: 'Signatures of images verified at admission',
  practice: 'secure-images',
  baseScore: 5,
  needs: ['Namespace', ...WORKLOADS, 'ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'],
  messages: {
    unverified:
      'Namespace {namespace} runs any image, signed or not: {found}. Let admission verify signatures, with Kyverno, the Sigstore policy controller, Connaisseur or Ratify.',
  },
  references: [
    'Kubernetes Hardening Guidance, Kubernetes Pod security: Building secure container images',
    'https://kubernetes.io/docs/tasks/administer-cluster/verify-signed-artifacts/',
  ],
} satisfies ControlMeta;

const policyKinds = ['ClusterPolicy', 'ImageValidatingPolicy', 'ClusterImagePolicy', 'RatifyVerification'];

/** The images of what runs in a namespace, each once. */
const imagesIn = ({name}: Resource, view: View): readonly string[] => [
  ...new Set(
    WORKLOADS.flatMap((kind) => view.list(kind, name))
      .filter((one) => overWorkloads.counts(one))
      .flatMap(imagesOf),
  ),
];

export const imageVerification = defineControl({
  meta,
  kinds: ['Namespace'],
  // What Kubernetes brings along is verified with the installation, and has to start before any webhook.
  counts: (namespace, view) => !/^kube-/.test(namespace.name) && hasWorkloads(view, namespace.name),
  unavailable: overCluster.unavailable,
  *check(namespace, view) {
    const open = imagesIn(namespace, view).filter((image) => !isVerified(namespace, image, view));
    if (open.length === 0) return;
    const policies = policyKinds.flatMap((kind) => view.list(kind)).filter(isAboutSignatures);
    const some = `${open.slice(0, 2).join(', ')}${open.length > 2 ? ` and ${open.length - 2} others` : ''}`;
    const found =
      policies.length === 0
        ? 'no policy for it'
        : `none of ${policies.map(({name}) => name).join(', ')} verifies ${some} there and refuses`;
    yield {message: 'unverified', path: ['metadata', 'name'], found, data: {namespace: namespace.name}};
  },
  fixes: (failures) =>
    failures.length === 0
      ? []
      : [
          manualFix(meta, 'all namespaces', {
            approach: 'verify at admission',
            summary: 'lets in what your key, or your pipeline, has signed',
            scope: 'cluster',
            steps: [
              'Sign in the pipeline first, by digest: cosign sign REGISTRY/IMAGE@sha256:...',
              'Install Kyverno (or the Sigstore policy controller), with two replicas or more and failurePolicy Fail: while it is away, nothing is admitted. A ValidatingAdmissionPolicy can not do it: it sees the pod, and no registry.',
              'Write a ClusterPolicy with verifyImages for your registries: imageReferences, attestors with your key or the identity of your pipeline, failureAction Audit at first.',
              `When its reports name no image of yours any more, set failureAction Enforce, namespace by namespace: ${failures.map(({resource}) => resource.name).join(', ')}.`,
              'Verify: kubectl run probe --image=REGISTRY/UNSIGNED --dry-run=server is refused, a signed one is not.',
            ],
          }),
        ],
});
