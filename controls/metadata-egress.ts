import {type ControlMeta, defineControl, type View} from '../src/engine/control.ts';
import {asArray, asObject, asString, type Json, type JsonObject} from '../src/engine/json.ts';
import {describe, type Resource} from '../src/engine/objects.ts';
import {podTemplate, templatePath, WORKLOADS} from '../src/engine/pod-spec.ts';
import {selects} from '../src/engine/selectors.ts';
import {manualFix} from './shared/manual.ts';
import {listIn} from './shared/namespaces.ts';
import {ciliumSpecs, isolationOf, podLabels, policyKinds} from './shared/network.ts';
import {perList} from './shared/per-list.ts';
import {overWorkloads} from './shared/workload.ts';

/** Where a cloud hands out the rights of a node. */
const addressOf = (view: View): string =>
  perList(view, 'Node', 'metadata address', (list) =>
    list.some(({object}) => asString(asObject(object.spec).providerID).startsWith('alicloud:'))
      ? '100.100.100.200'
      : '169.254.169.254',
  );

const meta = {
  id: 'metadata-egress',
  title: 'Pods that reach the metadata of the cloud',
  practice: 'cloud-infrastructure',
  baseScore: 7,
  needs: ['Node', ...WORKLOADS, ...policyKinds],
  messages: {
    reachable:
      'The pods of {object} reach {address}, where the cloud hands out the rights of the node: {found}. Restrict their egress, and leave that address out.',
  },
  references: [
    'Kubernetes Hardening Guidance, Network separation and hardening: Protecting sensitive cloud infrastructure',
    'https://kubernetes.io/docs/tasks/administer-cluster/securing-a-cluster/#restricting-cloud-metadata-api-access',
  ],
} satisfies ControlMeta;

const number = (ip: string): number =>
  ip.split('.').reduce((sum, part) => (sum * 256 + Number(part)) >>> 0, 0);

/** Whether an IPv4 network like `169.254.0.0/16` holds the address. */
function holds(cidr: string, ip: string): boolean {
  const [base = '', bits = '32'] = cidr.split('/');
  if (base.includes(':')) return false;
  const mask = Number(bits) === 0 ? 0 : (~0 << (32 - Number(bits))) >>> 0;
  return (number(base) & mask) >>> 0 === (number(ip) & mask) >>> 0;
}

/** Whether a block, of a peer or of Cilium, holds the address and does not leave it out. */
const blockReaches = (address: string, {cidr, except}: JsonObject): boolean =>
  typeof cidr === 'string' &&
  holds(cidr, address) &&
  !asArray(except).some((one) => holds(asString(one), address));

/** Whether ports as a policy lists them hold the one where metadata is served; none listed are all. */
const onHttp = (ports: readonly JsonObject[]): boolean =>
  ports.length === 0 ||
  ports
    .filter(({protocol}) => protocol === undefined || protocol === 'TCP' || protocol === 'ANY')
    .some(({port, endPort}) => {
      const first = Number(port);
      if (port === undefined || port === 'http') return true;
      return first === 80 || (typeof endPort === 'number' && first <= 80 && endPort >= 80);
    });

function letsThrough(address: string, rule: Json): boolean {
  const {to, ports} = asObject(rule);
  const peers = asArray(to).map((peer) => asObject(asObject(peer).ipBlock));
  return (
    onHttp(asArray(ports).map(asObject)) &&
    (peers.length === 0 || peers.some((block) => blockReaches(address, block)))
  );
}

/** Entities of Cilium that hold the address: it lies outside of the cluster, or on the node. */
const outside = ['all', 'world', 'world-ipv4', 'host'];

function ciliumLetsThrough(address: string, rule: Json): boolean {
  const {toEntities, toCIDR, toCIDRSet, toPorts} = asObject(rule);
  const ports = asArray(toPorts).flatMap((one) => asArray(asObject(one).ports).map(asObject));
  return (
    onHttp(ports) &&
    (asArray(toEntities).some((one) => outside.includes(asString(one))) ||
      asArray(toCIDR).some((cidr) => blockReaches(address, {cidr})) ||
      asArray(toCIDRSet).some((block) => blockReaches(address, asObject(block))))
  );
}

/** The policies whose egress rules, though there are some, let the address through. */
const leaky = (workload: Resource, view: View): readonly Resource[] => {
  const labels = podLabels(workload);
  const address = addressOf(view);
  return [
    ...listIn(view, 'NetworkPolicy', workload.namespace).filter(({object}) => {
      const {podSelector, egress} = asObject(object.spec);
      return selects(podSelector, labels) && asArray(egress).some((rule) => letsThrough(address, rule));
    }),
    ...[
      ...listIn(view, 'CiliumNetworkPolicy', workload.namespace),
      ...view.list('CiliumClusterwideNetworkPolicy'),
    ].filter(({object}) =>
      ciliumSpecs(object, labels).some(({egress}) =>
        asArray(egress).some((rule) => ciliumLetsThrough(address, rule)),
      ),
    ),
  ];
};

const isCloud = ({object}: Resource): boolean =>
  /^(aws|azure|gce|ibm|oci|digitalocean|openstack|alicloud|hcloud):/.test(
    asString(asObject(object.spec).providerID),
  );

export const metadataEgress = defineControl({
  meta,
  ...overWorkloads,
  // Elsewhere nobody answers at that address.
  counts: (resource, view) =>
    overWorkloads.counts(resource) &&
    resource.namespace !== 'kube-system' &&
    podTemplate(resource).spec.hostNetwork !== true &&
    perList(view, 'Node', 'cloud', (list) => list.some(isCloud)),
  *check(resource, view) {
    const {egress} = isolationOf(resource, view);
    const policies = leaky(resource, view).map(({name}) => name);
    if (egress === 'restricted' && policies.length === 0) return;
    const path = [...templatePath(resource.kind), 'metadata', 'labels'];
    const found =
      policies.length > 0 ? `${policies.join(', ')} lets it through` : 'no policy restricts what goes out';
    yield {message: 'reachable', path, found, data: {object: describe(resource), address: addressOf(view)}};
  },
  fixes: (failures, view) =>
    failures.map(({resource}) => {
      const address = addressOf(view);
      const space = resource.namespace || 'default';
      return manualFix(meta, resource.key, {
        approach: 'all but that address',
        summary: 'leaves the address out of what may be reached',
        scope: 'namespace',
        steps: [
          `In each policy of namespace ${space} that lets pods out by ipBlock, write except: [${address}/32] under the cidr; where none restricts egress, make one with {ipBlock: {cidr: 0.0.0.0/0, except: [${address}/32]}} and DNS.`,
          'Ask the cloud for the second lock as well: IMDSv2 with a hop limit of 1, Workload Identity in place of the rights of the node.',
          'What really needs the address (a node agent) runs on the network of the node, or gets a policy of its own.',
          `Verify: kubectl -n ${space} exec POD -- wget -T 2 -qO- http://${address}/ fails.`,
        ],
      });
    }),
});
