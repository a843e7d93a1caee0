import {asArray, asObject, asString, equal, isObject, type JsonObject} from '../../../engine/json.ts';
import {labelsOf} from '../../../engine/objects.ts';
import {forbidden, notFound} from '../api-error.ts';
import {decide} from '../authz.ts';
import type {User} from '../context.ts';
import type {Stored} from '../machine.ts';
import {nodeOf} from '../node-authorizer.ts';
import {accountOf, configMapsOf, isMirror, mirrorKey, secretsOf, volumesOf} from '../pod-references.ts';
import type {ApiServer} from '../server.ts';
import type {Refuse, Write} from './node-restriction.ts';

const onNode = (pod: JsonObject, node: string): boolean => asObject(pod.spec).nodeName === node;

/** The pod as the plugin finds it: its lister names the kind in the singular. @throws {ApiError} 404 */
function podOf(server: ApiServer, namespace: string, name: string): Stored {
  const pod = server.get('pods', namespace, name);
  if (!pod) throw notFound({plural: 'pod', group: '', kind: 'Pod'}, name);
  return pod;
}

/** @throws {ApiError} 403, 404 */
export function restrictPod(server: ApiServer, node: string, write: Write, refuse: Refuse): void {
  const {operation, sub, namespace, name, object = {}, old = {}} = write;
  const who = `node ${JSON.stringify(node)}`;
  switch (sub) {
    case '':
      if (operation === 'CREATE') restrictMirror(server, node, object, refuse);
      else if (operation !== 'DELETE')
        refuse(`unexpected operation "${operation}", ${who} can only create and delete mirror pods`);
      else if (!onNode(podOf(server, namespace, name), node))
        refuse(`${who} can only delete pods with spec.nodeName set to itself`);
      return;
    case 'status': {
      if (!onNode(old, node))
        refuse(`${who} can only update pod status for pods with spec.nodeName set to itself`);
      if (!equal(labelsOf(object), labelsOf(old))) refuse(`${who} cannot update labels through pod status`);
      const [after, before] = [asObject(object.status), asObject(old.status)];
      if (!equal(asArray(after.resourceClaimStatuses), asArray(before.resourceClaimStatuses)))
        refuse(`${who} cannot update resource claim statues`);
      if (!equal(asObject(after.extendedResourceClaimStatus), asObject(before.extendedResourceClaimStatus)))
        refuse(`${who} cannot update extended resource claim status`);
      return;
    }
    case 'eviction':
      if (!onNode(podOf(server, namespace, name), node))
        refuse(`node ${node} can only evict pods with spec.nodeName set to itself`);
      return;
    default:
      refuse(`unexpected pod subresource ${JSON.stringify(sub)}, only 'status' and 'eviction' are allowed`);
  }
}

/** A kubelet makes pods only as mirrors of its own, which can't get at anything of the API. */
function restrictMirror(server: ApiServer, node: string, pod: JsonObject, refuse: Refuse): void {
  const who = `node ${JSON.stringify(node)}`;
  if (!isMirror(pod))
    refuse(`pod does not have "${mirrorKey}" annotation, ${who} can only create mirror pods`);
  if (!onNode(pod, node)) refuse(`${who} can only create pods with spec.nodeName set to itself`);
  const owners = asArray(asObject(pod.metadata).ownerReferences).map(asObject);
  if (owners.length > 1) refuse(`${who} can only create pods with a single owner reference set to itself`);
  const [owner] = owners;
  if (owner?.apiVersion !== 'v1' || owner.kind !== 'Node' || owner.name !== node)
    refuse(`${who} can only create pods with an owner reference set to itself`);
  if (owner.controller !== true)
    refuse(`${who} can only create pods with a controller owner reference set to itself`);
  if (owner.blockOwnerDeletion === true)
    refuse(`${who} must not set blockOwnerDeletion on an owner reference`);
  const found = server.get('nodes', '', node);
  if (!found) throw notFound({plural: 'node', group: '', kind: 'Node'}, node);
  if (owner.uid !== found.metadata.uid)
    refuse(`node ${node} UID mismatch: expected ${asString(owner.uid)} got ${asString(found.metadata.uid)}`);
  const used = referenceOf(pod);
  if (used) refuse(`${who} can not create pods that reference ${used}`);
}

const volumeReferences: Readonly<Record<string, string>> = {
  configMap: 'configmaps (via configmap volumes)',
  secret: 'secrets (via secret volumes)',
  csi: 'csidrivers (via CSI volumes)',
  glusterfs: 'endpoints (via glusterFS volumes)',
  persistentVolumeClaim: 'persistentvolumeclaims',
  ephemeral: 'persistentvolumeclaims (via ephemeral volumes)',
  azureFile: 'secrets (via azureFile volumes)',
};

const sourceReferences: Readonly<Record<string, string>> = {
  configMap: 'configmaps (via projected volumes)',
  secret: 'secrets (via projected volumes)',
  serviceAccountToken: 'serviceaccounts (via projected volumes)',
  clusterTrustBundle: 'clustertrustbundles',
  podCertificate: 'podcertificates',
};

const referenceIn = (source: JsonObject, known: Readonly<Record<string, string>>): string | undefined =>
  Object.entries(known).find(([key]) => isObject(source[key]))?.[1];

/** The first kind of object that a pod refers to. */
function referenceOf(pod: JsonObject): string | undefined {
  if (accountOf(pod)) return 'serviceaccounts';
  if (secretsOf(pod).length > 0) return 'secrets';
  if (configMapsOf(pod).length > 0) return 'configmaps';
  if (asArray(asObject(pod.spec).resourceClaims).length > 0) return 'resourceclaims';
  for (const volume of volumesOf(pod)) {
    const direct = referenceIn(volume, volumeReferences);
    if (direct) return direct;
    for (const source of asArray(asObject(volume.projected).sources)) {
      const found = referenceIn(asObject(source), sourceReferences);
      if (found) return found;
    }
  }
  return undefined;
}

/**
 * A kubelet gets tokens only for pods of its node, and for audiences that they name.
 * @throws {ApiError} 403, 404
 */
export function restrictToken(
  server: ApiServer,
  user: User,
  namespace: string,
  account: string,
  spec: JsonObject,
): void {
  const node = nodeOf(user);
  if (node === undefined || !server.settings.plugins.has('NodeRestriction')) return;
  const refuse: Refuse = (why) => {
    throw forbidden({plural: 'serviceaccounts', group: '', kind: 'ServiceAccount'}, account, why);
  };
  if (node === '') refuse(`could not determine node from user ${JSON.stringify(user.name)}`);
  const reference = asObject(spec.boundObjectRef);
  if (reference.apiVersion !== 'v1' || reference.kind !== 'Pod' || !asString(reference.name))
    refuse('node requested token not bound to a pod');
  const uid = asString(reference.uid);
  if (!uid) refuse('node requested token with a pod binding without a uid');
  const pod = podOf(server, namespace, asString(reference.name));
  if (uid !== pod.metadata.uid)
    refuse(
      `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  if (!onNode(pod, node)) refuse('node requested token bound to a pod scheduled on a different node');
  const audiences = asArray(spec.audiences).map(asString);
  if (audiences.length > 1) refuse('node may only request 0 or 1 audiences');
  const [audience = ''] = audiences;
  const {isNamed, problems} = lookForAudience(server, pod, audience);
  if (isNamed) return;
  if (problems.length > 0) {
    const all = problems.length === 1 ? problems[0] : `[${problems.join(', ')}]`;
    refuse(`error validating audience ${JSON.stringify(audience)}: ${all}`);
  }
  const {allowed} = decide(server, user, {
    ...{verb: 'request-serviceaccounts-token-audience', isResource: true, path: '', rest: ''},
    ...{group: '', version: 'v1', namespace, resource: audience, name: account, subresource: ''},
  });
  if (!allowed)
    refuse(
      `audience ${JSON.stringify(audience)} not found in pod spec volume, ${user.name} is not authorized to request tokens for this audience`,
    );
}

/** What isn't there, as its lister says. */
class Missing {
  readonly what: string;
  constructor(kind: string, name: string) {
    this.what = `${kind} ${JSON.stringify(name)} not found`;
  }
}

/** The storage driver of a volume, empty where it has none; or what of the way to it is missing. */
function driverOf(server: ApiServer, pod: Stored, volume: JsonObject): string | Missing {
  const {name = '', namespace = ''} = pod.metadata;
  if (isObject(volume.csi)) return asString(volume.csi.driver);
  const claimName = isObject(volume.ephemeral)
    ? `${name}-${asString(volume.name)}`
    : asString(asObject(volume.persistentVolumeClaim).claimName);
  if (!claimName) return '';
  const claim = server.get('persistentvolumeclaims', namespace, claimName);
  if (!claim) return new Missing('persistentvolumeclaim', claimName);
  const volumeName = asString(asObject(claim.spec).volumeName);
  const stored = server.get('persistentvolumes', '', volumeName);
  return stored
    ? asString(asObject(asObject(stored.spec).csi).driver)
    : new Missing('persistentvolume', volumeName);
}

/** Whether a volume of the pod has tokens for the audience: its own, or its storage driver's. */
function lookForAudience(
  server: ApiServer,
  pod: Stored,
  audience: string,
): {readonly isNamed: boolean; readonly problems: readonly string[]} {
  const problems: string[] = [];
  for (const volume of volumesOf(pod)) {
    const own = asArray(asObject(volume.projected).sources).map((one) => asObject(one).serviceAccountToken);
    if (own.some((token) => isObject(token) && asString(token.audience) === audience))
      return {isNamed: true, problems};
    const name = driverOf(server, pod, volume);
    if (name === '') continue;
    const driver = typeof name === 'string' ? server.get('csidrivers.storage.k8s.io', '', name) : name;
    if (!driver || driver instanceof Missing) {
      problems.push(
        (driver ?? new Missing('csidriver.storage.k8s.io', typeof name === 'string' ? name : '')).what,
      );
      continue;
    }
    const requests = asArray(asObject(driver.spec).tokenRequests).map(asObject);
    if (requests.some((one) => asString(one.audience) === audience)) return {isNamed: true, problems};
  }
  return {isNamed: false, problems};
}
