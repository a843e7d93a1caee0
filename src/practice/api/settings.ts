import type {ImagePolicy} from './admission/image-policy.ts';
import type {AuditPolicy} from './audit-policy.ts';
import type {StaticToken} from './token-file.ts';

/** What the flags of kube-apiserver change in its answers. */
export type Settings = {
  /** Whether requests without a name are taken; or the paths for which they are. */
  readonly anonymous: boolean | readonly string[];
  /** Authorisers, asked in this order: `Node`, `RBAC`, `AlwaysAllow`, `AlwaysDeny`. */
  readonly modes: readonly string[];
  /** Admission plugins that run. */
  readonly plugins: ReadonlySet<string>;
  readonly audit?: AuditSettings;
  /** The plugin ImagePolicyWebhook, where it runs. */
  readonly imagePolicy?: ImagePolicy;
  /** Tokens of a file, with whom they belong to. */
  readonly tokens?: readonly StaticToken[];
};

export type AuditSettings = {
  readonly policy: AuditPolicy;
  /** The file on our disk. */
  readonly file: string;
  /** Megabytes after which a new file is begun; 0 for never. */
  readonly maxSize: number;
  /** How many old files are kept; 0 for all. */
  readonly maxBackups: number;
};

const onByDefault = [
  'CertificateApproval',
  'CertificateSigning',
  'CertificateSubjectRestriction',
  'DefaultIngressClass',
  'DefaultStorageClass',
  'DefaultTolerationSeconds',
  'LimitRanger',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionWebhook',
  'NamespaceLifecycle',
  'PersistentVolumeClaimResize',
  'PodSecurity',
  'PodTopologyLabels',
  'Priority',
  'ResourceQuota',
  'RuntimeClass',
  'ServiceAccount',
  'StorageObjectInUseProtection',
  'TaintNodesByCondition',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionWebhook',
];

export const defaultSettings: Settings = {
  anonymous: true,
  modes: ['Node', 'RBAC'],
  plugins: new Set(onByDefault),
};

/** @param enabled Added to those that run by default. @param disabled Taken away. */
export function pluginsWith(enabled: readonly string[], disabled: readonly string[]): ReadonlySet<string> {
  const all = new Set([...onByDefault, ...enabled]);
  for (const name of disabled) if (!enabled.includes(name)) all.delete(name);
  return all;
}
