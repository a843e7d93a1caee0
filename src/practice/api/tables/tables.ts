import {asObject, type Json, type JsonObject} from '../../../engine/json.ts';
import type {Stored} from '../machine.ts';
import type {Column, ResourceInfo} from '../resources.ts';
import * as cluster from './cluster.ts';
import {customCells} from './custom.ts';
import {since} from './duration.ts';
import {podRow} from './pods.ts';
import * as storage from './storage.ts';
import * as workloads from './workloads.ts';

export type Row = {readonly cells: readonly Json[]; readonly conditions?: readonly JsonObject[]};

const columnTexts = new WeakMap<ResourceInfo, string>();
const onlyName: readonly Column[] = [{name: 'Name', type: 'string', format: 'name', priority: 0}];

/** Column definitions as JSON text. */
export function tableColumns(info: ResourceInfo): string {
  let text = columnTexts.get(info);
  if (text === undefined) {
    const columns = info.columns.length > 0 ? info.columns : onlyName;
    text = JSON.stringify(
      columns.map(({name, type, format, priority, description}) => ({
        name,
        type,
        format,
        description: description ?? `${name} of ${info.plural}`,
        priority,
      })),
    );
    columnTexts.set(info, text);
  }
  return text;
}

const byResource: Readonly<Record<string, (object: JsonObject) => readonly Json[]>> = {
  nodes: cluster.node,
  namespaces: cluster.namespace,
  services: cluster.service,
  configmaps: cluster.configMap,
  secrets: cluster.secret,
  events: cluster.event,
  'events.events.k8s.io': cluster.event,
  endpoints: cluster.endpoints,
  resourcequotas: cluster.quota,
  replicationcontrollers: workloads.replicationController,
  persistentvolumeclaims: storage.claim,
  persistentvolumes: storage.volume,
  'deployments.apps': workloads.deployment,
  'replicasets.apps': workloads.replicaSet,
  'statefulsets.apps': workloads.statefulSet,
  'daemonsets.apps': workloads.daemonSet,
  'controllerrevisions.apps': cluster.controllerRevision,
  'jobs.batch': workloads.job,
  'cronjobs.batch': workloads.cronJob,
  'horizontalpodautoscalers.autoscaling': workloads.autoscaler,
  'scales.autoscaling': workloads.scale,
  'poddisruptionbudgets.policy': workloads.disruptionBudget,
  'ingresses.networking.k8s.io': cluster.ingress,
  'ingressclasses.networking.k8s.io': cluster.ingressClass,
  'networkpolicies.networking.k8s.io': cluster.networkPolicy,
  'endpointslices.discovery.k8s.io': cluster.endpointSlice,
  'rolebindings.rbac.authorization.k8s.io': cluster.binding,
  'clusterrolebindings.rbac.authorization.k8s.io': cluster.binding,
  'certificatesigningrequests.certificates.k8s.io': cluster.certificateRequest,
  'leases.coordination.k8s.io': cluster.lease,
  'runtimeclasses.node.k8s.io': cluster.runtimeClass,
  'priorityclasses.scheduling.k8s.io': cluster.priorityClass,
  'apiservices.apiregistration.k8s.io': cluster.apiService,
  'storageclasses.storage.k8s.io': storage.storageClass,
  'csidrivers.storage.k8s.io': storage.csiDriver,
  'csinodes.storage.k8s.io': storage.csiNode,
  'validatingadmissionpolicies.admissionregistration.k8s.io': storage.admissionPolicy,
  'mutatingadmissionpolicies.admissionregistration.k8s.io': storage.admissionPolicy,
  'validatingadmissionpolicybindings.admissionregistration.k8s.io': storage.admissionBinding,
  'mutatingadmissionpolicybindings.admissionregistration.k8s.io': storage.admissionBinding,
  'validatingwebhookconfigurations.admissionregistration.k8s.io': storage.webhooks,
  'mutatingwebhookconfigurations.admissionregistration.k8s.io': storage.webhooks,
};

/** An object's cells, as many as its kind has columns. */
export function rowOf(info: ResourceInfo, object: Stored): Row {
  if (info.id === 'pods') return podRow(object);
  const cells = byResource[info.id];
  if (cells) return {cells: cells(object)};
  if (info.custom) return {cells: customCells(info.columns, object)};
  return {cells: (info.columns.length > 0 ? info.columns : onlyName).map((column) => plain(column, object))};
}

function plain(column: Column, object: Stored): Json {
  if (column.name === 'Name') return object.metadata.name ?? '';
  if (column.name === 'Age') return since(object.metadata.creationTimestamp);
  if (column.name === 'Created At') return object.metadata.creationTimestamp ?? '';
  const key = `${column.name[0]!.toLowerCase()}${column.name.slice(1)}`;
  return asObject(object.spec)[key] ?? '';
}
