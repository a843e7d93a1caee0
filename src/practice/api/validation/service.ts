import {isIP} from 'node:net';
import {asArray, asObject, asString, type JsonObject} from '../../../engine/json.ts';
import {duplicate, forbiddenField, invalidValue, required, unsupported} from '../api-error.ts';
import {labelProblems, subdomainProblems} from '../names.ts';
import {
  checkLabels,
  checkNames,
  checkOneOf,
  checkPort,
  checkPortOrName,
  type Errors,
  qualifiedNameProblems,
} from './rules.ts';

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const distributions = ['PreferClose', 'PreferSameZone', 'PreferSameNode'];

export function validateService(object: JsonObject, errors: Errors, old?: JsonObject): void {
  const spec = asObject(object.spec);
  if (old) checkAddress(spec, asObject(old.spec), errors);
  const type = asString(spec.type);
  const ports = asArray(spec.ports).map(asObject);
  const headless = asArray(spec.clusterIPs)[0] === 'None' || spec.clusterIP === 'None';
  if (ports.length === 0 && !headless && type !== 'ExternalName') errors.push(required('spec.ports'));
  if (headless && (type === 'LoadBalancer' || type === 'NodePort'))
    errors.push(invalidValue('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${type} services`));
  if (type === 'ExternalName') checkExternalName(spec, errors);
  checkPorts(ports, errors);
  checkLabels(asObject(spec.selector), 'spec.selector', errors);
  checkOneOf(spec.sessionAffinity, ['ClientIP', 'None'], 'spec.sessionAffinity', errors);
  if (type !== 'ExternalName') checkAddresses(spec, errors);
  for (const [index, address] of asArray(spec.externalIPs).entries())
    checkAddressText(asString(address), `spec.externalIPs[${index}]`, errors);
  checkOneOf(type, types, 'spec.type', errors);
  if (type === 'ClusterIP')
    for (const [index, port] of ports.entries())
      if (port.nodePort)
        errors.push(
          forbiddenField(`spec.ports[${index}].nodePort`, "may not be used when `type` is 'ClusterIP'"),
        );
  checkDoublePorts(ports, errors);
  checkTraffic(spec, type, errors);
}

function checkExternalName(spec: JsonObject, errors: Errors): void {
  for (const key of ['clusterIPs', 'ipFamilies'])
    if (asArray(spec[key]).length > 0)
      errors.push(forbiddenField(`spec.${key}`, 'may not be set for ExternalName services'));
  const name = asString(spec.externalName).replace(/\.$/, '');
  if (name) checkNames(subdomainProblems(name), name, 'spec.externalName', errors);
  else errors.push(required('spec.externalName'));
}

function checkPorts(ports: readonly JsonObject[], errors: Errors): void {
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const at = `spec.ports[${index}]`;
    const name = asString(port.name);
    if (name) {
      checkNames(labelProblems(name), name, `${at}.name`, errors);
      if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
      names.add(name);
    } else if (ports.length > 1) errors.push(required(`${at}.name`));
    checkPort(port.port ?? 0, `${at}.port`, errors);
    checkOneOf(port.protocol, ['SCTP', 'TCP', 'UDP'], `${at}.protocol`, errors);
    checkPortOrName(port.targetPort ?? 0, `${at}.targetPort`, errors);
    if (port.appProtocol !== undefined)
      checkNames(
        qualifiedNameProblems(asString(port.appProtocol)),
        asString(port.appProtocol),
        `${at}.appProtocol`,
        errors,
      );
  }
}

function checkAddresses(spec: JsonObject, errors: Errors): void {
  const addresses = asArray(spec.clusterIPs).map(asString);
  const first = asString(spec.clusterIP);
  if (first && addresses.length > 0 && addresses[0] !== first)
    errors.push(invalidValue('spec.clusterIPs', addresses, 'first value must match `clusterIP`'));
  const seen = new Set<string>();
  for (const [index, item] of asArray(spec.ipFamilies).entries()) {
    const family = asString(item);
    checkOneOf(family, ['IPv4', 'IPv6'], `spec.ipFamilies[${index}]`, errors);
    if (seen.has(family)) errors.push(duplicate(`spec.ipFamilies[${index}]`, family));
    seen.add(family);
  }
  checkOneOf(
    spec.ipFamilyPolicy,
    ['PreferDualStack', 'RequireDualStack', 'SingleStack'],
    'spec.ipFamilyPolicy',
    errors,
  );
  for (const [index, address] of addresses.entries())
    if (!(index === 0 && address === 'None')) checkIp(address, `spec.clusterIPs[${index}]`, errors);
}

const ipMessage = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';

function checkIp(address: string, field: string, errors: Errors): boolean {
  if (isIP(address)) return true;
  errors.push(invalidValue(field, address, ipMessage));
  return false;
}

/** An address outside of the cluster that is not the node itself, or its network. */
function checkAddressText(address: string, field: string, errors: Errors): void {
  if (!checkIp(address, field, errors)) return;
  if (address === '0.0.0.0' || address === '::')
    errors.push(invalidValue(field, address, `may not be unspecified (${address})`));
  if (address.startsWith('127.') || address === '::1')
    errors.push(invalidValue(field, address, 'may not be in the loopback range (127.0.0.0/8, ::1/128)'));
  if (address.startsWith('169.254.') || address.toLowerCase().startsWith('fe80:'))
    errors.push(
      invalidValue(field, address, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'),
    );
}

function checkDoublePorts(ports: readonly JsonObject[], errors: Errors): void {
  const nodePorts = new Set<string>();
  for (const [index, port] of ports.entries()) {
    if (!port.nodePort) continue;
    const key = `${asString(port.protocol)}/${Number(port.nodePort)}`;
    if (nodePorts.has(key)) errors.push(duplicate(`spec.ports[${index}].nodePort`, port.nodePort));
    nodePorts.add(key);
  }
  const seen = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const protocol = asString(port.protocol);
    const key = `${protocol}/${Number(port.port)}`;
    if (seen.has(key))
      errors.push(
        duplicate(`spec.ports[${index}]`, {
          Name: '',
          Protocol: protocol,
          AppProtocol: null,
          Port: Number(port.port),
          TargetPort: 0,
          NodePort: 0,
        }),
      );
    seen.add(key);
  }
}

function checkTraffic(spec: JsonObject, type: string, errors: Errors): void {
  if (spec.allocateLoadBalancerNodePorts !== undefined && type !== 'LoadBalancer')
    errors.push(
      forbiddenField('spec.allocateLoadBalancerNodePorts', "may only be used when `type` is 'LoadBalancer'"),
    );
  const policy = asString(spec.externalTrafficPolicy);
  const isOutside =
    type === 'LoadBalancer' ||
    type === 'NodePort' ||
    (type === 'ClusterIP' && asArray(spec.externalIPs).length > 0);
  if (!isOutside && policy)
    errors.push(
      invalidValue(
        'spec.externalTrafficPolicy',
        policy,
        'may only be set for externally-accessible services',
      ),
    );
  else if (isOutside && policy)
    checkOneOf(policy, ['Cluster', 'Local'], 'spec.externalTrafficPolicy', errors);
  checkOneOf(spec.internalTrafficPolicy, ['Cluster', 'Local'], 'spec.internalTrafficPolicy', errors);
  const distribution = spec.trafficDistribution;
  if (typeof distribution === 'string' && !distributions.includes(distribution))
    errors.push(unsupported('spec.trafficDistribution', distribution, distributions));
}

function checkAddress(spec: JsonObject, before: JsonObject, errors: Errors): void {
  const had = asString(before.clusterIP);
  const now = asString(spec.clusterIP);
  if (had && now && had !== now && before.type !== 'ExternalName' && spec.type !== 'ExternalName')
    errors.push(invalidValue('spec.clusterIPs[0]', spec.clusterIPs ?? [now], 'may not change once set'));
}
