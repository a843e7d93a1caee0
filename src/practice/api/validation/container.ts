import {asArray, asObject, asString, isObject, type JsonObject} from '../../../engine/json.ts';
import {duplicate, forbiddenField, invalidValue, notFoundValue, required, unsupported} from '../api-error.ts';
import {nanoOf} from '../quantity.ts';
import {
  checkCounts,
  checkLabelName,
  checkOneOf,
  checkPort,
  checkPortOrName,
  type Errors,
  notNegative,
  portNameProblems,
} from './rules.ts';
import {validateContainerSecurity} from './security-context.ts';

export type PodParts = {
  readonly spec: JsonObject;
  readonly volumes: ReadonlySet<string>;
  readonly names: Set<string>;
};

const pullPolicies = ['Always', 'IfNotPresent', 'Never'];
const protocols = ['SCTP', 'TCP', 'UDP'];

export function validateContainer(
  container: JsonObject,
  field: string,
  parts: PodParts,
  errors: Errors,
): void {
  const name = asString(container.name);
  checkLabelName(name, `${field}.name`, parts.names, errors, duplicate(`${field}.name`, name));
  const image = asString(container.image);
  if (image === '') errors.push(required(`${field}.image`));
  else if (image.trim() !== image)
    errors.push(invalidValue(`${field}.image`, image, 'must not have leading or trailing whitespace'));
  const termination = container.terminationMessagePolicy;
  if (typeof termination === 'string' && termination !== 'File' && termination !== 'FallbackToLogsOnError')
    errors.push(
      unsupported(`${field}.terminationMessagePolicy`, termination, ['FallbackToLogsOnError', 'File']),
    );
  validatePorts(container, field, parts, errors);
  validateEnvironment(container, field, errors);
  validateMounts(container, field, parts, errors);
  checkOneOf(container.imagePullPolicy, pullPolicies, `${field}.imagePullPolicy`, errors);
  validateResources(asObject(container.resources), `${field}.resources`, errors);
  if (isObject(container.securityContext))
    validateContainerSecurity(
      container.securityContext,
      `${field}.securityContext`,
      parts.spec.hostUsers,
      errors,
    );
  const lifecycle = asObject(container.lifecycle);
  for (const key of ['postStart', 'preStop']) {
    const handler = lifecycle[key];
    if (isObject(handler)) validateHandler(handler, `${field}.lifecycle.${key}`, errors);
  }
  for (const key of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = container[key];
    if (isObject(probe)) validateProbe(probe, `${field}.${key}`, key, errors);
  }
}

function validatePorts(container: JsonObject, field: string, {spec}: PodParts, errors: Errors): void {
  const names = new Set<string>();
  for (const [index, item] of asArray(container.ports).entries()) {
    const port = asObject(item);
    const at = `${field}.ports[${index}]`;
    const name = asString(port.name);
    if (name) {
      const problems = portNameProblems(name);
      for (const problem of problems) errors.push(invalidValue(`${at}.name`, name, problem));
      if (problems.length === 0 && names.has(name)) errors.push(duplicate(`${at}.name`, name));
      names.add(name);
    }
    if (!port.containerPort) errors.push(required(`${at}.containerPort`));
    else checkPort(port.containerPort, `${at}.containerPort`, errors);
    if (port.hostPort) checkPort(port.hostPort, `${at}.hostPort`, errors);
    checkOneOf(port.protocol, protocols, `${at}.protocol`, errors);
    if (spec.hostNetwork === true && port.hostPort && port.hostPort !== port.containerPort)
      errors.push(
        invalidValue(
          `${at}.hostPort`,
          port.hostPort,
          'must match `containerPort` when `hostNetwork` is true',
        ),
      );
  }
}

const sources = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef', 'fileKeyRef'];

function validateEnvironment(container: JsonObject, field: string, errors: Errors): void {
  for (const [index, item] of asArray(container.env).entries()) {
    const variable = asObject(item);
    const at = `${field}.env[${index}]`;
    const name = asString(variable.name);
    if (name === '') errors.push(required(`${at}.name`));
    else if (!/^[\x20-\x3c\x3e-\x7e]+$/.test(name))
      errors.push(
        invalidValue(
          `${at}.name`,
          name,
          "a valid environment variable name must consist only of printable ASCII characters other than '='",
        ),
      );
    if (isObject(variable.valueFrom))
      validateValueFrom(variable, variable.valueFrom, `${at}.valueFrom`, errors);
  }
  for (const [index, item] of asArray(container.envFrom).entries()) {
    const from = asObject(item);
    const given = ['configMapRef', 'secretRef'].filter((key) => isObject(from[key]));
    if (given.length === 0)
      errors.push(invalidValue(`${field}.envFrom`, '', 'must specify one of: `configMapRef` or `secretRef`'));
    for (const key of given)
      if (!asString(asObject(from[key]).name))
        errors.push(required(`${field}.envFrom[${index}].${key}.name`));
  }
}

function validateValueFrom(variable: JsonObject, from: JsonObject, at: string, errors: Errors): void {
  const given = sources.filter((key) => isObject(from[key]));
  if (given.length === 0)
    errors.push(
      invalidValue(
        at,
        '',
        'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
      ),
    );
  else if (asString(variable.value) !== '')
    errors.push(invalidValue(at, '', 'may not be specified when `value` is not empty'));
  else if (given.length > 1)
    errors.push(invalidValue(at, '', 'may not have more than one field specified at a time'));
  for (const key of ['configMapKeyRef', 'secretKeyRef'])
    if (isObject(from[key]) && !asString(asObject(from[key]).key)) errors.push(required(`${at}.${key}.key`));
  if (isObject(from.fieldRef) && !asString(from.fieldRef.fieldPath))
    errors.push(required(`${at}.fieldRef.fieldPath`));
}

function validateMounts(container: JsonObject, field: string, {volumes}: PodParts, errors: Errors): void {
  const paths = new Set<string>();
  for (const [index, item] of asArray(container.volumeMounts).entries()) {
    const mount = asObject(item);
    const at = `${field}.volumeMounts[${index}]`;
    const name = asString(mount.name);
    if (name === '') errors.push(required(`${at}.name`));
    if (!volumes.has(name)) errors.push(notFoundValue(`${at}.name`, name));
    const path = asString(mount.mountPath);
    if (path === '') errors.push(required(`${at}.mountPath`));
    else if (paths.has(path)) errors.push(invalidValue(`${at}.mountPath`, path, 'must be unique'));
    paths.add(path);
    const sub = asString(mount.subPath);
    if (sub.startsWith('/')) errors.push(invalidValue(`${at}.subPath`, sub, 'must be a relative path'));
    if (sub.split('/').includes('..'))
      errors.push(invalidValue(`${at}.subPath`, sub, "must not contain '..'"));
  }
}

const isStandard = (name: string): boolean =>
  ['cpu', 'memory', 'ephemeral-storage'].includes(name) ||
  name.startsWith('hugepages-') ||
  name.includes('/');

/** Requests and limits: known, not negative, no request above its limit. */
export function validateResources(resources: JsonObject, field: string, errors: Errors): void {
  const limits = asObject(resources.limits);
  const requests = asObject(resources.requests);
  for (const [key, values] of [
    ['limits', limits],
    ['requests', requests],
  ] as const) {
    for (const [name, value] of Object.entries(values)) {
      const at = `${field}.${key}[${name}]`;
      if (!isStandard(name)) {
        errors.push(invalidValue(at, name, 'must be a standard resource type or fully qualified'));
        errors.push(invalidValue(at, name, 'must be a standard resource for containers'));
      }
      if (nanoOf(value) < 0n) errors.push(invalidValue(at, value, notNegative));
    }
    if (key === 'limits') continue;
    for (const [name, value] of Object.entries(requests)) {
      const limit = limits[name];
      if (limit === undefined) continue;
      if (nanoOf(value) > nanoOf(limit))
        errors.push(
          invalidValue(
            `${field}.requests`,
            value,
            `must be less than or equal to ${name} limit of ${asString(limit)}`,
          ),
        );
    }
  }
}

const handlers = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'];

function validateHandler(handler: JsonObject, field: string, errors: Errors): void {
  const given = handlers.filter((key) => isObject(handler[key]));
  if (given.length === 0) errors.push(required(field, 'must specify a handler type'));
  for (const [index, key] of given.entries()) {
    const at = `${field}.${key}`;
    if (index > 0) {
      errors.push(forbiddenField(at, 'may not specify more than 1 handler type'));
      continue;
    }
    const value = asObject(handler[key]);
    if (key === 'exec' && asArray(value.command).length === 0) errors.push(required(`${at}.command`));
    if (key === 'httpGet') {
      if (!asString(value.path)) errors.push(required(`${at}.path`));
      checkPortOrName(value.port, `${at}.port`, errors);
      checkOneOf(value.scheme, ['HTTP', 'HTTPS'], `${at}.scheme`, errors);
    }
    if (key === 'tcpSocket') checkPortOrName(value.port, `${at}.port`, errors);
    if (key === 'grpc') checkPort(value.port ?? 0, `${at}.port`, errors);
  }
}

function validateProbe(probe: JsonObject, field: string, kind: string, errors: Errors): void {
  validateHandler(probe, field, errors);
  checkCounts(
    probe,
    ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'],
    field,
    errors,
  );
  if (kind !== 'readinessProbe' && probe.successThreshold !== 1)
    errors.push(invalidValue(`${field}.successThreshold`, probe.successThreshold, 'must be 1'));
}
