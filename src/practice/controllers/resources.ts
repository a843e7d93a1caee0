import {asArray, asObject, asString} from '../../engine/json.ts';
import {groupOf} from '../../engine/kinds.ts';
import type {Cache} from './cache.ts';

const core = [
  ['Namespace', 'namespaces'],
  ['Node', 'nodes'],
  ['PersistentVolume', 'persistentvolumes'],
  ['ServiceAccount', 'serviceaccounts'],
  ['ConfigMap', 'configmaps'],
  ['Secret', 'secrets'],
  ['LimitRange', 'limitranges'],
  ['ResourceQuota', 'resourcequotas'],
  ['PersistentVolumeClaim', 'persistentvolumeclaims'],
  ['Service', 'services'],
  ['Endpoints', 'endpoints'],
  ['PodTemplate', 'podtemplates'],
  ['ReplicationController', 'replicationcontrollers'],
  ['Pod', 'pods'],
] as const;

const grouped = [
  ['CustomResourceDefinition', 'customresourcedefinitions.apiextensions.k8s.io'],
  ['ControllerRevision', 'controllerrevisions.apps'],
  ['Deployment', 'deployments.apps'],
  ['ReplicaSet', 'replicasets.apps'],
  ['StatefulSet', 'statefulsets.apps'],
  ['DaemonSet', 'daemonsets.apps'],
  ['Job', 'jobs.batch'],
  ['CronJob', 'cronjobs.batch'],
  ['HorizontalPodAutoscaler', 'horizontalpodautoscalers.autoscaling'],
  ['EndpointSlice', 'endpointslices.discovery.k8s.io'],
  ['NetworkPolicy', 'networkpolicies.networking.k8s.io'],
  ['Ingress', 'ingresses.networking.k8s.io'],
  ['IngressClass', 'ingressclasses.networking.k8s.io'],
  ['PodDisruptionBudget', 'poddisruptionbudgets.policy'],
  ['StorageClass', 'storageclasses.storage.k8s.io'],
  ['Role', 'roles.rbac.authorization.k8s.io'],
  ['RoleBinding', 'rolebindings.rbac.authorization.k8s.io'],
  ['ClusterRole', 'clusterroles.rbac.authorization.k8s.io'],
  ['ClusterRoleBinding', 'clusterrolebindings.rbac.authorization.k8s.io'],
  ['Lease', 'leases.coordination.k8s.io'],
  ['CertificateSigningRequest', 'certificatesigningrequests.certificates.k8s.io'],
  ['PriorityClass', 'priorityclasses.scheduling.k8s.io'],
] as const;

const byKind = new Map<string, string>(
  [...core, ...grouped].map(([kind, resource]) => [
    `${resource.split('.').slice(1).join('.')}/${kind}`,
    resource,
  ]),
);

/** Resources whose objects are known from the start; those of CustomResourceDefinitions come from these. */
export const builtInResources: readonly string[] = [...byKind.values()];

/** Resources (plural and group) that CustomResourceDefinitions add. */
export const customResources = (cache: Cache): readonly string[] =>
  cache.list('customresourcedefinitions.apiextensions.k8s.io').map((definition) => definition.metadata.name);

export function isServedKind(cache: Cache, apiVersion: string, kind: string): boolean {
  const group = groupOf(apiVersion);
  if (byKind.has(`${group}/${kind}`)) return true;
  return cache.list('customresourcedefinitions.apiextensions.k8s.io').some((definition) => {
    const spec = asObject(definition.spec);
    const versions = asArray(spec.versions).map((version) => asString(asObject(version).name));
    return (
      asString(spec.group) === group &&
      asString(asObject(spec.names).kind) === kind &&
      versions.includes(apiVersion.slice(group.length + 1))
    );
  });
}
