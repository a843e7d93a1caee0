import {asObject, asString, equal, type Json, type JsonObject} from '../../../engine/json.ts';
import {labelsOf} from '../../../engine/objects.ts';
import {forbidden} from '../api-error.ts';
import {subjectOfRequest} from '../certificate-subject.ts';
import type {User} from '../context.ts';
import {nodeOf} from '../node-authorizer.ts';
import type {ResourceInfo} from '../resources.ts';
import type {ApiServer} from '../server.ts';
import {restrictPod} from './node-restriction-pods.ts';
import type {Operation} from './policy-match.ts';

/** A write as a plugin sees it before the server has prepared it. */
export type Write = {
  readonly info: ResourceInfo;
  readonly operation: Operation;
  readonly sub: string;
  readonly namespace: string;
  /** Empty for a deletion of many. */
  readonly name: string;
  readonly object?: JsonObject;
  readonly old?: JsonObject;
};

export type Refuse = (why: string) => never;

/** The plugin NodeRestriction: a kubelet may write only what is its node's. @throws {ApiError} 403, 404 */
export function restrictNode(server: ApiServer, write: Write, user: User): void {
  const node = nodeOf(user);
  if (node === undefined) return;
  const refuse: Refuse = (why) => {
    throw forbidden(write.info, write.name || 'Unknown', why);
  };
  if (node === '') refuse(`could not determine node from user ${JSON.stringify(user.name)}`);
  switch (write.info.id) {
    case 'pods':
      restrictPod(server, node, write, refuse);
      return;
    case 'nodes':
      restrictOwnNode(node, write, refuse);
      return;
    case 'persistentvolumeclaims':
      restrictClaim(node, write, refuse);
      return;
    case 'leases.coordination.k8s.io':
      if (write.namespace !== 'kube-node-lease')
        refuse('can only access leases in the "kube-node-lease" system namespace');
      if (write.name !== node) refuse('can only access node lease with the same name as the requesting node');
      return;
    case 'csinodes.storage.k8s.io':
      if (write.name !== node) refuse('can only access CSINode with the same name as the requesting node');
      return;
    case 'resourceslices.resource.k8s.io':
      restrictSlice(node, write, refuse);
      return;
    case 'certificatesigningrequests.certificates.k8s.io':
      restrictRequest(node, write, refuse);
      return;
    default:
  }
}

/** Lists and maps that are empty count as none. */
const same = (a: Json | undefined, b: Json | undefined): boolean => {
  const bare = (value: Json | undefined): Json =>
    value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
      ? null
      : value;
  return equal(bare(a), bare(b));
};

function restrictOwnNode(
  node: string,
  {name, operation, object = {}, old = {}}: Write,
  refuse: Refuse,
): void {
  const who = `node ${JSON.stringify(node)}`;
  if (name !== node) refuse(`${who} is not allowed to modify node ${JSON.stringify(name)}`);
  if (operation !== 'CREATE' && operation !== 'UPDATE') return;
  const [spec, before] = [asObject(object.spec), asObject(old.spec)];
  const isNew = operation === 'CREATE';
  if (spec.configSource !== undefined && spec.configSource !== null) {
    if (isNew) refuse(`${who} is not allowed to create pods with a non-nil configSource`);
    if (!same(spec.configSource, before.configSource))
      refuse(`${who} is not allowed to update configSource to a new non-nil configSource`);
  }
  if (!isNew) {
    if (!same(spec.taints, before.taints)) refuse(`${who} is not allowed to modify taints`);
    if (!same(asObject(object.metadata).ownerReferences, asObject(old.metadata).ownerReferences))
      refuse(`${who} is not allowed to modify ownerReferences`);
  }
  const [after, earlier] = [labelsOf(object), labelsOf(old)];
  const wrong = [...new Set([...Object.keys(after), ...Object.keys(earlier)])]
    .filter((key) => after[key] !== earlier[key] && isForbiddenLabel(key))
    .sort();
  if (wrong.length === 0) return;
  refuse(
    isNew
      ? `${who} is not allowed to set the following labels: ${wrong.join(', ')}`
      : `is not allowed to modify labels: ${wrong.join(', ')}`,
  );
}

/** What a kubelet tells of its own machine. */
const kubeletLabels = new Set([
  'kubernetes.io/hostname',
  'kubernetes.io/os',
  'kubernetes.io/arch',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'node.kubernetes.io/instance-type',
  'beta.kubernetes.io/instance-type',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/arch',
]);

const isBelow = (domain: string, parent: string): boolean =>
  domain === parent || domain.endsWith(`.${parent}`);

/** Labels by which people keep workloads on nodes that they trust. */
function isForbiddenLabel(key: string): boolean {
  const domain = key.includes('/') ? key.slice(0, key.indexOf('/')) : '';
  if (isBelow(domain, 'node-restriction.kubernetes.io')) return true;
  if (!isBelow(domain, 'kubernetes.io') && !isBelow(domain, 'k8s.io')) return false;
  return !(
    kubeletLabels.has(key) ||
    isBelow(domain, 'kubelet.kubernetes.io') ||
    isBelow(domain, 'node.kubernetes.io')
  );
}

/** What of a claim's status a kubelet may tell: how far its growth is. */
const claimStatus = ['capacity', 'conditions', 'allocatedResourceStatuses', 'allocatedResources'];

function restrictClaim(node: string, {operation, sub, object = {}, old = {}}: Write, refuse: Refuse): void {
  if (sub !== 'status' || operation !== 'UPDATE') refuse('may only update PVC status');
  const rest = (claim: JsonObject): JsonObject => {
    const {resourceVersion: _, managedFields: __, ...metadata} = asObject(claim.metadata);
    const status = Object.entries(asObject(claim.status)).filter(([key]) => !claimStatus.includes(key));
    return {...claim, metadata, status: Object.fromEntries(status)};
  };
  if (!equal(rest(object), rest(old)))
    refuse(
      `node ${JSON.stringify(node)} is not allowed to update fields other than status.quantity and status.conditions`,
    );
}

function restrictSlice(node: string, {operation, object = {}, old = {}}: Write, refuse: Refuse): void {
  const isOf = (slice: JsonObject): boolean => asObject(slice.spec).nodeName === node;
  if (operation === 'CREATE' && !isOf(object))
    refuse('can only create ResourceSlice with the same NodeName as the requesting node');
  if (operation === 'DELETE' && !isOf(old))
    refuse('can only delete ResourceSlice with the same NodeName as the requesting node');
}

const kubeletSigners = ['kubernetes.io/kubelet-serving', 'kubernetes.io/kube-apiserver-client-kubelet'];

function restrictRequest(node: string, {operation, object = {}}: Write, refuse: Refuse): void {
  const {signerName, request} = asObject(object.spec);
  if (operation !== 'CREATE' || !kubeletSigners.includes(asString(signerName))) return;
  const subject = subjectOfRequest(asString(request));
  if (!subject) refuse('unable to parse csr: PEM block type must be CERTIFICATE REQUEST');
  if (subject.commonName !== `system:node:${node}`)
    refuse(`can only create a node CSR with CN=system:node:${node}`);
}
