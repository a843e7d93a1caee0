import {asArray, asObject, asString, type Json, type JsonObject} from '../engine/json.ts';
import {selects} from '../engine/selectors.ts';

/** One end of a connection: pods with these labels in a namespace, or an address outside. */
export type End =
  | {readonly namespace: string; readonly labels: Readonly<Record<string, string>>}
  | {readonly ip: string};

export type Connection = {
  readonly from: End;
  readonly to: End;
  readonly port: number | string;
  readonly protocol: string;
};

export type NetworkView = {
  /** NetworkPolicies of all namespaces. */
  readonly policies: readonly JsonObject[];
  readonly namespaces: readonly JsonObject[];
};

/** Whether NetworkPolicies let a connection through, on a network that enforces them; pure. */
export function isAllowed(connection: Connection, view: NetworkView): boolean {
  return (
    isLetThrough(connection, view, 'Egress', connection.from, connection.to) &&
    isLetThrough(connection, view, 'Ingress', connection.to, connection.from)
  );
}

function isLetThrough(
  connection: Connection,
  view: NetworkView,
  direction: 'Ingress' | 'Egress',
  here: End,
  other: End,
): boolean {
  if ('ip' in here) return true;
  const selecting = view.policies.filter((policy) => {
    const {namespace} = asObject(policy.metadata);
    const spec = asObject(policy.spec);
    return (
      namespace === here.namespace &&
      selects(spec.podSelector, here.labels) &&
      directionsOf(spec).includes(direction)
    );
  });
  if (selecting.length === 0) return true;
  return selecting.some(({spec, metadata}) =>
    asArray(asObject(spec)[direction.toLowerCase()]).some((item) => {
      const rule = asObject(item);
      const peers = asArray(rule[direction === 'Ingress' ? 'from' : 'to']);
      const own = asString(asObject(metadata).namespace);
      return (
        hasPort(asArray(rule.ports), connection) &&
        (peers.length === 0 || peers.some((peer) => isPeer(asObject(peer), other, own, view.namespaces)))
      );
    }),
  );
}

/** As the API server fills them in: ingress always, egress where there are egress rules. */
function directionsOf(spec: JsonObject): readonly Json[] {
  const types = asArray(spec.policyTypes);
  if (types.length > 0) return types;
  return asArray(spec.egress).length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
}

function hasPort(ports: readonly Json[], {port, protocol}: Connection): boolean {
  if (ports.length === 0) return true;
  return ports.some((item) => {
    const {port: from, endPort, protocol: allowed = 'TCP'} = asObject(item);
    if (allowed !== protocol) return false;
    if (from === undefined || from === port) return true;
    return (
      typeof from === 'number' &&
      typeof endPort === 'number' &&
      typeof port === 'number' &&
      port >= from &&
      port <= endPort
    );
  });
}

function isPeer(peer: JsonObject, other: End, own: string, namespaces: readonly JsonObject[]): boolean {
  if (peer.ipBlock !== undefined) {
    if (!('ip' in other)) return false;
    const {cidr, except} = asObject(peer.ipBlock);
    return (
      inBlock(other.ip, asString(cidr)) &&
      !asArray(except).some((block) => inBlock(other.ip, asString(block)))
    );
  }
  if ('ip' in other) return false;
  const {podSelector, namespaceSelector} = peer;
  const inNamespace =
    namespaceSelector === undefined
      ? other.namespace === own
      : selects(namespaceSelector, labelsOfNamespace(other.namespace, namespaces));
  return inNamespace && (podSelector === undefined || selects(podSelector, other.labels));
}

function labelsOfNamespace(name: string, namespaces: readonly JsonObject[]): JsonObject {
  const found = namespaces.find(({metadata}) => asObject(metadata).name === name);
  return {...asObject(asObject(found?.metadata).labels), 'kubernetes.io/metadata.name': name};
}

/** Whether an IPv4 address lies in a block. */
function inBlock(address: string, block: string): boolean {
  const [base = '', bits = '32'] = block.split('/');
  const [a, b] = [numberOf(address), numberOf(base)];
  if (a === undefined || b === undefined) return address === base;
  const size = 2 ** (32 - Number(bits));
  return Math.floor(a / size) === Math.floor(b / size);
}

function numberOf(address: string): number | undefined {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}
