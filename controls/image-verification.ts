import {type ControlMeta, defineControl, type View} from '../src/engine/control.ts';
import {asArray, asObject, asString, type JsonObject} from '../src/engine/json.ts';
import {labelsOf, type Resource} from '../src/engine/objects.ts';
import {overCluster} from './shared/cluster.ts';
import {manualFix} from './shared/manual.ts';

const meta = {
  id: 'image-verification',
  title: 'Signatures of images verified at admission',
  practice: 'secure-images',
  baseScore: 5,
  needs: ['Namespace', 'ValidatingWebhookConfiguration'],
  messages: {
    unverified:
      'This cluster runs any image, signed or not: {found}. Let admission verify signatures, with Kyverno or the Sigstore policy controller.',
  },
  references: [
    'Kubernetes Hardening Guidance, Kubernetes Pod security: Building secure container images',
    'https://kubernetes.io/docs/tasks/administer-cluster/verify-signed-artifacts/',
  ],
} satisfies ControlMeta;

/** Whether the API server asks a webhook of this name pattern about pods, and refuses when it does not answer. */
const asks = (view: View, name: RegExp): boolean =>
  view
    .list('ValidatingWebhookConfiguration')
    .flatMap(({object}) => asArray(object.webhooks).map(asObject))
    .some((webhook) => name.test(asString(webhook.name)) && webhook.failurePolicy !== 'Ignore');

const enforces = (value: unknown): boolean => String(value).toLowerCase() === 'enforce';

function kyvernoVerifies({object}: Resource): boolean {
  const {rules, validationFailureAction} = asObject(object.spec);
  return asArray(rules)
    .map(asObject)
    .flatMap((rule) => asArray(rule.verifyImages).map(asObject))
    .some(
      (verify: JsonObject) =>
        enforces(verify.failureAction ?? validationFailureAction) &&
        verify.required !== false &&
        asArray(verify.attestors).length + asArray(verify.attestations).length > 0,
    );
}

const sigstoreVerifies = ({object}: Resource): boolean => {
  const {mode, authorities} = asObject(object.spec);
  return mode !== 'warn' && asArray(authorities).length > 0;
};

/** The Sigstore webhook looks at namespaces with this label only. */
const isIncluded = ({object}: Resource): boolean =>
  labelsOf(object)['policy.sigstore.dev/include'] === 'true';

const isVerified = (view: View): boolean =>
  (view.list('ClusterPolicy').some(kyvernoVerifies) && asks(view, /\.kyverno\.svc/)) ||
  (view.list('ClusterImagePolicy').some(sigstoreVerifies) &&
    asks(view, /policy\.sigstore\.dev/) &&
    view.list('Namespace').some(isIncluded));

export const imageVerification = defineControl({
  meta,
  ...overCluster,
  *check(_resource, view) {
    if (isVerified(view)) return;
    const policies = [...view.list('ClusterPolicy'), ...view.list('ClusterImagePolicy')];
    const found =
      policies.length === 0
        ? 'no policy for it'
        : `none of ${policies.map(({name}) => name).join(', ')} verifies and refuses`;
    yield {message: 'unverified', path: ['metadata', 'name'], found};
  },
  fixes: (failures) =>
    failures.map(({resource}) =>
      manualFix(meta, resource.key, {
        approach: 'verify at admission',
        summary: 'lets in what your key, or your pipeline, has signed',
        scope: 'cluster',
        steps: [
          'Sign in the pipeline first, by digest: cosign sign REGISTRY/IMAGE@sha256:...',
          'Install Kyverno (or the Sigstore policy controller), with two replicas or more: while it is away, nothing is admitted.',
          'Write a ClusterPolicy with verifyImages for your registries: imageReferences, attestors with your key or the identity of your pipeline, failureAction Audit at first.',
          'When its reports name no image of yours any more, set failureAction Enforce, namespace by namespace.',
          'Verify: kubectl run probe --image=REGISTRY/UNSIGNED --dry-run=server is refused, a signed one is not.',
        ],
      }),
    ),
});
