import {asArray, asObject, asString, isObject, type Json, type JsonObject} from '../../../engine/json.ts';
import {forbiddenField, invalidValue, required, unsupported} from '../api-error.ts';
import {labelProblems} from '../names.ts';
import {matchesLabels, selectorOf} from '../selectors.ts';
import {validatePodSpec} from './pod.ts';
import {
  checkAmount,
  checkCounts,
  checkLabels,
  checkNames,
  checkPercentage,
  checkSelector,
  type Errors,
  isSelector,
} from './rules.ts';

const mismatch = '`selector` does not match template `labels`';
const isEmptySelector = (selector: JsonObject): boolean =>
  asArray(selector.matchExpressions).length === 0 && Object.keys(asObject(selector.matchLabels)).length === 0;

const holders: Readonly<Record<string, string>> = {daemonset: 'DaemonSet', statefulset: 'StatefulSet'};

/** Template of a workload whose pods always restart. */
function validateTemplate(spec: JsonObject, kind: string, selects: boolean, errors: Errors): void {
  if (isObject(spec.selector) && !isSelector(spec.selector) && kind !== 'daemonset') {
    const why = kind === 'statefulset' ? '' : 'invalid label selector';
    errors.push(invalidValue('spec.selector', spec.selector, why));
    return;
  }
  const template = asObject(spec.template);
  const labels = asObject(template.metadata).labels;
  const selector = spec.selector;
  const fits =
    isObject(selector) &&
    (isEmptySelector(selector) || matchesLabels(selectorOf(selector), asObject(labels)));
  if (selects && !fits) errors.push(invalidValue('spec.template.metadata.labels', labels ?? null, mismatch));
  checkLabels(asObject(labels), 'spec.template.labels', errors);
  // A StatefulSet's pods get the volumes of its claims.
  const claims = asArray(spec.volumeClaimTemplates).map(
    (claim): JsonObject => ({name: asObject(asObject(claim).metadata).name ?? '', emptyDir: {}}),
  );
  const podSpec = asObject(template.spec);
  const whole = claims.length > 0 ? {...podSpec, volumes: [...asArray(podSpec.volumes), ...claims]} : podSpec;
  validatePodSpec(whole, 'spec.template.spec', errors);
  const policy = asString(asObject(template.spec).restartPolicy);
  if (policy !== 'Always') errors.push(unsupported('spec.template.spec.restartPolicy', policy, ['Always']));
  if (asObject(template.spec).activeDeadlineSeconds !== undefined)
    errors.push(
      forbiddenField(
        'spec.template.spec.activeDeadlineSeconds',
        `activeDeadlineSeconds in ${holders[kind] ?? 'ReplicaSet'} is not Supported`,
      ),
    );
}

/** Whether the selector is there and selects something; with its errors. */
function validateSelector(spec: JsonObject, kind: string, errors: Errors): void {
  if (!isObject(spec.selector)) {
    errors.push(required('spec.selector'));
    return;
  }
  checkSelector(spec.selector, 'spec.selector', errors);
  if (isEmptySelector(spec.selector))
    errors.push(
      invalidValue(
        'spec.selector',
        {},
        `empty selector is invalid for ${kind === 'replicaset' ? 'deployment' : kind}`,
      ),
    );
}

const amount = (value: Json | undefined): number =>
  typeof value === 'number' ? value : Number.parseInt(asString(value), 10);

export function validateDeployment(object: JsonObject, errors: Errors): void {
  const spec = asObject(object.spec);
  checkCounts(spec, ['replicas'], 'spec', errors);
  validateSelector(spec, 'deployment', errors);
  validateTemplate(spec, 'deployment', true, errors);
  const strategy = asObject(spec.strategy);
  const type = asString(strategy.type);
  const rolling = strategy.rollingUpdate;
  if (type === 'Recreate') {
    if (isObject(rolling))
      errors.push(
        forbiddenField(
          'spec.strategy.rollingUpdate',
          "may not be specified when strategy `type` is 'Recreate'",
        ),
      );
  } else if (type === 'RollingUpdate') {
    const {maxUnavailable, maxSurge} = asObject(rolling);
    for (const [key, value] of Object.entries({maxUnavailable, maxSurge}))
      checkAmount(value, `spec.strategy.rollingUpdate.${key}`, errors);
    checkPercentage(maxUnavailable, 'spec.strategy.rollingUpdate.maxUnavailable', errors);
    if (amount(maxUnavailable) === 0 && amount(maxSurge) === 0)
      errors.push(
        invalidValue(
          'spec.strategy.rollingUpdate.maxUnavailable',
          maxUnavailable,
          'may not be 0 when `maxSurge` is 0',
        ),
      );
  } else
    errors.push({
      field: 'spec.strategy',
      reason: 'FieldValueNotSupported',
      message: `Unsupported value: ${JSON.stringify({Type: type, RollingUpdate: null})}: supported values: "Recreate", "RollingUpdate"`,
    });
  checkCounts(spec, ['minReadySeconds', 'revisionHistoryLimit', 'progressDeadlineSeconds'], 'spec', errors);
  const deadline = spec.progressDeadlineSeconds;
  const wait = Number(spec.minReadySeconds ?? 0);
  if (typeof deadline === 'number' && deadline >= 0 && deadline <= wait && wait >= 0)
    errors.push(
      invalidValue('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds'),
    );
}

export function validateReplicaSet(object: JsonObject, errors: Errors): void {
  const spec = asObject(object.spec);
  checkCounts(spec, ['replicas', 'minReadySeconds'], 'spec', errors);
  validateSelector(spec, 'replicaset', errors);
  validateTemplate(spec, 'replicaset', true, errors);
}

export function validateDaemonSet(object: JsonObject, errors: Errors): void {
  const spec = asObject(object.spec);
  const {selector} = spec;
  const labels = asObject(asObject(spec.template).metadata).labels;
  if (isObject(selector)) checkSelector(selector, 'spec.selector', errors);
  const fits = isObject(selector) && matchesLabels(selectorOf(selector), asObject(labels));
  if (!fits && !(isObject(selector) && !isSelector(selector)))
    errors.push(invalidValue('spec.template.metadata.labels', labels ?? null, mismatch));
  if (isObject(selector) && isEmptySelector(selector))
    errors.push(invalidValue('spec.selector', {}, 'empty selector is invalid for daemonset'));
  validateTemplate(spec, 'daemonset', false, errors);
  checkCounts(spec, ['minReadySeconds'], 'spec', errors);
  const strategy = asObject(spec.updateStrategy);
  const type = asString(strategy.type);
  if (type === 'RollingUpdate') checkRolling(asObject(strategy.rollingUpdate), errors);
  else if (type !== 'OnDelete')
    errors.push({
      field: 'spec.updateStrategy',
      reason: 'FieldValueNotSupported',
      message: `Unsupported value: ${JSON.stringify({Type: type, RollingUpdate: null})}: supported values: "RollingUpdate", "OnDelete"`,
    });
  checkCounts(spec, ['revisionHistoryLimit'], 'spec', errors);
}

/** Nodes either get a new pod beside the old one, or go without for a moment. */
function checkRolling({maxUnavailable, maxSurge}: JsonObject, errors: Errors): void {
  const at = 'spec.updateStrategy.rollingUpdate';
  for (const check of [checkAmount, checkPercentage]) {
    check(maxUnavailable, `${at}.maxUnavailable`, errors);
    check(maxSurge, `${at}.maxSurge`, errors);
  }
  const [without, beside] = [amount(maxUnavailable), amount(maxSurge)].map((count) => count > 0 || count < 0);
  if (without && beside)
    errors.push(invalidValue(`${at}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero'));
  else if (!without && !beside)
    errors.push(required(`${at}.maxUnavailable`, 'cannot be 0 when maxSurge is 0'));
}

export function validateStatefulSet(object: JsonObject, errors: Errors, isNew: boolean): void {
  const spec = asObject(object.spec);
  const policy = asString(spec.podManagementPolicy);
  if (policy === '') errors.push(required('spec.podManagementPolicy'));
  else if (policy !== 'OrderedReady' && policy !== 'Parallel')
    errors.push(invalidValue('spec.podManagementPolicy', policy, "must be 'OrderedReady' or 'Parallel'"));
  const type = asString(asObject(spec.updateStrategy).type);
  if (type !== 'RollingUpdate' && type !== 'OnDelete')
    errors.push(
      invalidValue(
        'spec.updateStrategy',
        {Type: type, RollingUpdate: null},
        "must be 'RollingUpdate' or 'OnDelete'",
      ),
    );
  checkCounts(spec, ['replicas', 'minReadySeconds'], 'spec', errors);
  const service = asString(spec.serviceName);
  if (isNew && service) checkNames(labelProblems(service), service, 'spec.serviceName', errors);
  validateSelector(spec, 'statefulset', errors);
  validateTemplate(spec, 'statefulset', true, errors);
  if (isSelector(asObject(spec.selector)))
    checkLabels(asObject(asObject(asObject(spec.template).metadata).labels), 'spec.template.labels', errors);
}
