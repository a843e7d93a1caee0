/** A kind that controls, impact or screens read: its API group, the version we list, its plural name. */
export type KindInfo = {
  readonly kind: string;
  /** API group, empty for core. */
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly namespaced: boolean;
  /** Present only where its API is installed: absence is no gap in what was read. */
  readonly optional?: boolean;
  /** Listed as metadata only: the content is never read. */
  readonly metadataOnly?: boolean;
  /** A file of a program, and no object of the API; it may stand without a name. */
  readonly fileOnly?: boolean;
  /** Only these objects of the kind are read. */
  readonly fieldSelector?: string;
};

const kind = (
  name: string,
  group: string,
  version: string,
  resource: string,
  more: Partial<KindInfo> = {},
): KindInfo => ({kind: name, group, version, resource, namespaced: true, ...more});
const cluster = {namespaced: false} as const;
const optional = {optional: true} as const;

export const KINDS: readonly KindInfo[] = [
  kind('Namespace', '', 'v1', 'namespaces', cluster),
  kind('Node', '', 'v1', 'nodes', cluster),
  kind('Pod', '', 'v1', 'pods'),
  kind('ServiceAccount', '', 'v1', 'serviceaccounts'),
  kind('ConfigMap', '', 'v1', 'configmaps'),
  kind('Secret', '', 'v1', 'secrets', {metadataOnly: true}),
  kind('Service', '', 'v1', 'services'),
  kind('LimitRange', '', 'v1', 'limitranges'),
  kind('ResourceQuota', '', 'v1', 'resourcequotas'),
  kind('ReplicaSet', 'apps', 'v1', 'replicasets'),
  kind('Deployment', 'apps', 'v1', 'deployments'),
  kind('StatefulSet', 'apps', 'v1', 'statefulsets'),
  kind('DaemonSet', 'apps', 'v1', 'daemonsets'),
  kind('Job', 'batch', 'v1', 'jobs'),
  kind('CronJob', 'batch', 'v1', 'cronjobs'),
  kind('NetworkPolicy', 'networking.k8s.io', 'v1', 'networkpolicies'),
  kind('Ingress', 'networking.k8s.io', 'v1', 'ingresses'),
  kind('Role', 'rbac.authorization.k8s.io', 'v1', 'roles'),
  kind('RoleBinding', 'rbac.authorization.k8s.io', 'v1', 'rolebindings'),
  kind('ClusterRole', 'rbac.authorization.k8s.io', 'v1', 'clusterroles', cluster),
  kind('ClusterRoleBinding', 'rbac.authorization.k8s.io', 'v1', 'clusterrolebindings', cluster),
  kind('CiliumNetworkPolicy', 'cilium.io', 'v2', 'ciliumnetworkpolicies', optional),
  kind('CiliumClusterwideNetworkPolicy', 'cilium.io', 'v2', 'ciliumclusterwidenetworkpolicies', {
    ...optional,
    ...cluster,
  }),
  // Why pods could not be made: some workloads tell it nowhere else.
  kind('Event', '', 'v1', 'events', {...optional, fieldSelector: 'reason=FailedCreate'}),
  kind(
    'ValidatingWebhookConfiguration',
    'admissionregistration.k8s.io',
    'v1',
    'validatingwebhookconfigurations',
    {...optional, ...cluster},
  ),
  kind(
    'MutatingWebhookConfiguration',
    'admissionregistration.k8s.io',
    'v1',
    'mutatingwebhookconfigurations',
    {...optional, ...cluster},
  ),
  kind('ValidatingAdmissionPolicy', 'admissionregistration.k8s.io', 'v1', 'validatingadmissionpolicies', {
    ...optional,
    ...cluster,
  }),
  kind(
    'ValidatingAdmissionPolicyBinding',
    'admissionregistration.k8s.io',
    'v1',
    'validatingadmissionpolicybindings',
    {...optional, ...cluster},
  ),
  kind('RuntimeClass', 'node.k8s.io', 'v1', 'runtimeclasses', {...optional, ...cluster}),
  kind('CertificateSigningRequest', 'certificates.k8s.io', 'v1', 'certificatesigningrequests', {
    ...optional,
    ...cluster,
  }),
  kind('ClusterPolicy', 'kyverno.io', 'v1', 'clusterpolicies', {...optional, ...cluster}),
  kind('ImageValidatingPolicy', 'policies.kyverno.io', 'v1', 'imagevalidatingpolicies', {
    ...optional,
    ...cluster,
  }),
  kind('RatifyVerification', 'constraints.gatekeeper.sh', 'v1beta1', 'ratifyverification', {
    ...optional,
    ...cluster,
  }),
  kind('ClusterImagePolicy', 'policy.sigstore.dev', 'v1beta1', 'clusterimagepolicies', {
    ...optional,
    ...cluster,
  }),
  kind('PeerAuthentication', 'security.istio.io', 'v1', 'peerauthentications', optional),
  kind('AlertmanagerConfig', 'monitoring.coreos.com', 'v1alpha1', 'alertmanagerconfigs', optional),
  kind('PodMetrics', 'metrics.k8s.io', 'v1beta1', 'pods', optional),
];

/** Kinds that no API serves: they stand in files alone, and need not have a name. */
export const FILE_KINDS: readonly KindInfo[] = [
  kind('Policy', 'audit.k8s.io', 'v1', 'policies', {...cluster, fileOnly: true}),
];

const byKind = new Map([...KINDS, ...FILE_KINDS].map((info) => [info.kind, info]));

export const kindInfo = (name: string): KindInfo | undefined => byKind.get(name);
export const apiVersionOf = (info: KindInfo): string =>
  info.group ? `${info.group}/${info.version}` : info.version;
export const groupOf = (apiVersion: string): string =>
  apiVersion.includes('/') ? apiVersion.split('/')[0]! : '';

/** Whether an object of this apiVersion and kind is one that we read, and no namesake of another API group. */
export const isKnown = (apiVersion: string, name: string): boolean =>
  byKind.get(name)?.group === groupOf(apiVersion);
