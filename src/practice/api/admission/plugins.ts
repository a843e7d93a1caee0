import {asArray, asObject, asString, type JsonObject} from '../../../engine/json.ts';
import {annotationsOf} from '../../../engine/objects.ts';
import {forbidden, notFound} from '../api-error.ts';
import type {Context} from '../context.ts';
import {children, type Draft, ensure, ensureList} from '../draft.ts';
import type {Stored} from '../machine.ts';
import {nanoOf} from '../quantity.ts';
import type {ResourceInfo} from '../resources.ts';
import type {ApiServer} from '../server.ts';
import {checkCertificateRequest, requestsId} from './certificate-plugins.ts';
import {checkOwners} from './owner-references.ts';
import {checkAntiAffinity, labelTopology, selectNodes} from './pod-placement.ts';
import {admitRuntimeClass, checkRuntimeClass} from './runtime-class.ts';
import {restrictTolerations, tolerateExtended} from './tolerations.ts';

/** Plugins that say where a new pod may run. @throws {ApiError} 403, 500 */
export function placePod(server: ApiServer, info: ResourceInfo, pod: Draft): void {
  const {plugins} = server.settings;
  if (plugins.has('PodNodeSelector')) selectNodes(server, info, pod);
  placeAgain(server, pod, true);
  if (plugins.has('RuntimeClass')) admitRuntimeClass(server, info, pod);
  if (plugins.has('PodTopologyLabels')) labelTopology(server, pod);
}

/** Those of them that look at a changed pod too. @throws {ApiError} 500 */
export function placeAgain(server: ApiServer, pod: Draft, isNew = false): void {
  const {plugins} = server.settings;
  if (plugins.has('PodTolerationRestriction')) restrictTolerations(server, pod, isNew);
  if (plugins.has('ExtendedResourceToleration')) tolerateExtended(pod);
}

const notReady = 'node.kubernetes.io/not-ready';

/** The plugin TaintNodesByCondition: nothing is put on a new node before it is ready. */
export function taintNew(node: Draft): void {
  const spec = ensure(node, 'spec');
  if (!children(spec, 'taints').some(({key, effect}) => key === notReady && effect === 'NoSchedule'))
    ensureList(spec, 'taints').push({key: notReady, effect: 'NoSchedule'});
}

/** Refuses a valid write, as plugins without a matter of their own do. @throws {ApiError} 403, 404 */
export function checkByPlugins(
  server: ApiServer,
  info: ResourceInfo,
  object: Draft,
  old: Stored | undefined,
  sub: string,
  context: Context,
): void {
  const {plugins} = server.settings;
  const {name, namespace} = asObject(object.metadata);
  if (plugins.has('NamespaceExists') && info.namespaced && !server.get('namespaces', '', asString(namespace)))
    throw notFound({plural: 'namespaces', group: '', kind: 'Namespace'}, asString(namespace));
  if (plugins.has('OwnerReferencesPermissionEnforcement'))
    checkOwners(server, info, object, old, sub, context.user);
  if (info.id === requestsId) checkCertificateRequest(server, info, object, old, sub, context.user);
  if (sub !== '') return;
  const refuse = (why: string): never => {
    throw forbidden(info, asString(name), why);
  };
  switch (info.id) {
    case 'pods':
      if (plugins.has('LimitPodHardAntiAffinityTopology')) checkAntiAffinity(info, object);
      if (plugins.has('RuntimeClass') && !old) checkRuntimeClass(server, info, object);
      return;
    case 'services':
      if (plugins.has('DenyServiceExternalIPs') && hasNewAddress(object, old))
        refuse('Use of external IPs is denied by admission control');
      return;
    case 'persistentvolumeclaims':
      if (!plugins.has('PersistentVolumeClaimResize') || !old || sizeOf(object) <= sizeOf(old)) return;
      if (asObject(old.status).phase !== 'Bound')
        refuse('Only bound persistent volume claims can be expanded');
      if (!mayGrow(server, object, old))
        refuse(
          'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
        );
      return;
    default:
  }
}

const addressesOf = (service: JsonObject | undefined): readonly string[] =>
  asArray(asObject(service?.spec).externalIPs).map(asString);

const hasNewAddress = (service: JsonObject, old: Stored | undefined): boolean =>
  addressesOf(service).some((address) => !addressesOf(old).includes(address));

const sizeOf = (claim: JsonObject): bigint =>
  nanoOf(asObject(asObject(asObject(claim.spec).resources).requests).storage);

const classOf = (claim: JsonObject): string =>
  asString(annotationsOf(claim)['volume.beta.kubernetes.io/storage-class']) ||
  asString(asObject(claim.spec).storageClassName);

function mayGrow(server: ApiServer, claim: JsonObject, old: Stored): boolean {
  const name = classOf(claim);
  if (!name || name !== classOf(old)) return false;
  return server.get('storageclasses.storage.k8s.io', '', name)?.allowVolumeExpansion === true;
}
