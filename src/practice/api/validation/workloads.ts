import {asArray, asObject, asString, isObject, type Json, type JsonObject} from '../../../engine/json.ts';
import {forbiddenField, invalidValue, required, unsupported} from '../api-error.ts';
import {matchesLabels, selectorOf} from '../selectors.ts';
import {validatePodSpec} from './pod.ts';
import {checkCounts, checkLabels, checkOneOf, checkSelector, type Errors} from './rules.ts';

const mismatch = '`selector` does not match template `labels`';
const isEmptySelector = (selector: JsonObject): boolean =>
  asArray(selector.matchExpressions).length === 0 && Object.keys(asObject(selector.matchLabels)).length === 0;

/** Template of a workload whose pods always restart. */
function validateTemplate(spec: JsonObject, kind: string, selects: boolean, errors: Errors): void {
  const template = asObject(spec.template);
  const labels = asObject(template.metadata).labels;
  const selector = spec.selector;
  const fits = isObject(selector) && matchesLabels(selectorOf(selector), asObject(labels));
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
  if (policy !== 'Always' && ['OnFailure', 'Never'].includes(policy))
    errors.push(unsupported('spec.template.spec.restartPolicy', policy, ['Always']));
  if (kind !== 'daemonset' && asObject(template.spec).activeDeadlineSeconds !== undefined)
    errors.push(
      forbiddenField(
        'spec.template.spec.activeDeadlineSeconds',
        'activeDeadlineSeconds in ReplicaSet is not Supported',
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
    errors.push(invalidValue('spec.selector', {}, `empty selector is invalid for ${kind}`));
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

function checkAmount(value: Json | undefined, field: string, errors: Errors): void {
  if (typeof value === 'number' && value < 0)
    errors.push(invalidValue(field, value, 'must be greater than or equal to 0'));
  if (typeof value === 'string' && !/^\d+%$/.test(value))
    errors.push(
      invalidValue(
        field,
        value,
        "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
      ),
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
  if (isObject(spec.selector)) checkSelector(spec.selector, 'spec.selector', errors);
  const before = errors.length;
  const fits =
    isObject(spec.selector) &&
    matchesLabels(selectorOf(spec.selector), asObject(asObject(asObject(spec.template).metadata).labels));
  if (!fits)
    errors.push(
      invalidValue(
        'spec.template.metadata.labels',
        asObject(asObject(spec.template).metadata).labels ?? null,
        mismatch,
      ),
    );
  if (isObject(spec.selector) && isEmptySelector(spec.selector) && before === errors.length)
    errors.push(invalidValue('spec.selector', {}, 'empty selector is invalid for daemonset'));
  validateTemplate(spec, 'daemonset', false, errors);
  checkCounts(spec, ['minReadySeconds'], 'spec', errors);
  const type = asString(asObject(spec.updateStrategy).type);
  checkOneOf(type, ['OnDelete', 'RollingUpdate'], 'spec.updateStrategy', errors);
  checkCounts(spec, ['revisionHistoryLimit'], 'spec', errors);
}

export function validateStatefulSet(object: JsonObject, errors: Errors): void {
  const spec = asObject(object.spec);
  const policy = asString(spec.podManagementPolicy);
  if (policy !== 'OrderedReady' && policy !== 'Parallel')
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
  validateSelector(spec, 'statefulset', errors);
  validateTemplate(spec, 'statefulset', true, errors);
}

export function validateJobSpec(spec: JsonObject, field: string, errors: Errors): void {
  checkCounts(
    spec,
    ['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished'],
    field,
    errors,
  );
  if (spec.completionMode === 'Indexed' && spec.completions === undefined)
    errors.push(required(`${field}.completions`, 'when completion mode is Indexed'));
  const pod = asObject(asObject(spec.template).spec);
  validatePodSpec(pod, `${field}.template.spec`, errors);
  const policy = asString(pod.restartPolicy);
  const at = `${field}.template.spec.restartPolicy`;
  if (policy === '' || policy === 'Always') errors.push(required(at, 'valid values: "OnFailure", "Never"'));
}

export function validateJob(object: JsonObject, errors: Errors): void {
  validateJobSpec(asObject(object.spec), 'spec', errors);
}

const months = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec';
const days = 'sun|mon|tue|wed|thu|fri|sat';
const fieldPattern = /^(\*|\?|[\w]+)(-[\w]+)?(\/\d+)?(,(\*|[\w]+)(-[\w]+)?(\/\d+)?)*$/;
const word = new RegExp(`^(\\d+|${months}|${days}|\\*|\\?)$`, 'i');
const bounds = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
] as const;

function scheduleProblem(text: string): string | undefined {
  if (text.startsWith('@'))
    return /^@(yearly|annually|monthly|weekly|daily|midnight|hourly|every \S+)$/.test(text)
      ? undefined
      : `unrecognized descriptor: ${text}`;
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 5) return `expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`;
  for (const [index, field] of fields.entries()) {
    if (!fieldPattern.test(field))
      return `failed to parse int from ${field}: strconv.Atoi: parsing ${JSON.stringify(field)}: invalid syntax`;
    for (const part of field.split(/[,-]|\/\d+/).filter((item) => item !== '')) {
      if (!word.test(part))
        return `failed to parse int from ${part}: strconv.Atoi: parsing ${JSON.stringify(part)}: invalid syntax`;
      const [least, most] = bounds[index]!;
      const number = Number(part);
      if (number > most) return `end of range (${number}) above maximum (${most}): ${field}`;
      if (number < least) return `beginning of range (${number}) below minimum (${least}): ${field}`;
    }
  }
  return undefined;
}

export function validateCronJob(object: JsonObject, errors: Errors): void {
  const spec = asObject(object.spec);
  const name = asString(asObject(object.metadata).name);
  if (name.length > 52)
    errors.push(invalidValue('metadata.name', name, 'must be no more than 52 characters'));
  const schedule = asString(spec.schedule);
  if (schedule === '') errors.push(required('spec.schedule'));
  else {
    const problem = scheduleProblem(schedule);
    if (problem) errors.push(invalidValue('spec.schedule', schedule, problem));
  }
  checkCounts(spec, ['startingDeadlineSeconds'], 'spec', errors);
  checkOneOf(spec.concurrencyPolicy, ['Allow', 'Forbid', 'Replace'], 'spec.concurrencyPolicy', errors);
  validateJobSpec(asObject(asObject(spec.jobTemplate).spec), 'spec.jobTemplate.spec', errors);
  checkCounts(spec, ['successfulJobsHistoryLimit', 'failedJobsHistoryLimit'], 'spec', errors);
}
