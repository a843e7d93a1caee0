import {asArray, asObject, equal, type Json, type JsonObject} from '../../../engine/json.ts';
import {forbiddenField, invalidValue} from '../api-error.ts';
import type {Errors} from './rules.ts';

const immutable = 'field is immutable';

const without = (object: JsonObject, keys: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));

function checkSame(
  now: JsonObject,
  before: JsonObject,
  keys: readonly string[],
  field: string,
  errors: Errors,
): void {
  for (const key of keys)
    if (!equal(now[key], before[key]))
      errors.push(invalidValue(field ? `${field}.${key}` : key, now[key] ?? null, immutable));
}

/** Pods may change their images, their deadline and get more tolerations; all else needs a new pod. */
export function validatePodUpdate(object: JsonObject, old: JsonObject, sub: string, errors: Errors): void {
  if (sub === 'binding' || sub === 'ephemeralcontainers' || sub === 'resize') return;
  const strip = (pod: JsonObject): JsonObject => {
    const spec = asObject(pod.spec);
    const images = (value: Json | undefined): Json =>
      asArray(value).map((container) => without(asObject(container), ['image']));
    return {
      ...without(spec, ['activeDeadlineSeconds', 'tolerations', 'schedulingGates']),
      containers: images(spec.containers),
      initContainers: images(spec.initContainers),
    };
  };
  const kept = asArray(asObject(old.spec).tolerations);
  const now = asArray(asObject(object.spec).tolerations);
  const lost = kept.some(
    (item) =>
      !now.some((other) =>
        equal(
          without(asObject(other), ['tolerationSeconds']),
          without(asObject(item), ['tolerationSeconds']),
        ),
      ),
  );
  if (equal(strip(object), strip(old)) && !lost) return;
  errors.push(
    forbiddenField(
      'spec',
      'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
    ),
  );
}

const statefulSetFields = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

export function validateUpdateOf(
  id: string,
  object: JsonObject,
  old: JsonObject,
  sub: string,
  errors: Errors,
): void {
  const spec = asObject(object.spec);
  const before = asObject(old.spec);
  switch (id) {
    case 'pods':
      validatePodUpdate(object, old, sub, errors);
      return;
    case 'deployments.apps':
    case 'replicasets.apps':
    case 'daemonsets.apps':
      checkSame(spec, before, ['selector'], 'spec', errors);
      return;
    case 'statefulsets.apps':
      if (!equal(without(spec, statefulSetFields), without(before, statefulSetFields)))
        errors.push(
          forbiddenField(
            'spec',
            "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
          ),
        );
      return;
    case 'rolebindings.rbac.authorization.k8s.io':
    case 'clusterrolebindings.rbac.authorization.k8s.io':
      if (!equal(object.roleRef, old.roleRef)) {
        const {apiGroup, kind, name} = asObject(object.roleRef);
        errors.push(
          invalidValue(
            'roleRef',
            {APIGroup: apiGroup ?? '', Kind: kind ?? '', Name: name ?? ''},
            'cannot change roleRef',
          ),
        );
      }
      return;
    case 'secrets':
      if (object.type !== old.type) errors.push(invalidValue('type', object.type ?? '', immutable));
      checkFrozen(object, old, ['data'], errors);
      return;
    case 'configmaps':
      checkFrozen(object, old, ['data', 'binaryData'], errors);
      return;
    case 'ingressclasses.networking.k8s.io':
      if (spec.controller !== before.controller)
        errors.push(invalidValue('spec.controller', spec.controller ?? '', immutable));
      return;
    default:
  }
}

function checkFrozen(object: JsonObject, old: JsonObject, keys: readonly string[], errors: Errors): void {
  if (old.immutable !== true) return;
  const when = 'field is immutable when `immutable` is set';
  if (object.immutable !== true) errors.push(forbiddenField('immutable', when));
  for (const key of keys) if (!equal(object[key], old[key])) errors.push(forbiddenField(key, when));
}
