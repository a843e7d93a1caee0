import {isIPv4} from 'node:net';
import {asArray, asObject, asString, equal, type Json, type JsonObject} from '../../../engine/json.ts';
import {invalid, invalidValue} from '../api-error.ts';
import {child, children, copyValue, type Draft, ensure, setDefault, setText, text} from '../draft.ts';
import type {Stored} from '../machine.ts';
import type {ApiServer} from '../server.ts';

const named = {plural: 'services', group: '', kind: 'Service'};
/** As in the scenario: 10.96.0.0/16 for Services, the ports that kubeadm leaves for nodes. */
const network = '10.96';
const [firstPort, lastPort] = [30_000, 32_767];

export function defaultService(object: Draft): void {
  const spec = ensure(object, 'spec');
  setText(spec, 'sessionAffinity', 'None');
  setText(spec, 'type', 'ClusterIP');
  if (spec.sessionAffinity === 'ClientIP') {
    const client = ensure(ensure(spec, 'sessionAffinityConfig'), 'clientIP');
    setDefault(client, 'timeoutSeconds', 10_800);
  } else delete spec.sessionAffinityConfig;
  for (const port of children(spec, 'ports')) {
    setText(port, 'protocol', 'TCP');
    if (port.targetPort === undefined || port.targetPort === 0 || port.targetPort === '')
      port.targetPort = port.port ?? 0;
  }
  const external = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
  if (external) setText(spec, 'externalTrafficPolicy', 'Cluster');
  if (spec.type !== 'ExternalName') setText(spec, 'internalTrafficPolicy', 'Cluster');
  if (spec.type === 'LoadBalancer') setDefault(spec, 'allocateLoadBalancerNodePorts', true);
}

/** What the server gives a Service: addresses, node ports, IP families. An update keeps what it had. */
export function allocateService(object: Draft, server: ApiServer, old: Stored | undefined): void {
  const spec = ensure(object, 'spec');
  const before = asObject(old?.spec);
  dropOfType(spec, before);
  if (spec.type === 'ExternalName') {
    for (const key of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'internalTrafficPolicy'])
      delete spec[key];
    return;
  }
  if (!text(spec, 'clusterIP') && typeof before.clusterIP === 'string') {
    spec.clusterIP = before.clusterIP;
    if (before.clusterIPs) spec.clusterIPs = copyValue(before.clusterIPs);
  }
  const name = text(ensure(object, 'metadata'), 'name');
  const uid = ensure(object, 'metadata').uid;
  const others = server.list('services').filter(({metadata}) => metadata.uid !== uid);
  const used = new Set(others.map((service) => asString(asObject(service.spec).clusterIP)));
  const asked = text(spec, 'clusterIP');
  if (!asked) spec.clusterIP = freeAddress(used);
  else if (asked !== 'None' && asked !== before.clusterIP) {
    if (!isIPv4(asked))
      throw invalid(named, name, [
        invalidValue(
          'spec.clusterIPs[0]',
          asked,
          'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
        ),
      ]);
    if (used.has(asked))
      throw invalid(named, name, [
        invalidValue(
          'spec.clusterIPs',
          [asked],
          `failed to allocate IP ${asked}: provided IP is already allocated`,
        ),
      ]);
    if (!asked.startsWith(`${network}.`))
      throw invalid(named, name, [
        invalidValue(
          'spec.clusterIPs',
          [asked],
          `failed to allocate IP ${asked}: the provided network does not match the current range`,
        ),
      ]);
  }
  setDefault(spec, 'clusterIPs', [spec.clusterIP as string]);
  setFamilies(spec, before, name);
  allocatePorts(spec, others, before, name);
}

/** The cluster has one family; only who asks for no address and selects no pods may name the other one. */
function setFamilies(spec: Draft, before: JsonObject, name: string): void {
  const isFree = spec.clusterIP === 'None' && Object.keys(asObject(spec.selector as Json)).length === 0;
  if (!text(spec, 'ipFamilyPolicy'))
    spec.ipFamilyPolicy = asString(before.ipFamilyPolicy) || (isFree ? 'RequireDualStack' : 'SingleStack');
  const given = asArray(spec.ipFamilies as Json).map(asString);
  const families = given.length > 0 ? given : asArray(before.ipFamilies).map(asString);
  const first = families[0] ?? 'IPv4';
  const both = [first, first === 'IPv4' ? 'IPv6' : 'IPv4'];
  spec.ipFamilies =
    isFree && spec.ipFamilyPolicy !== 'SingleStack' ? both : families.length > 0 ? families : [first];
  if (isFree && spec.ipFamilyPolicy !== 'SingleStack') return;
  const errors = [];
  if (given.length > 1 && spec.ipFamilyPolicy === 'SingleStack')
    errors.push(
      invalidValue(
        'spec.ipFamilyPolicy',
        'SingleStack',
        "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified",
      ),
    );
  else if (spec.ipFamilyPolicy === 'RequireDualStack' && before.ipFamilyPolicy !== 'RequireDualStack')
    errors.push(
      invalidValue(
        'spec.ipFamilyPolicy',
        'RequireDualStack',
        'this cluster is not configured for dual-stack services',
      ),
    );
  else if (!isFree && given.length === 1 && given[0] === 'IPv6')
    errors.push(invalidValue('spec.ipFamilies[0]', 'IPv6', 'not configured on this cluster'));
  if (errors.length > 0) throw invalid(named, name, errors);
}

const isOutside = ({type, externalIPs}: JsonObject): boolean =>
  type === 'LoadBalancer' || type === 'NodePort' || (type === 'ClusterIP' && asArray(externalIPs).length > 0);

/** A change of the type takes what only the old type had with it, unless the request itself changes that. */
function dropOfType(spec: Draft, before: JsonObject): void {
  const drop = (field: string, had: boolean, has: boolean): void => {
    if (had && !has && equal((spec[field] ?? null) as Json, before[field] ?? null)) delete spec[field];
  };
  const balanced = ({type}: {readonly type?: unknown}): boolean => type === 'LoadBalancer';
  drop('externalTrafficPolicy', isOutside(before), isOutside(spec as JsonObject));
  drop('allocateLoadBalancerNodePorts', balanced(before), balanced(spec));
  drop('loadBalancerClass', balanced(before), balanced(spec));
}

function freeAddress(used: ReadonlySet<string>): string {
  // Odd and even steps spread the addresses as a random allocator would, and stay the same for the same start.
  for (let index = 0; index < 65_000; index += 1) {
    const number = (index * 40_503 + 11_213) % 65_280;
    const address = `${network}.${number >> 8}.${number & 255 || 1}`;
    if (address !== `${network}.0.1` && address !== `${network}.0.10` && !used.has(address)) return address;
  }
  throw new Error('every Service address is in use');
}

function allocatePorts(
  spec: Draft,
  others: readonly Stored[],
  before: ReturnType<typeof asObject>,
  name: string,
): void {
  const wants =
    spec.type === 'NodePort' ||
    (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false);
  const ports = children(spec, 'ports');
  if (!wants) {
    if (spec.type === 'ClusterIP' && before.type !== undefined && before.type !== 'ClusterIP')
      for (const port of ports) delete port.nodePort;
    return;
  }
  const used = new Set(
    others.flatMap((service) =>
      asArray(asObject(service.spec).ports).map((port) => Number(asObject(port).nodePort ?? 0)),
    ),
  );
  const earlier = asArray(before.ports).map(asObject);
  const errors = [];
  for (const [index, port] of ports.entries()) {
    if (!port.nodePort) {
      const kept = earlier.find(
        (item) => item.port === port.port && item.protocol === port.protocol,
      )?.nodePort;
      if (typeof kept === 'number') port.nodePort = kept;
    }
    const number = Number(port.nodePort ?? 0);
    if (number && (number < firstPort || number > lastPort))
      errors.push(
        invalidValue(
          `spec.ports[${index}].nodePort`,
          number,
          `provided port is not in the valid range. The range of valid ports is ${firstPort}-${lastPort}`,
        ),
      );
    else if (number && used.has(number))
      errors.push(
        invalidValue(`spec.ports[${index}].nodePort`, number, 'provided port is already allocated'),
      );
    if (number) used.add(number);
  }
  if (errors.length > 0) throw invalid(named, name, errors);
  let next = firstPort + 86;
  for (const port of ports) {
    if (port.nodePort) continue;
    while (used.has(next)) next = next >= lastPort ? firstPort : next + 1;
    port.nodePort = next;
    used.add(next);
  }
  if (spec.externalTrafficPolicy === 'Local' && spec.type === 'LoadBalancer' && !spec.healthCheckNodePort) {
    while (used.has(next)) next = next >= lastPort ? firstPort : next + 1;
    spec.healthCheckNodePort = child({before: before as Draft}, 'before')?.healthCheckNodePort ?? next;
  }
}
