import {asArray, asObject, asString, isObject, type JsonObject} from '../../../engine/json.ts';
import {forbiddenField, invalidValue, required, unsupported} from '../api-error.ts';
import {segmentProblems} from '../names.ts';
import {nanoOf} from '../quantity.ts';
import {checkNames, type Errors} from './rules.ts';

export function validateAutoscaler(object: JsonObject, errors: Errors): void {
  const spec = asObject(object.spec);
  const most = Number(spec.maxReplicas ?? 0);
  const least = spec.minReplicas;
  if (typeof least === 'number' && least < 1)
    errors.push(invalidValue('spec.minReplicas', least, 'must be greater than or equal to 1'));
  if (most === 0) errors.push(required('spec.maxReplicas', 'must be set and greater than 0'));
  else if (most < 0)
    errors.push(invalidValue('spec.maxReplicas', most, 'must be greater than or equal to 1'));
  if (typeof least === 'number' && most < least)
    errors.push(invalidValue('spec.maxReplicas', most, 'must be greater than or equal to `minReplicas`'));
  checkTargetRef(asObject(spec.scaleTargetRef), 'spec.scaleTargetRef', errors);
  const metrics = asArray(spec.metrics).map(asObject);
  for (const [index, metric] of metrics.entries()) checkMetric(metric, `spec.metrics[${index}]`, errors);
  if (least === 0 && !metrics.some(({type}) => type === 'Object' || type === 'External'))
    errors.push(
      forbiddenField(
        'spec.metrics',
        'must specify at least one Object or External metric to support scaling to zero replicas',
      ),
    );
}

function checkTargetRef(reference: JsonObject, at: string, errors: Errors): void {
  for (const key of ['kind', 'name']) {
    const text = asString(reference[key]);
    if (text) checkNames(segmentProblems(text), text, `${at}.${key}`, errors);
    else errors.push(required(`${at}.${key}`));
  }
  const version = asString(reference.apiVersion);
  const parts = version.split('/');
  if (parts.length > 2)
    errors.push(invalidValue(`${at}.apiVersion`, version, `unexpected GroupVersion string: ${version}`));
  else if (parts.length < 2 || parts[0] === '')
    errors.push(invalidValue(`${at}.apiVersion`, version, 'apiVersion must specify API group'));
}

const sources: Readonly<Record<string, string>> = {
  ContainerResource: 'containerResource',
  External: 'external',
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
};
const sourceOrder = ['object', 'external', 'pods', 'resource', 'containerResource'];
const types = Object.keys(sources);

function checkMetric(metric: JsonObject, at: string, errors: Errors): void {
  const type = asString(metric.type);
  if (type === '') errors.push(required(`${at}.type`, 'must specify a metric source type'));
  if (!types.includes(type)) errors.push(unsupported(`${at}.type`, type, types));
  const given = sourceOrder.filter((key) => isObject(metric[key]));
  if (given[0]) checkSource(given[0], asObject(metric[given[0]]), `${at}.${given[0]}`, errors);
  const expected = sources[type];
  if (expected === undefined) errors.push(unsupported(`${at}.type`, type, types));
  else if (!isObject(metric[expected]))
    errors.push(required(`${at}.${expected}`, 'must populate information for the given metric source'));
  if (given.length === 1) return;
  for (const key of given)
    if (key !== expected)
      errors.push(forbiddenField(`${at}.${key}`, 'must populate the given metric source only'));
}

function checkSource(key: string, source: JsonObject, at: string, errors: Errors): void {
  const target = asObject(source.target);
  if (key === 'resource' || key === 'containerResource') {
    if (!asString(source.name)) errors.push(required(`${at}.name`, 'must specify a resource name'));
    if (key === 'containerResource' && !asString(source.container))
      errors.push(required(`${at}.container`, 'must specify a container'));
    checkTarget(target, `${at}.target`, errors);
    const {averageUtilization, averageValue} = target;
    if (averageUtilization === undefined && averageValue === undefined)
      errors.push(
        required(
          `${at}.target.averageUtilization`,
          'must set either a target raw value or a target utilization',
        ),
      );
    if (averageUtilization !== undefined && averageValue !== undefined)
      errors.push(
        forbiddenField(
          `${at}.target.averageValue`,
          'may not set both a target raw value and a target utilization',
        ),
      );
    return;
  }
  if (key === 'object') checkTargetRef(asObject(source.describedObject), `${at}.describedObject`, errors);
  const name = asString(asObject(source.metric).name);
  if (name) checkNames(segmentProblems(name), name, `${at}.metric.name`, errors);
  else errors.push(required(`${at}.metric.name`, 'must specify a metric name'));
  checkTarget(target, `${at}.target`, errors);
  const missing = `${at}.target.averageValue`;
  if (target.averageValue !== undefined) return;
  if (key === 'pods') errors.push(required(missing, 'must specify a positive target averageValue'));
  else if (target.value === undefined)
    errors.push(
      required(
        missing,
        key === 'object'
          ? 'must set either a target value or averageValue'
          : 'must set either a target value for metric or a per-pod target',
      ),
    );
}

function checkTarget(target: JsonObject, at: string, errors: Errors): void {
  const type = asString(target.type);
  if (type === '') errors.push(required(`${at}.type`, 'must specify a metric target type'));
  if (!['Utilization', 'Value', 'AverageValue'].includes(type))
    errors.push(invalidValue(`${at}.type`, type, 'must be either Utilization, Value, or AverageValue'));
  for (const key of ['value', 'averageValue']) {
    const amount = target[key];
    if (amount !== undefined && nanoOf(amount) <= 0n)
      errors.push(invalidValue(`${at}.${key}`, amount, 'must be positive'));
  }
  const utilization = target.averageUtilization;
  if (typeof utilization === 'number' && utilization < 1)
    errors.push(invalidValue(`${at}.averageUtilization`, utilization, 'must be greater than 0'));
}
