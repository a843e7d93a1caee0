import {BlockList, isIP} from 'node:net';
import {asArray, asObject, asString, isObject, type JsonObject} from '../../../engine/json.ts';
import {forbiddenField, invalidValue, required, tooLong, unsupported} from '../api-error.ts';
import {labelProblems, segmentProblems, subdomainProblems, wildcardProblems} from '../names.ts';
import {
  checkNames,
  checkOneOf,
  checkPort,
  checkPortOrName,
  checkSelector,
  type Errors,
  portNameProblems,
} from './rules.ts';

type Network = {readonly address: string; readonly bits: number; readonly family: 'ipv4' | 'ipv6'};

/** With leading zeros too, which are refused with words of their own. */
function networkOf(text: string): Network | undefined {
  const [given = '', bits = '', ...rest] = text.split('/');
  const address = /^[\d.]+$/.test(given) ? given.replaceAll(/(^|\.)0+(?=\d)/g, '$1') : given;
  const version = isIP(address);
  const most = version === 4 ? 32 : 128;
  if (version === 0 || rest.length > 0 || !/^\d+$/.test(bits) || Number(bits) > most) return undefined;
  return {address, bits: Number(bits), family: version === 4 ? 'ipv4' : 'ipv6'};
}

const invalidNetwork = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

/** What is wrong with a network as it is written; one that the stored object has may stay. */
function networkProblem(text: string, stored: ReadonlySet<string>): string | undefined {
  if (stored.has(text)) return undefined;
  const network = networkOf(text);
  if (!network) return invalidNetwork;
  const {address, bits, family} = network;
  if (text !== `${address}/${bits}`) return 'must not have leading 0s in IP or prefix length';
  if (/^::ffff:[\d.]+$/i.test(address)) return 'must not have an IPv4-mapped IPv6 address';
  const width = family === 'ipv4' ? 32 : 128;
  const rest = (1n << BigInt(width - bits)) - 1n;
  return (numberOf(address, family) & rest) === 0n
    ? undefined
    : 'must not have bits set beyond the prefix length';
}

function numberOf(address: string, family: Network['family']): bigint {
  if (family === 'ipv4') return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  const [head = '', tail] = address.split('::');
  const groups = (text: string | undefined): string[] => (text ? text.split(':') : []);
  const [front, back] = [groups(head), groups(tail)];
  const middle = tail === undefined ? [] : Array.from({length: 8 - front.length - back.length}, () => '0');
  return [...front, ...middle, ...back].reduce((sum, part) => sum * 65_536n + BigInt(`0x${part}`), 0n);
}

function checkBlock(block: JsonObject, at: string, stored: ReadonlySet<string>, errors: Errors): void {
  const text = asString(block.cidr);
  if (text === '') {
    errors.push(required(`${at}.cidr`));
    return;
  }
  const check = (value: string, field: string): void => {
    const problem = networkProblem(value, stored);
    if (problem) errors.push(invalidValue(field, value, problem));
  };
  check(text, `${at}.cidr`);
  const whole = networkOf(text);
  if (!whole) return;
  const list = new BlockList();
  list.addSubnet(whole.address, whole.bits, whole.family);
  for (const [index, item] of asArray(block.except).map(asString).entries()) {
    const field = `${at}.except[${index}]`;
    check(item, field);
    const part = networkOf(item);
    if (part && (part.bits <= whole.bits || !list.check(part.address, part.family)))
      errors.push(invalidValue(field, item, 'must be a strict subset of `cidr`'));
  }
}

/** All networks that a policy names. */
function networksOf(policy: JsonObject | undefined): ReadonlySet<string> {
  const spec = asObject(policy?.spec);
  const rules = [...asArray(spec.ingress), ...asArray(spec.egress)].map(asObject);
  const blocks = rules
    .flatMap(({from, to}) => [...asArray(from), ...asArray(to)])
    .map((peer) => asObject(peer).ipBlock)
    .filter(isObject);
  return new Set(blocks.flatMap(({cidr, except}) => [asString(cidr), ...asArray(except).map(asString)]));
}

function checkPolicyPort(port: JsonObject, at: string, errors: Errors): void {
  checkOneOf(port.protocol, ['TCP', 'UDP', 'SCTP'], `${at}.protocol`, errors);
  const {port: from, endPort} = port;
  if (from === undefined) {
    if (endPort !== undefined)
      errors.push(
        invalidValue(`${at}.endPort`, endPort, 'may not be specified when `port` is not specified'),
      );
    return;
  }
  if (typeof from === 'string' && endPort !== undefined)
    errors.push(invalidValue(`${at}.endPort`, endPort, 'may not be specified when `port` is non-numeric'));
  checkPortOrName(from, `${at}.port`, errors);
  if (typeof from !== 'number' || endPort === undefined) return;
  if (Number(endPort) < from)
    errors.push(invalidValue(`${at}.endPort`, from, 'must be greater than or equal to `port`'));
  checkPort(endPort, `${at}.endPort`, errors);
}

function checkPeer(peer: JsonObject, at: string, stored: ReadonlySet<string>, errors: Errors): void {
  for (const key of ['podSelector', 'namespaceSelector'])
    if (isObject(peer[key])) checkSelector(asObject(peer[key]), `${at}.${key}`, errors);
  if (isObject(peer.ipBlock)) checkBlock(peer.ipBlock, `${at}.ipBlock`, stored, errors);
  const given = ['podSelector', 'namespaceSelector', 'ipBlock'].filter((key) => isObject(peer[key]));
  if (given.length === 0) errors.push(required(at, 'must specify a peer'));
  else if (given.includes('ipBlock') && given.length > 1)
    errors.push(forbiddenField(at, 'may not specify both ipBlock and another peer'));
}

export function validateNetworkPolicy(object: JsonObject, errors: Errors, old?: JsonObject): void {
  const spec = asObject(object.spec);
  const stored = networksOf(old);
  checkSelector(asObject(spec.podSelector), 'spec.podSelector', errors);
  for (const [direction, peers] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const) {
    for (const [index, item] of asArray(spec[direction]).entries()) {
      const rule = asObject(item);
      const at = `spec.${direction}[${index}]`;
      for (const [place, port] of asArray(rule.ports).map(asObject).entries())
        checkPolicyPort(port, `${at}.ports[${place}]`, errors);
      for (const [place, peer] of asArray(rule[peers]).map(asObject).entries())
        checkPeer(peer, `${at}.${peers}[${place}]`, stored, errors);
    }
  }
  const types = asArray(spec.policyTypes);
  if (types.length > 2) {
    errors.push(invalidValue('spec.policyTypes', types, 'may not specify more than two policyTypes'));
    return;
  }
  for (const [index, type] of types.entries())
    checkOneOf(type, ['Ingress', 'Egress'], `spec.policyTypes[${index}]`, errors);
}

export function validateIngress(object: JsonObject, errors: Errors): void {
  const spec = asObject(object.spec);
  if (asArray(spec.rules).length === 0 && !isObject(spec.defaultBackend))
    errors.push(
      invalidValue('spec', spec.rules ?? null, 'either `defaultBackend` or `rules` must be specified'),
    );
  if (isObject(spec.defaultBackend)) checkBackend(spec.defaultBackend, 'spec.defaultBackend', errors);
  for (const [index, item] of asArray(spec.rules).entries()) {
    const rule = asObject(item);
    const at = `spec.rules[${index}]`;
    const host = asString(rule.host);
    if (host) {
      if (isIP(host)) errors.push(invalidValue(`${at}.host`, host, 'must be a DNS name, not an IP address'));
      checkHost(host, `${at}.host`, errors);
    }
    if (!isObject(rule.http)) continue;
    const paths = asArray(rule.http.paths).map(asObject);
    if (paths.length === 0) errors.push(required(`${at}.http.paths`));
    for (const [place, path] of paths.entries()) checkPath(path, `${at}.http.paths[${place}]`, errors);
  }
  for (const [index, item] of asArray(spec.tls).entries()) {
    const {hosts, secretName} = asObject(item);
    for (const [place, host] of asArray(hosts).entries())
      checkHost(asString(host), `spec.tls[${index}].hosts[${place}]`, errors);
    const name = asString(secretName);
    if (name) checkNames(subdomainProblems(name), name, `spec.tls[${index}].secretName`, errors);
  }
  const name = spec.ingressClassName;
  if (typeof name === 'string') checkNames(subdomainProblems(name), name, 'spec.ingressClassName', errors);
}

const checkHost = (host: string, field: string, errors: Errors): void =>
  checkNames(host.includes('*') ? wildcardProblems(host) : subdomainProblems(host), host, field, errors);

const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix'];
const badSequences = ['//', '/./', '/../', '%2f', '%2F'];
const badEnds = ['/..', '/.'];

function checkPath(path: JsonObject, at: string, errors: Errors): void {
  const type = path.pathType;
  if (typeof type !== 'string') {
    errors.push(required(`${at}.pathType`, 'pathType must be specified'));
    return;
  }
  const text = asString(path.path);
  const isStrict = type === 'Exact' || type === 'Prefix';
  if (!pathTypes.includes(type)) errors.push(unsupported(`${at}.pathType`, type, pathTypes));
  else if (!text.startsWith('/') && (isStrict || text !== ''))
    errors.push(invalidValue(`${at}.path`, text, 'must be an absolute path'));
  if (isStrict) {
    for (const part of badSequences)
      if (text.includes(part)) errors.push(invalidValue(`${at}.path`, text, `must not contain '${part}'`));
    for (const end of badEnds)
      if (text.endsWith(end)) errors.push(invalidValue(`${at}.path`, text, `cannot end with '${end}'`));
  }
  checkBackend(asObject(path.backend), `${at}.backend`, errors);
}

function checkBackend(backend: JsonObject, at: string, errors: Errors): void {
  const {service, resource} = backend;
  if (isObject(service) && isObject(resource)) {
    errors.push(invalidValue(at, '', 'cannot set both resource and service backends'));
    return;
  }
  if (isObject(resource)) {
    checkReference(resource, `${at}.resource`, errors);
    return;
  }
  if (!isObject(service)) {
    errors.push(invalidValue(at, '', 'resource or service backend is required'));
    return;
  }
  const name = asString(service.name);
  if (name) checkNames(labelProblems(name), name, `${at}.service.name`, errors);
  else errors.push(required(`${at}.service.name`));
  const port = asObject(service.port);
  const text = asString(port.name);
  if (text && port.number) errors.push(invalidValue(at, '', 'cannot set both port name & port number'));
  else if (text) checkNames(portNameProblems(text), text, `${at}.service.port.name`, errors);
  else if (port.number) checkPort(port.number, `${at}.service.port.number`, errors);
  else errors.push(required(at, 'port name or number is required'));
}

function checkReference(reference: JsonObject, at: string, errors: Errors): void {
  const group = reference.apiGroup;
  if (typeof group === 'string') checkNames(subdomainProblems(group), group, `${at}.apiGroup`, errors);
  for (const key of ['kind', 'name']) {
    const text = asString(reference[key]);
    if (text) checkNames(segmentProblems(text), text, `${at}.${key}`, errors);
    else errors.push(required(`${at}.${key}`));
  }
}

const mostController = 250;

export function validateIngressClass(object: JsonObject, errors: Errors): void {
  const spec = asObject(object.spec);
  const controller = asString(spec.controller);
  const field = 'spec.controller';
  if (controller.length > mostController) errors.push(tooLong(field, mostController));
  const slash = controller.indexOf('/');
  if (controller === '') errors.push(required(field));
  else if (slash <= 0 || slash === controller.length - 1)
    errors.push(invalidValue(field, controller, 'must be a domain-prefixed path (such as "acme.io/foo")'));
  else checkNames(subdomainProblems(controller.slice(0, slash)), controller.slice(0, slash), field, errors);
  if (isObject(spec.parameters)) checkReference(spec.parameters, 'spec.parameters', errors);
}
