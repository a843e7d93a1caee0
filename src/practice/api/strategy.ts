import {equal, isObject, type JsonObject} from '../../engine/json.ts';
import {selectJobPods} from './defaults/workloads.ts';
import {child, copyValue, type Draft, ensure, ensureList, setText, text} from './draft.ts';
import type {Stored} from './machine.ts';
import {newUid} from './names.ts';
import type {ResourceInfo} from './resources.ts';

/** Kinds whose spec changes raise `metadata.generation`. */
const withGeneration = new Set([
  'pods',
  'replicationcontrollers',
  'deployments.apps',
  'daemonsets.apps',
  'statefulsets.apps',
  'replicasets.apps',
  'jobs.batch',
  'cronjobs.batch',
  'networkpolicies.networking.k8s.io',
  'ingresses.networking.k8s.io',
  'poddisruptionbudgets.policy',
  'validatingwebhookconfigurations.admissionregistration.k8s.io',
  'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  'validatingadmissionpolicies.admissionregistration.k8s.io',
  'mutatingadmissionpolicies.admissionregistration.k8s.io',
  'mutatingadmissionpolicybindings.admissionregistration.k8s.io',
  'customresourcedefinitions.apiextensions.k8s.io',
  'flowschemas.flowcontrol.apiserver.k8s.io',
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
  'ingressclasses.networking.k8s.io',
  'priorityclasses.scheduling.k8s.io',
  'resourceclaims.resource.k8s.io',
  'resourceslices.resource.k8s.io',
]);

export const tracksGeneration = (info: ResourceInfo): boolean =>
  info.custom !== undefined || withGeneration.has(info.id);

/** What a new object may not bring along: the server or a controller sets it. */
export function prepareCreate(info: ResourceInfo, draft: Draft): void {
  if (info.subresources.has('status') && info.id !== 'customresourcedefinitions.apiextensions.k8s.io')
    resetStatus(info, draft);
  if (info.id === 'namespaces') {
    const spec = ensure(draft, 'spec');
    const finalizers = ensureList(spec, 'finalizers');
    if (!finalizers.includes('kubernetes')) finalizers.push('kubernetes');
  }
  if (tracksGeneration(info)) ensure(draft, 'metadata').generation = 1;
  if (info.id === 'jobs.batch') selectJobPods(draft);
  if (info.id === 'limitranges') setText(ensure(draft, 'metadata'), 'name', newUid());
  if (info.id === 'certificatesigningrequests.certificates.k8s.io') draft.status = {};
}

function resetStatus(info: ResourceInfo, draft: Draft): void {
  switch (info.id) {
    case 'pods':
      draft.status = {phase: 'Pending', qosClass: qosClass(draft)};
      return;
    case 'namespaces':
      draft.status = {phase: 'Active'};
      return;
    case 'persistentvolumes':
    case 'persistentvolumeclaims':
      draft.status = {phase: 'Pending'};
      return;
    case 'services':
      draft.status = {loadBalancer: {}};
      return;
    case 'ingresses.networking.k8s.io':
      draft.status = {loadBalancer: {}};
      return;
    // A node registers itself with its status, and the scenario's nodes do.
    case 'nodes':
      return;
    case 'resourcequotas':
    case 'jobs.batch':
    case 'cronjobs.batch':
      draft.status = {};
      return;
    default:
      if (info.custom) delete draft.status;
      else {
        const field = info.type.fields.get('status');
        if (!field || field.omit) delete draft.status;
        else draft.status = emptyStatus(info.id);
      }
  }
}

const emptyStatus = (id: string): Draft => {
  switch (id) {
    case 'statefulsets.apps':
      return {replicas: 0, availableReplicas: 0};
    case 'replicasets.apps':
    case 'replicationcontrollers':
      return {replicas: 0};
    case 'daemonsets.apps':
      return {currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0};
    case 'horizontalpodautoscalers.autoscaling':
      return {desiredReplicas: 0, currentMetrics: null};
    case 'poddisruptionbudgets.policy':
      return {disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0};
    default:
      return {};
  }
};

/** What an update through the main resource, or through a subresource, may not change. */
export function prepareUpdate(info: ResourceInfo, draft: Draft, old: Stored, sub: string): Draft {
  if (sub === 'status') return withStatusOf(draft, old, info);
  if (sub === 'approval') return withApprovalOf(draft, old);
  if (info.subresources.has('status')) {
    if (old.status === undefined) delete draft.status;
    else draft.status = copyValue(old.status);
  }
  if (sub !== 'finalize' && info.id === 'namespaces' && isObject(old.spec)) draft.spec = copyValue(old.spec);
  if (
    sub !== 'approval' &&
    info.id === 'certificatesigningrequests.certificates.k8s.io' &&
    isObject(old.spec)
  ) {
    draft.spec = copyValue(old.spec);
  }
  if (tracksGeneration(info)) {
    const metadata = ensure(draft, 'metadata');
    const generation = Number(old.metadata.generation ?? 0);
    metadata.generation = specChanged(info, draft, old) ? generation + 1 : generation;
    if (metadata.generation === 0) delete metadata.generation;
    if (info.id === 'daemonsets.apps') countTemplates(draft, old);
  }
  return draft;
}

const templateGeneration = 'deprecated.daemonset.template.generation';

/** A DaemonSet counts the changes of its template in an annotation. */
function countTemplates(draft: Draft, old: Stored): void {
  const count = Number(annotationsOf(old)[templateGeneration] ?? 0);
  const isNew = !equal(child(draft, 'spec')?.template, child(old as Draft, 'spec')?.template);
  const annotations = ensure(ensure(draft, 'metadata'), 'annotations');
  annotations[templateGeneration] = String(isNew ? count + 1 : count);
}

const annotationsOf = (object: JsonObject): JsonObject =>
  child(child(object as Draft, 'metadata'), 'annotations') ?? {};

function specChanged(info: ResourceInfo, draft: Draft, old: Stored): boolean {
  if (info.custom) {
    const strip = (object: JsonObject): JsonObject => {
      const {metadata: _, status: __, ...rest} = object;
      return info.subresources.has('status') ? rest : {...rest, ...(__ === undefined ? {} : {status: __})};
    };
    return !equal(strip(draft), strip(old));
  }
  if (info.id === 'deployments.apps' && !equal(annotationsOf(draft as Stored), annotationsOf(old)))
    return true;
  for (const key of ['spec', 'webhooks', 'data', 'value']) {
    if (!equal(draft[key], old[key])) return true;
  }
  return false;
}

/** An approval changes the conditions alone. */
function withApprovalOf(draft: Draft, old: Stored): Draft {
  const result = withStatusOf(draft, old, undefined);
  const certificate = child(old as Draft, 'status')?.certificate;
  const status = ensure(result, 'status');
  if (certificate === undefined) delete status.certificate;
  else status.certificate = certificate;
  return result;
}

/** What a write of the status may change of the metadata. */
const freeMetadata = ['labels', 'annotations', 'finalizers', 'ownerReferences'];

/** The object as it was, with the new status; of a built-in kind with what else comes along in the metadata. */
function withStatusOf(draft: Draft, old: Stored, info: ResourceInfo | undefined): Draft {
  const result = copyValue(old) as Draft;
  if (draft.status === undefined) delete result.status;
  else result.status = draft.status;
  const given = ensure(draft, 'metadata');
  const metadata = ensure(result, 'metadata');
  if (given.managedFields !== undefined) metadata.managedFields = given.managedFields;
  if (!info || info.custom) return result;
  for (const key of freeMetadata) {
    if (info.id === 'deployments.apps' && key === 'labels') continue;
    if (info.id === 'pods' && key === 'ownerReferences') continue;
    const value = given[key];
    if (value === undefined) delete metadata[key];
    else metadata[key] = value;
  }
  return result;
}

/** Guaranteed, Burstable or BestEffort, from the resources of all containers. */
export function qosClass(pod: JsonObject): string {
  const spec = child(pod as Draft, 'spec');
  const containers = [...list(spec, 'containers'), ...list(spec, 'initContainers')];
  let any = false;
  let guaranteed = true;
  for (const container of containers) {
    const resources = child(container, 'resources');
    for (const name of ['cpu', 'memory']) {
      const request = text(child(resources, 'requests'), name);
      const limit = text(child(resources, 'limits'), name);
      if ((request && request !== '0') || (limit && limit !== '0')) any = true;
      if (!limit || limit === '0' || (request && request !== limit)) guaranteed = false;
    }
  }
  if (!any) return 'BestEffort';
  return guaranteed ? 'Guaranteed' : 'Burstable';
}

const list = (parent: Draft | undefined, key: string): Draft[] => {
  const value = parent?.[key];
  return Array.isArray(value) ? (value as Draft[]) : [];
};
