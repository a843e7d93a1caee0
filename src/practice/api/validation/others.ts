import {asArray, asObject, asString, isObject, type JsonObject} from '../../../engine/json.ts';
import {duplicate, forbiddenField, invalidValue, required} from '../api-error.ts';
import {nanoOf} from '../quantity.ts';
import {
  checkAmount,
  checkNames,
  checkOneOf,
  checkPercentage,
  checkSelector,
  type Errors,
  notNegative,
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

export function validateLimitRange(object: JsonObject, errors: Errors): void {
  const seen = new Set<string>();
  for (const [index, item] of asArray(asObject(object.spec).limits).entries()) {
    const limit = asObject(item);
    const at = `spec.limits[${index}]`;
    const type = asString(limit.type);
    const problems = qualifiedNameProblems(type);
    if (problems.length > 0) checkNames(problems, type, `${at}.type`, errors);
    else if (!type.includes('/') && !['Pod', 'Container', 'PersistentVolumeClaim'].includes(type))
      errors.push(invalidValue(`${at}.type`, type, 'must be a standard limit type or fully qualified'));
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
    for (const key of ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio']) {
      const given = Object.keys(asObject(limit[key]));
      if (type === 'Pod' && key.startsWith('default')) {
        if (given.length > 0)
          errors.push(forbiddenField(`${at}.${key}`, "may not be specified when `type` is 'Pod'"));
        continue;
      }
      for (const name of given) checkResource(name, type, `${at}.${key}[${name}]`, errors);
      if (key === 'defaultRequest' && type === 'PersistentVolumeClaim' && !max.storage && !min.storage)
        errors.push(
          required(
            `${at}.limits`,
            'either minimum or maximum storage value is required, but neither was provided',
          ),
        );
    }
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

const standardResource =
  /^(cpu|memory|storage|ephemeral-storage|hugepages-.*|pods|services|replicationcontrollers|resourcequotas|secrets|configmaps|persistentvolumeclaims|services\.(nodeports|loadbalancers)|(requests|limits)\.(cpu|memory|ephemeral-storage)|requests\.(storage|hugepages-.*))$/;
const containerResource = /^(cpu|memory|ephemeral-storage|hugepages-.*)$/;

/** A resource that containers, or all else, may be limited by. */
function checkResource(name: string, type: string, field: string, errors: Errors): void {
  const problems = qualifiedNameProblems(name);
  checkNames(problems, name, field, errors);
  if (name.includes('/')) return;
  if (problems.length === 0 && !standardResource.test(name))
    errors.push(invalidValue(field, name, 'must be a standard resource type or fully qualified'));
  if ((type === 'Pod' || type === 'Container') && !containerResource.test(name))
    errors.push(invalidValue(field, name, 'must be a standard resource for containers'));
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
  validateScopes(asObject(object.spec), errors);
}

const podScopes = new Set([
  'Terminating',
  'NotTerminating',
  'BestEffort',
  'NotBestEffort',
  'PriorityClass',
  'CrossNamespacePodAffinity',
]);
const standing = /^(pods|cpu|memory|ephemeral-storage|(requests|limits)\.(cpu|memory|ephemeral-storage))$/;

/** A scope holds for pods alone, and for those without requests only their number can be limited. */
function validateScopes({scopes, hard}: JsonObject, errors: Errors): void {
  const given = asArray(scopes).map(asString);
  const refuse = (text: string): void => void errors.push(invalidValue('spec.scopes', given, text));
  for (const scope of given) {
    if (!podScopes.has(scope) && scope !== 'VolumeAttributesClass') refuse('unsupported scope');
    for (const name of Object.keys(asObject(hard))) {
      if (!quotaNames.test(name)) continue;
      const fits =
        scope === 'BestEffort'
          ? name === 'pods'
          : podScopes.has(scope)
            ? standing.test(name)
            : name === 'persistentvolumeclaims' || name === 'requests.storage';
      if (!fits) refuse('unsupported scope applied to resource');
    }
  }
  for (const [one, other] of [
    ['BestEffort', 'NotBestEffort'],
    ['Terminating', 'NotTerminating'],
  ] as const)
    if (given.includes(one) && given.includes(other)) refuse('conflicting scopes');
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
  for (const [key, value] of Object.entries({minAvailable, maxUnavailable})) {
    checkAmount(value, `spec.${key}`, errors);
    checkPercentage(value, `spec.${key}`, errors);
  }
  if (isObject(selector)) checkSelector(selector, 'spec.selector', errors);
  checkOneOf(
    unhealthyPodEvictionPolicy,
    ['AlwaysAllow', 'IfHealthyBudget'],
    'spec.unhealthyPodEvictionPolicy',
    errors,
  );
}
