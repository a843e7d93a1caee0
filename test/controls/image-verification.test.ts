import {imageVerification} from '../../controls/image-verification.ts';
import {testControl} from '../helpers/test-control.ts';

const image = 'ghcr.io/shop/web:1';
const cluster = (labels = '{}', of = image): string => `
apiVersion: v1
kind: Namespace
metadata: {name: kube-system}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: ${labels}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, labels: ${labels}}
spec: {template: {metadata: {labels: ${labels}}, spec: {containers: [{name: c, image: '${of}'}]}}}
`;
const pods = "rules: [{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}]";
const webhook = (
  name: string,
  {failurePolicy = 'Fail', rules = pods, more = '', kind = 'Validating'} = {},
): string => `
---
apiVersion: admissionregistration.k8s.io/v1
kind: ${kind}WebhookConfiguration
metadata: {name: w}
webhooks: [{name: ${name}, failurePolicy: ${failurePolicy}, ${rules}${more}}]
`;
const attestor = 'attestors: [{entries: [{keys: {publicKeys: x}}]}]';
const kyverno = (
  action: string,
  {more = attestor, references = "['*']", spec = '', match = ''} = {},
): string => `
---
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: signed}
spec:
  ${spec || 'background: false'}
  rules:
  - name: a
    match: {any: [{resources: {kinds: [Pod]${match}}}]}
    verifyImages: [{imageReferences: ${references}, failureAction: ${action}, ${more}}]
`;
const sigstore = (mode: string, glob = '**', authorities = '[{key: {data: x}}]'): string => `
---
apiVersion: policy.sigstore.dev/v1beta1
kind: ClusterImagePolicy
metadata: {name: signed}
spec: {mode: ${mode}, images: [{glob: '${glob}'}], authorities: ${authorities}}
`;
const included =
  ", namespaceSelector: {matchExpressions: [{key: policy.sigstore.dev/include, operator: In, values: ['true']}]}";
const hook = webhook('mutate.kyverno.svc-fail', {kind: 'Mutating'});
const failed = (found: string) => [`Namespace//shop metadata.name: ${found}`];
const none = failed(`none of signed verifies ${image} there and refuses`);
const agent = (name: string, repository: string, more: string): string => `
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: kube-${name}}
spec: {template: {spec: {containers: [{name: c, image: '${repository}:1'}]}}}
${more}`;
const connaisseur = (policy: string): string =>
  agent(
    'connaisseur',
    'docker.io/securesystemsengineering/connaisseur',
    `---
apiVersion: v1
kind: ConfigMap
metadata: {name: connaisseur-app-config, namespace: kube-connaisseur}
data:
  config.yaml: |
    validators: [{name: allow, type: static, approve: true}, {name: default, type: cosign, trustRoots: [{key: x}]}]
    policy: ${policy}
`,
  );
const ratify = (action: string): string =>
  agent(
    'ratify',
    'ghcr.io/notaryproject/ratify',
    `---
apiVersion: constraints.gatekeeper.sh/v1beta1
kind: RatifyVerification
metadata: {name: signed}
spec: {enforcementAction: ${action}, match: {kinds: [{apiGroups: [''], kinds: [Pod]}], namespaces: [shop]}}
`,
  );
const imagePolicy = (actions: string, expression: string): string => `
---
apiVersion: policies.kyverno.io/v1
kind: ImageValidatingPolicy
metadata: {name: signed}
spec:
  validationActions: ${actions}
  matchConstraints: {resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}]}
  matchImageReferences: [{glob: 'ghcr.io/shop/*'}]
  attestors: [{name: cosign, cosign: {key: {data: x}}}]
  validations: [{expression: '${expression}'}]
`;
const verifies = 'images.containers.map(i, verifyImageSignatures(i, [attestors.cosign])).all(e, e > 0)';

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
  {name: 'fails with one that only reports', objects: cluster() + hook + kyverno('Audit'), findings: none},
  {
    name: 'fails with one that asks for nobody in particular',
    objects: cluster() + hook + kyverno('Enforce', {more: 'required: true'}),
    findings: none,
  },
  {
    name: 'fails with one for other images',
    objects: cluster() + hook + kyverno('Enforce', {references: "['ghcr.io/other/*']"}),
    findings: none,
  },
  {
    name: 'passes with one for these images by their full name',
    objects: cluster('{}', 'nginx') + hook + kyverno('Enforce', {references: "['docker.io/library/*']"}),
    findings: [],
  },
  {
    name: 'fails with one for another namespace',
    objects: cluster() + hook + kyverno('Enforce', {match: ', namespaces: [bank]'}),
    findings: none,
  },
  {
    name: 'fails with one whose action is loosened for the namespace',
    objects:
      cluster() +
      hook +
      kyverno('Enforce', {
        spec: 'validationFailureAction: Enforce\n  validationFailureActionOverrides: [{action: Audit, namespaces: [shop]}]',
      }).replace('failureAction: Enforce, attestors', 'attestors'),
    findings: none,
  },
  {
    name: 'fails with a policy that no webhook enforces',
    objects: cluster() + kyverno('Enforce'),
    findings: none,
  },
  {
    name: 'fails with a webhook that may be away',
    objects:
      cluster() + webhook('validate.kyverno.svc-ignore', {failurePolicy: 'Ignore'}) + kyverno('Enforce'),
    findings: none,
  },
  {
    name: 'fails with a webhook that is not asked about pods',
    objects:
      cluster() +
      webhook('validate.kyverno.svc-fail', {rules: pods.replace('[pods]', '[services]')}) +
      kyverno('Enforce'),
    findings: none,
  },
  {
    name: 'passes with the newer kind of Kyverno that refuses',
    objects: cluster() + hook + imagePolicy('[Deny]', verifies),
    findings: [],
  },
  {
    name: 'fails with that kind where it only warns',
    objects: cluster() + hook + imagePolicy('[Warn]', verifies),
    findings: none,
  },
  {
    name: 'fails with that kind where it verifies nothing',
    objects: cluster() + hook + imagePolicy('[Deny]', 'true'),
    findings: none,
  },
  {
    name: 'passes with one of Sigstore, in a namespace that its webhook takes',
    objects:
      cluster("{policy.sigstore.dev/include: 'true'}") +
      webhook('policy.sigstore.dev', {more: included}) +
      sigstore('enforce'),
    findings: [],
  },
  {
    name: 'fails in a namespace that its webhook leaves out',
    objects: cluster() + webhook('policy.sigstore.dev', {more: included}) + sigstore('enforce'),
    findings: none,
  },
  {
    name: 'fails with one of Sigstore that warns',
    objects: cluster() + webhook('policy.sigstore.dev') + sigstore('warn'),
    findings: none,
  },
  {
    name: 'fails with one of Sigstore that lets all pass',
    objects:
      cluster() + webhook('policy.sigstore.dev') + sigstore('enforce', '**', '[{static: {action: pass}}]'),
    findings: none,
  },
  {
    name: 'fails with one of Sigstore whose glob is too short for the name',
    objects: cluster() + webhook('policy.sigstore.dev') + sigstore('enforce', 'ghcr.io/*'),
    findings: none,
  },
  {
    name: 'passes with Connaisseur, whose policy names a validator',
    objects:
      cluster() +
      webhook('connaisseur-svc.connaisseur.svc') +
      connaisseur("[{pattern: '*:*', validator: default}]"),
    findings: [],
  },
  {
    name: 'fails with Connaisseur where a longer pattern lets the image pass',
    objects:
      cluster() +
      webhook('connaisseur-svc.connaisseur.svc') +
      connaisseur("[{pattern: '*:*', validator: default}, {pattern: 'ghcr.io/shop/*', validator: allow}]"),
    findings: failed('no policy for it'),
  },
  {
    name: 'passes with Ratify behind a Gatekeeper that holds',
    objects: cluster() + webhook('validation.gatekeeper.sh') + ratify('deny'),
    findings: [],
  },
  {
    name: 'fails with Ratify behind a Gatekeeper that may be away, as it is installed',
    objects: cluster() + webhook('validation.gatekeeper.sh', {failurePolicy: 'Ignore'}) + ratify('deny'),
    findings: none,
  },
  {
    name: 'fails with Ratify that only warns',
    objects: cluster() + webhook('validation.gatekeeper.sh') + ratify('warn'),
    findings: none,
  },
  {
    name: 'fails with an admission policy that reads a label of the pod, which anybody may write',
    objects: `${cluster("{image-verification: enforced, signed: 'true'}")}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: signed}
spec:
  matchConstraints: {resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}]}
  validations: [{expression: "object.metadata.labels['signed'] == 'true'"}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: signed}
spec: {policyName: signed, validationActions: [Deny]}
`,
    findings: failed('no policy for it'),
  },
  {
    name: 'is not evaluated on manifests',
    objects: 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}',
    findings: [],
    notEvaluated:
      'Namespace kube-system is not among what was read, so what the cluster runs is not known: look at the cluster itself, not at its manifests.',
  },
]);
