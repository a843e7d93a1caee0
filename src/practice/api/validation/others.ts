import {isIP} from 'node:net';
import {asArray, asObject, asString, isObject, type JsonObject} from '../../../engine/json.ts';
import {duplicate, forbiddenField, invalidValue, required, unsupported} from '../api-error.ts';
import {nanoOf} from '../quantity.ts';
import {
  checkLabels,
  checkOneOf,
  checkPort,
  checkPortOrName,
  checkSelector,
  type Errors,
  notNegative,
  portNameProblems,
  qualifiedNameProblems,
} from './rules.ts';

const configKeyMessage =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

function checkKeys(object: JsonObject, field: string, errors: Errors): void {
  for (const key of Object.keys(asObject(object[field])))
    if (!/^[-._a-zA-Z0-9]+$/.test(key)) errors.push(invalidValue(`${field}[${key}]`, key, configKeyMessage));
}

const mostBytes = 1024 * 1024;

export function validateConfigMap(object: JsonObject, errors: Errors): void {
  checkKeys(object, 'data', errors);
  checkKeys(object, 'binaryData', errors);
  const size = Object.values(asObject(object.data)).reduce<number>(
    (sum, value) => sum + asString(value).length,
    0,
  );
  if (size > mostBytes)
    errors.push({
      field: '',
      reason: 'FieldValueTooLong',
      message: `Too long: may not be more than ${mostBytes} bytes`,
    });
}

export function validateSecret(object: JsonObject, errors: Errors): void {
  checkKeys(object, 'data', errors);
  const data = asObject(object.data);
  const needs: Readonly<Record<string, readonly string[]>> = {
    'kubernetes.io/tls': ['tls.crt', 'tls.key'],
    'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
    'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  };
  for (const key of needs[asString(object.type)] ?? [])
    if (data[key] === undefined) errors.push(required(`data[${key}]`));
}

const serviceTypes = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];

export function validateService(object: JsonObject, errors: Errors): void {
  const spec = asObject(object.spec);
  const ports = asArray(spec.ports).map(asObject);
  checkLabels(asObject(spec.selector), 'spec.selector', errors);
  const headless = spec.clusterIP === 'None';
  if (ports.length === 0 && !headless && spec.type !== 'ExternalName') errors.push(required('spec.ports'));
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const at = `spec.ports[${index}]`;
    const name = asString(port.name);
    if (name === '') {
      if (ports.length > 1) errors.push(required(`${at}.name`));
    } else if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name))
      for (const problem of portNameProblems(name)) errors.push(invalidValue(`${at}.name`, name, problem));
    else if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
    names.add(name);
    checkPort(port.port ?? 0, `${at}.port`, errors);
    checkOneOf(port.protocol, ['SCTP', 'TCP', 'UDP'], `${at}.protocol`, errors);
    checkPortOrName(port.targetPort ?? 0, `${at}.targetPort`, errors);
  }
  checkOneOf(spec.type, serviceTypes, 'spec.type', errors);
  if (spec.type === 'ExternalName' && !asString(spec.externalName))
    errors.push(required('spec.externalName'));
  const seen = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const key = `${asString(port.protocol)}/${Number(port.port)}`;
    if (seen.has(key))
      errors.push(
        duplicate(`spec.ports[${index}]`, {
          Name: '',
          Protocol: asString(port.protocol),
          AppProtocol: null,
          Port: Number(port.port),
          TargetPort: 0,
          NodePort: 0,
        }),
      );
    seen.add(key);
  }
  checkOneOf(spec.sessionAffinity, ['ClientIP', 'None'], 'spec.sessionAffinity', errors);
}

function checkCidr(text: string, field: string, errors: Errors): void {
  const [address = '', bits] = text.split('/');
  const version = isIP(address);
  const valid =
    version !== 0 && bits !== undefined && /^\d+$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128);
  if (!valid)
    errors.push(invalidValue(field, text, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'));
}

export function validateNetworkPolicy(object: JsonObject, errors: Errors): void {
  const spec = asObject(object.spec);
  checkSelector(asObject(spec.podSelector), 'spec.podSelector', errors);
  for (const [direction, peers] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const) {
    for (const [index, item] of asArray(spec[direction]).entries()) {
      const rule = asObject(item);
      const at = `spec.${direction}[${index}]`;
      for (const [place, port] of asArray(rule.ports).map(asObject).entries()) {
        const where = `${at}.ports[${place}]`;
        checkOneOf(port.protocol, ['TCP', 'UDP', 'SCTP'], `${where}.protocol`, errors);
        if (port.port !== undefined) checkPortOrName(port.port, `${where}.port`, errors);
        if (port.endPort !== undefined && Number(port.endPort) < Number(port.port))
          errors.push(invalidValue(`${where}.endPort`, port.port, 'must be greater than or equal to `port`'));
      }
      for (const [place, peer] of asArray(rule[peers]).map(asObject).entries()) {
        const where = `${at}.${peers}[${place}]`;
        const given = ['podSelector', 'namespaceSelector', 'ipBlock'].filter((key) => isObject(peer[key]));
        if (given.length === 0) errors.push(required(where, 'must specify a peer'));
        if (given.includes('ipBlock') && given.length > 1)
          errors.push(forbiddenField(where, 'may not specify both ipBlock and another peer'));
        if (isObject(peer.ipBlock)) checkCidr(asString(peer.ipBlock.cidr), `${where}.ipBlock.cidr`, errors);
        for (const key of ['podSelector', 'namespaceSelector'])
          if (isObject(peer[key])) checkSelector(asObject(peer[key]), `${where}.${key}`, errors);
      }
    }
  }
  const types = asArray(spec.policyTypes);
  for (const [index, type] of types.entries())
    checkOneOf(type, ['Ingress', 'Egress'], `spec.policyTypes[${index}]`, errors);
}

export function validateIngress(object: JsonObject, errors: Errors): void {
  const spec = asObject(object.spec);
  if (asArray(spec.rules).length === 0 && !isObject(spec.defaultBackend))
    errors.push(invalidValue('spec', null, 'either `defaultBackend` or `rules` must be specified'));
  for (const [index, rule] of asArray(spec.rules).entries()) {
    const {http} = asObject(rule);
    const paths = asArray(asObject(http).paths).map(asObject);
    if (isObject(http) && paths.length === 0) errors.push(required(`spec.rules[${index}].http.paths`));
    for (const [place, path] of paths.entries()) {
      const at = `spec.rules[${index}].http.paths[${place}]`;
      if (!asString(path.pathType)) {
        errors.push(required(`${at}.pathType`, 'pathType must be specified'));
        continue;
      } else {
        const types = ['Exact', 'ImplementationSpecific', 'Prefix'];
        if (!types.includes(asString(path.pathType)))
          errors.push(unsupported(`${at}.pathType`, path.pathType!, types));
        else if (path.pathType !== 'ImplementationSpecific' && !asString(path.path).startsWith('/'))
          errors.push(invalidValue(`${at}.path`, path.path ?? '', 'must be an absolute path'));
      }
      const backend = asObject(path.backend);
      if (!isObject(backend.service) && !isObject(backend.resource))
        errors.push(invalidValue(`${at}.backend`, '', 'resource or service backend is required'));
      const service = asObject(asObject(path.backend).service);
      if (isObject(asObject(path.backend).service) && !asString(service.name))
        errors.push(required(`${at}.backend.service.name`));
    }
  }
}

export function validateLimitRange(object: JsonObject, errors: Errors): void {
  const seen = new Set<string>();
  for (const [index, item] of asArray(asObject(object.spec).limits).entries()) {
    const limit = asObject(item);
    const at = `spec.limits[${index}]`;
    const type = asString(limit.type);
    if (type === '')
      for (const problem of qualifiedNameProblems(type))
        errors.push(invalidValue(`${at}.type`, type, problem));
    else if (!type.includes('/') && !['Pod', 'Container', 'PersistentVolumeClaim'].includes(type))
      errors.push(invalidValue(`${at}.type`, type, 'must be a standard limit type or fully qualified'));
    for (const key of ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'])
      for (const name of Object.keys(asObject(limit[key])))
        if (!/\/|^(cpu|memory|storage|ephemeral-storage|hugepages-.*)$/.test(name))
          errors.push(
            invalidValue(
              `${at}.${key}[${name}]`,
              name,
              'must be a standard resource type or fully qualified',
            ),
          );
    if (seen.has(type)) errors.push(duplicate(`${at}.type`, type));
    seen.add(type);
    const {
      max,
      min,
      default: most,
      defaultRequest,
    } = {
      max: asObject(limit.max),
      min: asObject(limit.min),
      default: asObject(limit.default),
      defaultRequest: asObject(limit.defaultRequest),
    };
    if (type === 'Pod')
      for (const key of ['default', 'defaultRequest'])
        if (Object.keys(asObject(limit[key])).length > 0)
          errors.push(forbiddenField(`${at}.${key}`, "may not be specified when `type` is 'Pod'"));
    const names = new Set([max, min, most, defaultRequest].flatMap((values) => Object.keys(values)));
    for (const name of [...names].sort()) {
      const above = (a: JsonObject, b: JsonObject): boolean =>
        a[name] !== undefined && b[name] !== undefined && nanoOf(a[name]) > nanoOf(b[name]);
      const refuse = (key: string, values: JsonObject, text: string): void => {
        errors.push(invalidValue(`${at}.${key}[${name}]`, values[name], text));
      };
      const [a, b, c, d] = [max[name], min[name], most[name], defaultRequest[name]].map(asString);
      if (above(min, max)) refuse('min', min, `min value ${b} is greater than max value ${a}`);
      if (above(min, defaultRequest))
        refuse('defaultRequest', defaultRequest, `min value ${b} is greater than default request value ${d}`);
      if (above(defaultRequest, max))
        refuse('defaultRequest', defaultRequest, `default request value ${d} is greater than max value ${a}`);
      if (above(defaultRequest, most))
        refuse(
          'defaultRequest',
          defaultRequest,
          `default request value ${d} is greater than default limit value ${c}`,
        );
      if (above(min, most)) refuse('default', min, `min value ${b} is greater than default value ${c}`);
      // The server shows the maximum here, not the default that it refuses.
      if (above(most, max)) refuse('default', max, `default value ${c} is greater than max value ${a}`);
    }
  }
}

const quotaNames =
  /^(pods|services|replicationcontrollers|resourcequotas|secrets|configmaps|persistentvolumeclaims|cpu|memory|ephemeral-storage|services\.(nodeports|loadbalancers)|(requests|limits)\.(cpu|memory|ephemeral-storage)|requests\.storage)$/;

/** Quotas of how many there may be; cpu, memory and storage come in parts. */
const isCount = (name: string): boolean =>
  name.startsWith('count/') || (/^[a-z.]+$/.test(name) && !/(cpu|memory|storage)$/.test(name));

export function validateQuota(object: JsonObject, errors: Errors): void {
  for (const [name, value] of Object.entries(asObject(asObject(object.spec).hard))) {
    const at = `spec.hard[${name}]`;
    if (
      !quotaNames.test(name) &&
      !name.includes('/') &&
      !name.startsWith('requests.') &&
      !name.startsWith('hugepages-')
    ) {
      errors.push(invalidValue(at, name, 'must be a standard resource type or fully qualified'));
      errors.push(invalidValue(at, name, 'must be a standard resource for quota'));
    } else if (nanoOf(value) < 0n) errors.push(invalidValue(at, value, notNegative));
    else if (isCount(name) && nanoOf(value) % 1_000_000_000n !== 0n)
      errors.push(invalidValue(at, value, 'must be an integer'));
  }
}

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];

export function validateClaim(object: JsonObject, errors: Errors): void {
  const spec = asObject(object.spec);
  const modes = asArray(spec.accessModes);
  if (modes.length === 0) errors.push(required('spec.accessModes', 'at least 1 access mode is required'));
  for (const mode of modes) checkOneOf(mode, accessModes, 'spec.accessModes', errors);
  const storage = asObject(asObject(spec.resources).requests).storage;
  if (storage === undefined) errors.push(required('spec.resources[storage]'));
  else if (nanoOf(storage) <= 0n)
    errors.push(invalidValue('spec.resources[storage]', storage, 'must be greater than zero'));
}

export function validateBudget(object: JsonObject, errors: Errors): void {
  const {minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy} = asObject(object.spec);
  if (minAvailable !== undefined && maxUnavailable !== undefined)
    errors.push(
      invalidValue(
        'spec',
        {
          MinAvailable: minAvailable,
          Selector: selector ?? null,
          MaxUnavailable: maxUnavailable,
          UnhealthyPodEvictionPolicy: unhealthyPodEvictionPolicy ?? null,
        },
        'minAvailable and maxUnavailable cannot be both set',
      ),
    );
  if (isObject(selector)) checkSelector(selector, 'spec.selector', errors);
}

export function validateAutoscaler(object: JsonObject, errors: Errors): void {
  const {minReplicas, maxReplicas, scaleTargetRef} = asObject(object.spec);
  const least = Number(minReplicas ?? 1);
  if (least < 1) errors.push(invalidValue('spec.minReplicas', least, 'must be greater than or equal to 1'));
  if (!maxReplicas) errors.push(required('spec.maxReplicas', 'must be set and greater than 0'));
  else if (Number(maxReplicas) < 1)
    errors.push(invalidValue('spec.maxReplicas', maxReplicas, 'must be greater than 0'));
  else if (Number(maxReplicas) < least)
    errors.push(
      invalidValue('spec.maxReplicas', maxReplicas, 'must be greater than or equal to `minReplicas`'),
    );
  const target = asObject(scaleTargetRef);
  for (const key of ['kind', 'name'])
    if (!asString(target[key])) errors.push(required(`spec.scaleTargetRef.${key}`));
  if (!asString(target.apiVersion))
    errors.push(invalidValue('spec.scaleTargetRef.apiVersion', '', 'apiVersion must specify API group'));
}
