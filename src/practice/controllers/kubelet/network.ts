import {isIPv4} from 'node:net';
import type {Cache} from '../cache.ts';
import {selects} from '../pods.ts';
import type {NetworkPolicy, Pod, PolicyPeer, PolicyPort} from '../types.ts';

const resource = 'networkpolicies.networking.k8s.io';

/** Whether network policies let a pod ask the cluster's DNS: egress of the pod, ingress of the DNS pods. */
export function resolvesNames(cache: Cache, pod: Pod): boolean {
  if (pod.spec.hostNetwork === true) return true;
  const policies = cache.list<NetworkPolicy>(resource);
  if (policies.length === 0) return true;
  const servers = cache
    .list<Pod>('pods', 'kube-system')
    .filter((one) => one.metadata.labels?.['k8s-app'] === 'kube-dns');
  const egress = selecting(policies, pod, 'Egress');
  const asks = (server: Pod): boolean =>
    egress.length === 0 ||
    egress.some((policy) =>
      (policy.spec.egress ?? []).some(
        ({to, ports}) => allowsPort(ports, 53) && allowsPeer(cache, policy, to, server),
      ),
    );
  const answers = (server: Pod): boolean => {
    const ingress = selecting(policies, server, 'Ingress');
    return (
      ingress.length === 0 ||
      ingress.some((policy) =>
        (policy.spec.ingress ?? []).some(
          ({from, ports}) => allowsPort(ports, 53) && allowsPeer(cache, policy, from, pod),
        ),
      )
    );
  };
  if (servers.length === 0) return true;
  return servers.some((server) => asks(server) && answers(server));
}

/** Policies of that direction which select the pod. Without policyTypes a policy is for ingress, and for egress where it has such rules. */
function selecting(
  policies: readonly NetworkPolicy[],
  pod: Pod,
  type: 'Ingress' | 'Egress',
): readonly NetworkPolicy[] {
  return policies.filter(({metadata, spec}) => {
    if (metadata.namespace !== pod.metadata.namespace) return false;
    const types = spec.policyTypes ?? (spec.egress ? ['Ingress', 'Egress'] : ['Ingress']);
    return types.includes(type) && selects(spec.podSelector ?? {}, pod.metadata.labels);
  });
}

const allowsPort = (ports: readonly PolicyPort[] | undefined, wanted: number): boolean =>
  !ports ||
  ports.length === 0 ||
  ports.some(({port, endPort, protocol = 'TCP'}) => {
    if (protocol === 'SCTP') return false;
    if (port === undefined) return true;
    if (typeof port === 'string') return port === 'dns' || port === 'dns-tcp';
    return endPort === undefined ? port === wanted : port <= wanted && wanted <= endPort;
  });

function allowsPeer(
  cache: Cache,
  policy: NetworkPolicy,
  peers: readonly PolicyPeer[] | undefined,
  other: Pod,
): boolean {
  if (!peers || peers.length === 0) return true;
  return peers.some(({podSelector, namespaceSelector, ipBlock}) => {
    if (ipBlock) {
      const ip = other.status?.podIP;
      if (ip === undefined) return ipBlock.cidr === '0.0.0.0/0';
      return contains(ipBlock.cidr, ip) && !(ipBlock.except ?? []).some((cidr) => contains(cidr, ip));
    }
    const namespace = cache.get('namespaces', '', other.metadata.namespace ?? '');
    const inNamespace = namespaceSelector
      ? selects(namespaceSelector, namespace?.metadata.labels)
      : other.metadata.namespace === policy.metadata.namespace;
    return inNamespace && (!podSelector || selects(podSelector, other.metadata.labels));
  });
}

function contains(cidr: string, ip: string): boolean {
  const [base = '', bits = '32'] = cidr.split('/');
  if (!isIPv4(base) || !isIPv4(ip)) return false;
  const shift = 32 - Number(bits);
  return shift >= 32 || number(base) >>> shift === number(ip) >>> shift;
}

const number = (ip: string): number =>
  ip.split('.').reduce((sum, part) => (sum << 8) | Number(part), 0) >>> 0;
