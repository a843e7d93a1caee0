import {asObject, asString, type JsonObject} from '../../engine/json.ts';
import type {User} from './context.ts';
import type {RequestInfo} from './http/request-info.ts';
import type {Stored} from './machine.ts';
import {
  accountOf,
  claimsOf,
  configMapsOf,
  isMirror,
  resourceClaimsOf,
  secretsOf,
  secretsOfVolume,
} from './pod-references.ts';
import {idOf} from './resources.ts';
import type {ApiServer} from './server.ts';

const prefix = 'system:node:';

/** The node that a kubelet's user is of: empty for a nameless one, undefined for who is no kubelet. */
export const nodeOf = (user: User): string | undefined =>
  user.name.startsWith(prefix) && user.groups.includes('system:nodes')
    ? user.name.slice(prefix.length)
    : undefined;

/** Allowed, or why not; an empty reason where the real one gives none. */
export type NodeVerdict = {readonly allowed: boolean; readonly reason: string};

const allowed: NodeVerdict = {allowed: true, reason: ''};
const no = (reason = ''): NodeVerdict => ({allowed: false, reason});

const read = ['get', 'list', 'watch'];

/** What every kubelet may do alike: verbs by resource. */
const forAll: Readonly<Record<string, readonly string[]>> = {
  'tokenreviews.authentication.k8s.io': ['create'],
  'subjectaccessreviews.authorization.k8s.io': ['create'],
  'localsubjectaccessreviews.authorization.k8s.io': ['create'],
  services: read,
  events: ['create', 'update', 'patch'],
  'events.events.k8s.io': ['create', 'update', 'patch'],
  endpoints: ['get'],
  'certificatesigningrequests.certificates.k8s.io': ['create', ...read],
  'csidrivers.storage.k8s.io': read,
  'runtimeclasses.node.k8s.io': read,
};

/** What the Node authoriser says; it has no opinion of those who are no kubelet. */
export function authorizeNode(server: ApiServer, user: User, info: RequestInfo): NodeVerdict {
  const node = nodeOf(user);
  if (node === undefined) return no();
  if (node === '') return no(`unknown node for user ${JSON.stringify(user.name)}`);
  if (!info.isResource) return no();
  const id = idOf(info.resource, info.group);
  const related = (): NodeVerdict =>
    !info.name
      ? no('No Object name found')
      : isRelated(server, node, id, info.namespace, info.name)
        ? allowed
        : no(`no relationship found between node '${node}' and this object`);
  const get = (): NodeVerdict => {
    if (info.verb !== 'get') return no('can only get individual resources of this type');
    return info.subresource ? no('cannot get subresource') : related();
  };
  const readOne = (): NodeVerdict => {
    if (!read.includes(info.verb)) return no('can only read resources of this type');
    if (info.subresource) return no('cannot read subresource');
    return info.namespace ? related() : no('can only read namespaced object of this type');
  };
  switch (id) {
    case 'secrets':
    case 'configmaps':
      return readOne();
    case 'persistentvolumeclaims':
      if (info.subresource !== 'status') return get();
      return isWrite(info.verb) ? related() : no('can only get/update/patch this type');
    case 'persistentvolumes':
    case 'resourceclaims.resource.k8s.io':
    case 'volumeattachments.storage.k8s.io':
      return get();
    case 'serviceaccounts':
      if (info.verb === 'get' && !info.subresource) return readOne();
      if (info.verb !== 'create' || !info.name)
        return no('can only create tokens for individual service accounts');
      return info.subresource === 'token'
        ? related()
        : no('can only create token subresource of serviceaccount');
    case 'leases.coordination.k8s.io':
      return ownLease(node, info);
    case 'csinodes.storage.k8s.io':
      return ownCsiNode(node, info);
    case 'resourceslices.resource.k8s.io':
      return ownSlices(node, info, related);
    case 'nodes':
      return ownNode(node, info);
    case 'pods':
      return ownPods(node, info, related, get);
    case 'podcertificaterequests.certificates.k8s.io':
      return no();
    default:
      return !info.subresource && forAll[id]?.includes(info.verb) ? allowed : no();
  }
}

const isWrite = (verb: string): boolean => verb === 'update' || verb === 'patch';
const ownVerbs = ['get', 'create', 'update', 'patch', 'delete'];

function ownLease(node: string, {verb, namespace, name}: RequestInfo): NodeVerdict {
  if (!ownVerbs.includes(verb)) return no('can only get, create, update, patch, or delete a node lease');
  if (namespace !== 'kube-node-lease')
    return no('can only access leases in the "kube-node-lease" system namespace');
  // Of a new one only its body has the name: NodeRestriction looks at that.
  if (verb === 'create' || name === node) return allowed;
  return no('can only access node lease with the same name as the requesting node');
}

function ownCsiNode(node: string, {verb, subresource, name}: RequestInfo): NodeVerdict {
  if (!ownVerbs.includes(verb)) return no('can only get, create, update, patch, or delete a CSINode');
  if (subresource) return no('cannot authorize CSINode subresources');
  if (verb === 'create' || name === node) return allowed;
  return no('can only access CSINode with the same name as the requesting node');
}

const selectsNode = (info: RequestInfo, field: string, node: string): boolean =>
  (info.fields ?? []).some((one) => one.field === field && !one.not && one.value === node);

function ownSlices(node: string, info: RequestInfo, related: () => NodeVerdict): NodeVerdict {
  if (info.subresource) return no('cannot authorize ResourceSlice subresources');
  switch (info.verb) {
    case 'create':
      return allowed;
    case 'get':
    case 'update':
    case 'patch':
    case 'delete':
      return related();
    case 'watch':
    case 'list':
    case 'deletecollection':
      return selectsNode(info, 'spec.nodeName', node)
        ? allowed
        : no('can only list/watch/deletecollection resourceslices with nodeName field selector');
    default:
      return no(
        'only the following verbs are allowed for a ResourceSlice: get, watch, list, create, update, patch, delete, deletecollection',
      );
  }
}

function ownNode(node: string, {verb, subresource, name}: RequestInfo): NodeVerdict {
  if (subresource === 'status') return isWrite(verb) ? allowed : no();
  if (subresource) return no();
  if (verb === 'create' || isWrite(verb)) return allowed;
  if (!read.includes(verb)) return no();
  if (name === node) return allowed;
  return name
    ? no(`node '${node}' cannot read '${name}', only its own Node object`)
    : no(`node '${node}' cannot read all nodes, only its own Node object`);
}

function ownPods(
  node: string,
  info: RequestInfo,
  related: () => NodeVerdict,
  get: () => NodeVerdict,
): NodeVerdict {
  const {verb, subresource} = info;
  if (subresource === 'status') return isWrite(verb) ? allowed : no();
  if (subresource === 'eviction') return verb === 'create' ? allowed : no();
  if (subresource) return no();
  switch (verb) {
    case 'get':
      return get();
    case 'list':
    case 'watch':
      if (selectsNode(info, 'spec.nodeName', node)) return allowed;
      return info.name ? related() : no('can only list/watch pods with spec.nodeName field selector');
    // Mirror pods: NodeRestriction looks at what they are.
    case 'create':
    case 'delete':
      return allowed;
    default:
      return no();
  }
}

const onNode = (object: JsonObject | undefined, node: string): boolean =>
  asObject(object?.spec).nodeName === node;

/** What of its namespace a pod refers to, by kind. */
const references: Readonly<Record<string, (pod: JsonObject) => readonly string[]>> = {
  secrets: secretsOf,
  configmaps: configMapsOf,
  persistentvolumeclaims: claimsOf,
  'resourceclaims.resource.k8s.io': resourceClaimsOf,
  serviceaccounts: (pod) => [accountOf(pod)],
};

/** Whether a pod of the node, or what it mounts, needs the object. */
function isRelated(server: ApiServer, node: string, id: string, namespace: string, name: string): boolean {
  const podsNeed = (kind: string, at: string, wanted: string): boolean =>
    server
      .list('pods', at)
      .some((pod) => onNode(pod, node) && !isMirror(pod) && references[kind]?.(pod).includes(wanted));
  const mounts = (volume: Stored): boolean => {
    const {namespace: at, name: claim} = asObject(asObject(volume.spec).claimRef);
    return claim !== undefined && podsNeed('persistentvolumeclaims', asString(at), asString(claim));
  };
  switch (id) {
    case 'pods':
      return onNode(server.get('pods', namespace, name), node);
    case 'volumeattachments.storage.k8s.io':
    case 'resourceslices.resource.k8s.io':
      return onNode(server.get(id, '', name), node);
    case 'persistentvolumes': {
      const volume = server.get(id, '', name);
      return volume !== undefined && mounts(volume);
    }
    case 'secrets':
      if (podsNeed(id, namespace, name)) return true;
      return server
        .list('persistentvolumes')
        .some((volume) => secretsOfVolume(volume).includes(`${namespace}/${name}`) && mounts(volume));
    default:
      return podsNeed(id, namespace, name);
  }
}
