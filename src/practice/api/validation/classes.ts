import {asArray, asObject, asString, equal, type JsonObject} from '../../../engine/json.ts';
import {forbiddenField, invalidValue, required, unsupported} from '../api-error.ts';
import {subdomainProblems} from '../names.ts';
import {nanoOf} from '../quantity.ts';
import {claimDifference} from './claim-difference.ts';
import {checkNames, checkOneOf, checkSelector, type Errors, qualifiedNameProblems} from './rules.ts';

const immutable = 'field is immutable';

export function validateLease(object: JsonObject, errors: Errors): void {
  const {leaseDurationSeconds, leaseTransitions} = asObject(object.spec);
  if (typeof leaseDurationSeconds === 'number' && leaseDurationSeconds <= 0)
    errors.push(invalidValue('spec.leaseDurationSeconds', leaseDurationSeconds, 'must be greater than 0'));
  if (typeof leaseTransitions === 'number' && leaseTransitions < 0)
    errors.push(
      invalidValue('spec.leaseTransitions', leaseTransitions, 'must be greater than or equal to 0'),
    );
}

const preemptions = ['PreemptLowerPriority', 'Never'];
const highestPriority = 1_000_000_000;

export function validatePriorityClass(object: JsonObject, errors: Errors, old?: JsonObject): void {
  const {value, preemptionPolicy} = object;
  const name = asString(asObject(object.metadata).name);
  if (old) {
    if (value !== old.value) errors.push(forbiddenField('value', 'may not be changed in an update.'));
    if (preemptionPolicy !== old.preemptionPolicy)
      errors.push(invalidValue('preemptionPolicy', preemptionPolicy ?? null, immutable));
    return;
  }
  if (!name.startsWith('system-') && Number(value ?? 0) > highestPriority)
    errors.push(
      forbiddenField('value', `maximum allowed value of a user defined priority is ${highestPriority}`),
    );
  if (preemptionPolicy === '') errors.push(required('preemptionPolicy'));
  else checkOneOf(preemptionPolicy, preemptions, 'preemptionPolicy', errors);
}

export function validateStorageClass(object: JsonObject, errors: Errors, old?: JsonObject): void {
  const {provisioner, reclaimPolicy, volumeBindingMode} = object;
  const text = asString(provisioner);
  if (text) checkNames(qualifiedNameProblems(text.toLowerCase()), text.toLowerCase(), 'provisioner', errors);
  else errors.push(required('provisioner'));
  if (reclaimPolicy) checkOneOf(reclaimPolicy, ['Delete', 'Retain'], 'reclaimPolicy', errors);
  if (volumeBindingMode === undefined) errors.push(required('volumeBindingMode'));
  else checkOneOf(volumeBindingMode, ['Immediate', 'WaitForFirstConsumer'], 'volumeBindingMode', errors);
  if (!old) return;
  for (const key of ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode'])
    if (!equal(object[key], old[key]))
      errors.push(invalidValue(key, object[key] ?? (key === 'provisioner' ? '' : null), immutable));
}

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
const sizeField = 'spec.resources[storage]';

export function validateClaim(object: JsonObject, errors: Errors, old?: JsonObject): void {
  const spec = asObject(object.spec);
  const modes = asArray(spec.accessModes);
  if (modes.length === 0) errors.push(required('spec.accessModes', 'at least 1 access mode is required'));
  checkSelector(asObject(spec.selector), 'spec.selector', errors);
  for (const mode of modes)
    if (!accessModes.includes(asString(mode)))
      errors.push(unsupported('spec.accessModes', mode, accessModes));
  if (modes.includes('ReadWriteOncePod') && modes.some((mode) => mode !== 'ReadWriteOncePod'))
    errors.push(forbiddenField('spec.accessModes', 'may not use ReadWriteOncePod with other access modes'));
  const storage = asObject(asObject(spec.resources).requests).storage;
  if (storage === undefined) errors.push(required(sizeField));
  else if (nanoOf(storage) <= 0n) errors.push(invalidValue(sizeField, storage, 'must be greater than zero'));
  for (const key of ['storageClassName', 'volumeAttributesClassName']) {
    const name = asString(spec[key]);
    if (name) checkNames(subdomainProblems(name), name, `spec.${key}`, errors);
  }
  checkOneOf(spec.volumeMode, ['Block', 'Filesystem'], 'spec.volumeMode', errors);
  if (old) checkClaimUpdate(object, old, errors);
}

/** A claim may grow when it is bound, get its volume once, and a class where it has none. */
function checkClaimUpdate(object: JsonObject, old: JsonObject, errors: Errors): void {
  const [now, before] = [asObject(object.spec), asObject(old.spec)];
  const size = asObject(asObject(now.resources).requests).storage;
  const former = asObject(asObject(before.resources).requests).storage;
  const kept: Record<string, NonNullable<JsonObject[string]>> = {};
  for (const [key, value] of Object.entries(now))
    if (value !== undefined && value !== null) kept[key] = value;
  if (before.storageClassName === undefined) delete kept.storageClassName;
  if (asObject(object.status).phase === 'Bound') {
    const resources = asObject(now.resources);
    if (resources.requests !== undefined)
      kept.resources = {...resources, requests: {...asObject(resources.requests), storage: former ?? '0'}};
    delete kept.volumeAttributesClassName;
    if (before.volumeAttributesClassName) kept.volumeAttributesClassName = before.volumeAttributesClassName;
  }
  const was: JsonObject = asString(before.volumeName)
    ? before
    : {...before, ...(now.volumeName === undefined ? {} : {volumeName: now.volumeName})};
  if (!equal(kept, was))
    errors.push(
      forbiddenField(
        'spec',
        `spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n${claimDifference(was, kept)}`,
      ),
    );
  const capacity = asObject(asObject(object.status).capacity).storage;
  const bytes = (value: JsonObject[string] | undefined): bigint => (value === undefined ? 0n : nanoOf(value));
  if (bytes(size) < bytes(former) && bytes(size) <= bytes(capacity))
    errors.push(
      forbiddenField('spec.resources.requests.storage', 'field can not be less than status.capacity'),
    );
  if (now.volumeMode !== before.volumeMode)
    errors.push(invalidValue('volumeMode', now.volumeMode ?? null, immutable));
}
