import {asArray, asObject, asString, equal, isObject, type JsonObject} from '../../../engine/json.ts';
import {invalidValue, required, unsupported} from '../api-error.ts';
import {labelProblems} from '../names.ts';
import {matchesLabels, selectorOf} from '../selectors.ts';
import {validatePodSpec} from './pod.ts';
import {checkCounts, checkLabels, checkOneOf, checkSelector, type Errors, isSelector} from './rules.ts';

const immutable = 'field is immutable';
const mismatch = '`selector` does not match template `labels`';

/** What a Job and a CronJob's template of Jobs have in common. */
function validateJobSpec(spec: JsonObject, field: string, errors: Errors): void {
  checkCounts(
    spec,
    ['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished'],
    field,
    errors,
  );
  const mode = spec.completionMode;
  if (typeof mode === 'string' && mode !== 'NonIndexed' && mode !== 'Indexed')
    errors.push(unsupported(`${field}.completionMode`, mode, ['NonIndexed', 'Indexed']));
  if (mode === 'Indexed' && spec.completions === undefined)
    errors.push(required(`${field}.completions`, 'when completion mode is Indexed'));
  for (const key of ['backoffLimitPerIndex', 'maxFailedIndexes'])
    if (mode !== 'Indexed' && spec[key] !== undefined)
      errors.push(invalidValue(`${field}.${key}`, spec[key], 'requires indexed completion mode'));
  checkOneOf(
    spec.podReplacementPolicy,
    ['Failed', 'TerminatingOrFailed'],
    `${field}.podReplacementPolicy`,
    errors,
  );
  const template = asObject(spec.template);
  checkLabels(asObject(asObject(template.metadata).labels), `${field}.template.labels`, errors);
  const pod = asObject(template.spec);
  validatePodSpec(pod, `${field}.template.spec`, errors);
  const policy = asString(pod.restartPolicy);
  const at = `${field}.template.spec.restartPolicy`;
  if (policy === '' || policy === 'Always') errors.push(required(at, 'valid values: "OnFailure", "Never"'));
  else checkOneOf(policy, ['OnFailure', 'Never'], at, errors);
}

function validateWhole(spec: JsonObject, errors: Errors): void {
  validateJobSpec(spec, 'spec', errors);
  const {selector} = spec;
  if (isObject(selector)) checkSelector(selector, 'spec.selector', errors);
  else errors.push(required('spec.selector'));
  const labels = asObject(asObject(spec.template).metadata).labels;
  if (isObject(selector) && !isSelector(selector)) return;
  if (!isObject(selector) || !matchesLabels(selectorOf(selector), asObject(labels)))
    errors.push(invalidValue('spec.template.metadata.labels', labels ?? null, mismatch));
}

const uidLabels = ['controller-uid', 'batch.kubernetes.io/controller-uid'];
const nameLabels = ['job-name', 'batch.kubernetes.io/job-name'];

/** A selector that the server made must still be its own. */
function checkGenerated(object: JsonObject, errors: Errors): void {
  const spec = asObject(object.spec);
  if (spec.manualSelector === true || !isObject(spec.selector)) return;
  const {uid, name} = asObject(object.metadata);
  const labels = asObject(asObject(spec.template).metadata).labels;
  const expected: Record<string, string> = {};
  for (const index of [0, 1])
    for (const [list, value] of [
      [uidLabels, asString(uid)],
      [nameLabels, asString(name)],
    ] as const) {
      const label = list[index]!;
      expected[label] = value;
      const field = `spec.template.metadata.labels[${label}]`;
      const given = asObject(labels)[label];
      if (given === undefined) errors.push(required(field, `must be '${value}'`));
      else if (given !== value) errors.push(invalidValue(field, labels, `must be '${value}'`));
    }
  if (isSelector(spec.selector) && !matchesLabels(selectorOf(spec.selector), expected))
    errors.push(invalidValue('spec.selector', spec.selector, '`selector` not auto-generated'));
}

export function validateJob(object: JsonObject, errors: Errors, old?: JsonObject): void {
  const spec = asObject(object.spec);
  const metadata = asObject(object.metadata);
  checkGenerated(object, errors);
  validateWhole(spec, errors);
  if (spec.completionMode === 'Indexed' && typeof spec.completions === 'number' && spec.completions > 0) {
    const last = `${asString(metadata.name)}-${spec.completions - 1}`;
    if (labelProblems(last).length > 0)
      errors.push(
        invalidValue(
          'metadata.name',
          asString(metadata.name),
          `will not able to create pod with invalid DNS label: ${last}`,
        ),
      );
  }
  if (old) checkUpdate(object, old, errors);
}

function checkUpdate(object: JsonObject, old: JsonObject, errors: Errors): void {
  const [spec, before] = [asObject(object.spec), asObject(old.spec)];
  validateWhole(spec, errors);
  const same = (key: string): void => {
    if (!equal(spec[key], before[key]))
      errors.push(invalidValue(`spec.${key}`, spec[key] ?? null, immutable));
  };
  if (spec.completionMode !== 'Indexed') same('completions');
  else if (spec.completions !== before.completions && spec.completions !== spec.parallelism)
    errors.push(
      invalidValue(
        'spec.completions',
        spec.completions,
        'can only be modified in tandem with spec.parallelism',
      ),
    );
  same('selector');
  checkTemplate(spec, before, asObject(old.status), errors);
  for (const key of [
    'completionMode',
    'podFailurePolicy',
    'backoffLimitPerIndex',
    'managedBy',
    'successPolicy',
  ])
    same(key);
}

/** Of a Job that waits and has never run, what its pods need and where they may run can change. */
function checkTemplate(spec: JsonObject, before: JsonObject, status: JsonObject, errors: Errors): void {
  const [now, was] = [asObject(spec.template), asObject(before.template)];
  const waits = before.suspend === true && status.startTime === undefined && !status.active;
  if (!waits) {
    if (!equal(now, was)) errors.push(invalidValue('spec.template', now, immutable));
    return;
  }
  const [pod, former] = [asObject(now.spec), asObject(was.spec)];
  const free = ({
    nodeSelector: _,
    tolerations: __,
    schedulingGates: ___,
    affinity,
    ...rest
  }: JsonObject): JsonObject => {
    const {nodeAffinity: ____, ...others} = asObject(affinity);
    return {...rest, ...(Object.keys(others).length > 0 ? {affinity: others} : {})};
  };
  const sized = (item: JsonObject): JsonObject => {
    const strip = (key: string): JsonObject =>
      item[key] === undefined
        ? {}
        : {[key]: asArray(item[key]).map((one) => ({...asObject(one), resources: {}}))};
    return {...item, ...strip('containers'), ...strip('initContainers')};
  };
  if (!equal(sized(free(pod)), sized(free(former))))
    errors.push(invalidValue('spec.template.spec', pod, immutable));
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

const mostName = 52;

export function validateCronJob(object: JsonObject, errors: Errors, old?: JsonObject): void {
  const spec = asObject(object.spec);
  const name = asString(asObject(object.metadata).name);
  if (!old && name.length > mostName)
    errors.push(invalidValue('metadata.name', name, `must be no more than ${mostName} characters`));
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
