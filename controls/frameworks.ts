import type {AnyControl, Framework, FrameworkEntry} from '../src/engine/control.ts';
import {accountReview} from './account-review.ts';
import {admissionPlugins} from './admission-plugins.ts';
import {alertReceivers} from './alert-receivers.ts';
import {anonymousRequests} from './anonymous-requests.ts';
import {auditPolicy} from './audit-policy.ts';
import {auditRotation} from './audit-rotation.ts';
import {auditShipped} from './audit-shipped.ts';
import {authorizationModes} from './authorization-modes.ts';
import {builtInException, ownException} from './built-in-exceptions.ts';
import {c0002} from './c-0002.ts';
import {c0005} from './c-0005.ts';
import {c0006} from './c-0006.ts';
import {c0009} from './c-0009.ts';
import {c0012} from './c-0012.ts';
import {c0013} from './c-0013.ts';
import {c0016, c0016of2021} from './c-0016.ts';
import {c0017} from './c-0017.ts';
import {c0030} from './c-0030.ts';
import {c0034} from './c-0034.ts';
import {c0034of2021} from './c-0034-2021.ts';
import {c0035} from './c-0035.ts';
import {c0038} from './c-0038.ts';
import {c0041} from './c-0041.ts';
import {c0044} from './c-0044.ts';
import {c0046} from './c-0046.ts';
import {c0047} from './c-0047.ts';
import {c0054} from './c-0054.ts';
import {c0055} from './c-0055.ts';
import {c0057} from './c-0057.ts';
import {c0058, c0058of2021} from './c-0058.ts';
import {c0059, c0059of2021} from './c-0059.ts';
import {c0066} from './c-0066.ts';
import {c0067} from './c-0067.ts';
import {c0068} from './c-0068.ts';
import {c0069} from './c-0069.ts';
import {c0070} from './c-0070.ts';
import {c0270} from './c-0270.ts';
import {c0271} from './c-0271.ts';
import {c0292} from './c-0292.ts';
import {clientCertificates} from './client-certificates.ts';
import {controlPlanePods} from './control-plane-pods.ts';
import {controlPlaneTaint} from './control-plane-taint.ts';
import {defaultNamespace} from './default-namespace.ts';
import {enforcingPlugin} from './enforcing-plugin.ts';
import {escalationRights} from './escalation-rights.ts';
import {etcdClients} from './etcd-clients.ts';
import {etcdTls} from './etcd-tls.ts';
import {imageDigests} from './image-digests.ts';
import {imageRegistries} from './image-registries.ts';
import {imageTags} from './image-tags.ts';
import {imageVerification} from './image-verification.ts';
import {incidentPlan} from './incident-plan.ts';
import {ingressTls} from './ingress-tls.ts';
import {kubeconfigFiles} from './kubeconfig-files.ts';
import {kubeletPidLimit} from './kubelet-pid-limit.ts';
import {kubeletPidReserve} from './kubelet-pid-reserve.ts';
import {kubeletReadOnlyPort} from './kubelet-read-only-port.ts';
import {kubeletSeccompDefault} from './kubelet-seccomp-default.ts';
import {legacyTokens} from './legacy-tokens.ts';
import {limitRange} from './limit-range.ts';
import {logCollector} from './log-collector.ts';
import {logRedundancy} from './log-redundancy.ts';
import {logReview} from './log-review.ts';
import {meshMtls} from './mesh-mtls.ts';
import {metadataEgress} from './metadata-egress.ts';
import {nodeVersions} from './node-versions.ts';
import {patchProcess} from './patch-process.ts';
import {physicalAccess} from './physical-access.ts';
import {podCreators} from './pod-creators.ts';
import {podIsolation} from './pod-isolation.ts';
import {podSecurityLabels} from './pod-security-labels.ts';
import {resourceQuota} from './resource-quota.ts';
import {restoreDrill} from './restore-drill.ts';
import {runtimeSandbox} from './runtime-sandbox.ts';
import {secretReaders} from './secret-readers.ts';
import {secretVariables} from './secret-variables.ts';
import {serverProfiling} from './server-profiling.ts';
import {serverTlsVersion} from './server-tls-version.ts';
import {staticTokenFile} from './static-token-file.ts';
import {threatDetection} from './threat-detection.ts';
import {unconfinedProfiles} from './unconfined-profiles.ts';
import {wildcardRoles} from './wildcard-roles.ts';

const entry = (control: AnyControl, then: {title?: string; baseScore?: number} = {}): FrameworkEntry => ({
  id: control.meta.id,
  title: then.title ?? control.meta.title,
  baseScore: then.baseScore ?? control.meta.baseScore,
  control,
});

/** Today's edition: the mean of its controls' compliance, objects of the system itself excused. */
const nsa: Framework = {
  id: 'nsa',
  title: 'NSA/CISA hardening guidance',
  scoring: 'mean',
  excuses: builtInException,
  entries: [
    entry(c0002),
    entry(c0005),
    entry(c0012),
    entry(c0013),
    entry(c0016),
    entry(c0017),
    entry(c0030),
    entry(c0034),
    entry(c0035),
    entry(c0038),
    entry(c0041),
    entry(c0044),
    entry(c0046),
    entry(c0054),
    entry(c0055),
    entry(c0057),
    entry(c0058),
    entry(c0059),
    entry(c0066),
    entry(c0067),
    entry(c0068),
    entry(c0069),
    entry(c0070),
    entry(c0270),
    entry(c0271),
    entry(c0292),
  ],
};

/** The edition of the first scanners, in the order of its first report; names and weights as they were. */
const nsa2021: Framework = {
  id: 'nsa-2021',
  title: 'NSA/CISA hardening guidance, first edition (2021)',
  scoring: 'sum',
  excuses: () => undefined,
  entries: [
    entry(c0005, {title: 'Control plane hardening', baseScore: 8}),
    entry(c0038, {baseScore: 5}),
    entry(c0017),
    entry(c0013),
    entry(c0057),
    entry(c0006),
    entry(c0034of2021),
    entry(c0041, {baseScore: 5}),
    entry(c0009),
    entry(c0047),
    entry(c0016of2021),
    entry(c0012),
    entry(c0035, {title: 'Cluster-admin binding', baseScore: 8}),
    entry(c0002, {title: 'Exec into container'}),
    entry(c0046, {baseScore: 5}),
    entry(c0055),
    entry(c0030),
    entry(c0044),
    entry(c0054),
    entry(c0058of2021),
    entry(c0059of2021, {baseScore: 5}),
    entry(c0067, {baseScore: 3}),
    entry(c0066, {title: 'Secret/ETCD encryption enabled', baseScore: 3}),
    entry(c0068, {baseScore: 3}),
    entry(c0069),
    entry(c0070, {baseScore: 10}),
  ],
};

/** Today's edition, and what no scanner checks: each practice of the guidance has a control here. */
const kubekata: Framework = {
  id: 'kubekata',
  title: 'The guidance, practice by practice',
  scoring: 'mean',
  excuses: (id, resource) =>
    id.startsWith('C-') ? builtInException(id, resource) : ownException(id, resource),
  entries: [
    ...nsa.entries,
    entry(imageTags),
    entry(imageDigests),
    entry(imageRegistries),
    entry(imageVerification),
    entry(unconfinedProfiles),
    entry(runtimeSandbox),
    entry(podSecurityLabels),
    entry(defaultNamespace),
    entry(podIsolation),
    entry(enforcingPlugin),
    entry(limitRange),
    entry(resourceQuota),
    entry(authorizationModes),
    entry(admissionPlugins),
    entry(serverProfiling),
    entry(serverTlsVersion),
    entry(controlPlaneTaint),
    entry(controlPlanePods),
    entry(kubeletSeccompDefault),
    entry(kubeletPidLimit),
    entry(kubeletPidReserve),
    entry(kubeletReadOnlyPort),
    entry(etcdTls),
    entry(etcdClients),
    entry(ingressTls),
    entry(secretVariables),
    entry(metadataEgress),
    entry(anonymousRequests),
    entry(staticTokenFile),
    entry(legacyTokens),
    entry(clientCertificates),
    entry(kubeconfigFiles),
    entry(wildcardRoles),
    entry(escalationRights),
    entry(secretReaders),
    entry(podCreators),
    entry(logCollector),
    entry(auditPolicy),
    entry(auditRotation),
    entry(auditShipped),
    entry(threatDetection),
    entry(alertReceivers),
    entry(meshMtls),
    entry(logRedundancy),
    entry(nodeVersions),
    entry(logReview),
    entry(incidentPlan),
    entry(restoreDrill),
    entry(physicalAccess),
    entry(patchProcess),
    entry(accountReview),
  ],
};

export const frameworks = {nsa, 'nsa-2021': nsa2021, kubekata} as const;

export type FrameworkId = keyof typeof frameworks;
