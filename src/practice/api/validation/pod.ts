import {asArray, asObject, asString, isObject, type JsonObject} from '../../../engine/json.ts';
import {duplicate, invalidValue, required} from '../api-error.ts';
import {labelProblems, subdomainProblems} from '../names.ts';
import {type PodParts, validateContainer} from './container.ts';
import {
  checkLabels,
  checkNames,
  checkOneOf,
  checkRange,
  type Errors,
  qualifiedNameProblems,
} from './rules.ts';
import {validatePodSecurityContext} from './security-context.ts';
import {validateVolumes} from './volumes.ts';

const restartPolicies = ['Always', 'OnFailure', 'Never'];
const dnsPolicies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];

/** A pod spec, in a pod or in a template. */
export function validatePodSpec(spec: JsonObject, field: string, errors: Errors): void {
  const volumes = validateVolumes(spec, `${field}.volumes`, errors);
  const parts: PodParts = {spec, volumes, names: new Set()};
  const containers = asArray(spec.containers).map(asObject);
  if (containers.length === 0) errors.push(required(`${field}.containers`));
  for (const [index, container] of containers.entries())
    validateContainer(container, `${field}.containers[${index}]`, parts, errors);
  for (const [index, container] of asArray(spec.initContainers).map(asObject).entries())
    validateContainer(container, `${field}.initContainers[${index}]`, parts, errors);
  for (const [index, container] of asArray(spec.ephemeralContainers).map(asObject).entries())
    validateContainer(container, `${field}.ephemeralContainers[${index}]`, parts, errors);
  checkHostPorts(containers, `${field}.containers`, errors);
  checkOneOf(spec.restartPolicy, restartPolicies, `${field}.restartPolicy`, errors);
  checkOneOf(spec.dnsPolicy, dnsPolicies, `${field}.dnsPolicy`, errors);
  if (Object.keys(asObject(spec.nodeSelector)).length > 0)
    checkLabels(asObject(spec.nodeSelector), `${field}.nodeSelector`, errors);
  if (isObject(spec.securityContext))
    validatePodSecurityContext(spec.securityContext, `${field}.securityContext`, errors);
  checkAffinity(asObject(spec.affinity), `${field}.affinity`, errors);
  const account = asString(spec.serviceAccountName);
  if (account) checkNames(subdomainProblems(account), account, `${field}.serviceAccountName`, errors);
  checkRange(spec.activeDeadlineSeconds, 1, 2_147_483_647, `${field}.activeDeadlineSeconds`, errors);
  for (const key of ['hostname', 'subdomain']) {
    const name = asString(spec[key]);
    if (name) checkNames(labelProblems(name), name, `${field}.${key}`, errors);
  }
  checkTolerations(spec, `${field}.tolerations`, errors);
  checkSpread(spec, `${field}.topologySpreadConstraints`, errors);
}

function checkHostPorts(containers: readonly JsonObject[], field: string, errors: Errors): void {
  const used = new Set<string>();
  for (const [index, container] of containers.entries()) {
    for (const [place, item] of asArray(container.ports).entries()) {
      const port = asObject(item);
      if (!port.hostPort) continue;
      const key = `${asString(port.protocol)}/${asString(port.hostIP)}/${Number(port.hostPort)}`;
      if (used.has(key)) errors.push(duplicate(`${field}[${index}].ports[${place}].hostPort`, key));
      used.add(key);
    }
  }
}

function checkAffinity(affinity: JsonObject, field: string, errors: Errors): void {
  const key = 'requiredDuringSchedulingIgnoredDuringExecution';
  const node = asObject(affinity.nodeAffinity)[key];
  if (isObject(node) && asArray(node.nodeSelectorTerms).length === 0)
    errors.push(
      required(`${field}.nodeAffinity.${key}.nodeSelectorTerms`, 'must have at least one node selector term'),
    );
  for (const kind of ['podAffinity', 'podAntiAffinity']) {
    for (const [index, term] of asArray(asObject(affinity[kind])[key]).entries())
      if (!asString(asObject(term).topologyKey))
        errors.push(required(`${field}.${kind}.${key}[${index}].topologyKey`, 'can not be empty'));
  }
}

function checkTolerations(spec: JsonObject, field: string, errors: Errors): void {
  for (const [index, item] of asArray(spec.tolerations).entries()) {
    const {key, operator, value, effect, tolerationSeconds} = asObject(item);
    const at = `${field}[${index}]`;
    const name = asString(key);
    if (name)
      for (const problem of qualifiedNameProblems(name))
        errors.push(invalidValue(`${at}.key`, name, problem));
    else if (operator !== 'Exists')
      errors.push(
        invalidValue(
          `${at}.operator`,
          operator ?? '',
          'operator must be Exists when `key` is empty, which means "match all values and all keys"',
        ),
      );
    if (tolerationSeconds !== undefined && effect !== 'NoExecute')
      errors.push(
        invalidValue(
          `${at}.effect`,
          effect ?? '',
          "effect must be 'NoExecute' when `tolerationSeconds` is set",
        ),
      );
    if (operator === 'Exists' && asString(value))
      errors.push(
        invalidValue(
          `${at}.operator`,
          {...asObject(item)},
          "value must be empty when `operator` is 'Exists'",
        ),
      );
    checkOneOf(operator, ['Equal', 'Exists'], `${at}.operator`, errors);
    if (asString(effect))
      checkOneOf(effect, ['NoExecute', 'NoSchedule', 'PreferNoSchedule'], `${at}.effect`, errors);
  }
}

function checkSpread(spec: JsonObject, field: string, errors: Errors): void {
  for (const [index, item] of asArray(spec.topologySpreadConstraints).entries()) {
    const {maxSkew, topologyKey, whenUnsatisfiable} = asObject(item);
    const at = `${field}[${index}]`;
    if (Number(maxSkew ?? 0) <= 0)
      errors.push(invalidValue(`${at}.maxSkew`, maxSkew ?? 0, 'must be greater than zero'));
    if (!asString(topologyKey)) errors.push(required(`${at}.topologyKey`, 'can not be empty'));
    checkOneOf(whenUnsatisfiable, ['DoNotSchedule', 'ScheduleAnyway'], `${at}.whenUnsatisfiable`, errors);
  }
}
