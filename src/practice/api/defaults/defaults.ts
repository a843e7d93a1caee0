import {asObject, type Json} from '../../../engine/json.ts';
import {type Draft, ensure} from '../draft.ts';
import type {Stored} from '../machine.ts';
import type {ResourceInfo} from '../resources.ts';
import type {ApiServer} from '../server.ts';
import {defaultCustom} from './custom.ts';
import * as others from './others.ts';
import {allocateService, defaultService} from './service.ts';
import * as workloads from './workloads.ts';

const byResource: Readonly<Record<string, (object: Draft) => void>> = {
  pods: workloads.defaultPod,
  podtemplates: workloads.defaultPodTemplate,
  replicationcontrollers: workloads.defaultReplicationController,
  'deployments.apps': workloads.defaultDeployment,
  'replicasets.apps': workloads.defaultReplicaSet,
  'daemonsets.apps': workloads.defaultDaemonSet,
  'statefulsets.apps': workloads.defaultStatefulSet,
  'jobs.batch': workloads.defaultJob,
  'cronjobs.batch': workloads.defaultCronJob,
  services: defaultService,
  secrets: others.defaultSecret,
  namespaces: others.defaultNamespace,
  endpoints: others.defaultEndpoints,
  limitranges: others.defaultLimitRange,
  persistentvolumes: others.defaultVolume,
  persistentvolumeclaims: others.defaultClaim,
  'endpointslices.discovery.k8s.io': others.defaultEndpointSlice,
  'rolebindings.rbac.authorization.k8s.io': others.defaultBinding,
  'clusterrolebindings.rbac.authorization.k8s.io': others.defaultBinding,
  'networkpolicies.networking.k8s.io': others.defaultNetworkPolicy,
  'ingressclasses.networking.k8s.io': others.defaultIngressClass,
  'storageclasses.storage.k8s.io': others.defaultStorageClass,
  'csidrivers.storage.k8s.io': others.defaultCsiDriver,
  'horizontalpodautoscalers.autoscaling': others.defaultAutoscaler,
  'priorityclasses.scheduling.k8s.io': others.defaultPriorityClass,
  'validatingwebhookconfigurations.admissionregistration.k8s.io': others.defaultWebhooks,
  'mutatingwebhookconfigurations.admissionregistration.k8s.io': others.defaultWebhooks,
  'validatingadmissionpolicies.admissionregistration.k8s.io': others.defaultAdmissionPolicy,
  'mutatingadmissionpolicies.admissionregistration.k8s.io': others.defaultAdmissionPolicy,
  'validatingadmissionpolicybindings.admissionregistration.k8s.io': others.defaultAdmissionBinding,
  'mutatingadmissionpolicybindings.admissionregistration.k8s.io': others.defaultAdmissionBinding,
  'customresourcedefinitions.apiextensions.k8s.io': others.defaultDefinition,
};

/** Fills in what the object leaves open, as the server does. */
export function applyDefaults(info: ResourceInfo, draft: Draft): void {
  if (info.custom) defaultCustom(asObject(info.custom.schema as Json), draft);
  else byResource[info.id]?.(draft);
}

/** What only this server can give: addresses, and selectors that name the object itself. */
export function allocate(info: ResourceInfo, draft: Draft, server: ApiServer, old?: Stored): void {
  if (info.id === 'services') allocateService(draft, server, old);
  if (info.id === 'customresourcedefinitions.apiextensions.k8s.io' && !old)
    others.establishDefinition(draft, String(ensure(draft, 'metadata').creationTimestamp));
}
