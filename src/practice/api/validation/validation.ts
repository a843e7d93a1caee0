import {asObject, type JsonObject} from '../../../engine/json.ts';
import type {FieldError} from '../api-error.ts';
import type {Stored} from '../machine.ts';
import type {ResourceInfo} from '../resources.ts';
import {validateMetadata} from './metadata.ts';
import * as others from './others.ts';
import {validatePodSpec} from './pod.ts';
import {validateRole, validateRoleBinding} from './rbac.ts';
import type {Errors} from './rules.ts';
import {validateUpdateOf} from './updates.ts';
import * as workloads from './workloads.ts';

const rbac = 'rbac.authorization.k8s.io';

const byResource: Readonly<Record<string, (object: JsonObject, errors: Errors) => void>> = {
  pods: (object, errors) => validatePodSpec(asObject(object.spec), 'spec', errors),
  'deployments.apps': workloads.validateDeployment,
  'replicasets.apps': workloads.validateReplicaSet,
  'daemonsets.apps': workloads.validateDaemonSet,
  'statefulsets.apps': workloads.validateStatefulSet,
  'jobs.batch': workloads.validateJob,
  'cronjobs.batch': workloads.validateCronJob,
  configmaps: others.validateConfigMap,
  secrets: others.validateSecret,
  services: others.validateService,
  limitranges: others.validateLimitRange,
  resourcequotas: others.validateQuota,
  persistentvolumeclaims: others.validateClaim,
  'networkpolicies.networking.k8s.io': others.validateNetworkPolicy,
  'ingresses.networking.k8s.io': others.validateIngress,
  'poddisruptionbudgets.policy': others.validateBudget,
  'horizontalpodautoscalers.autoscaling': others.validateAutoscaler,
  [`roles.${rbac}`]: validateRole,
  [`clusterroles.${rbac}`]: validateRole,
  [`rolebindings.${rbac}`]: validateRoleBinding,
  [`clusterrolebindings.${rbac}`]: validateRoleBinding,
};

export function validateCreate(info: ResourceInfo, object: JsonObject): readonly FieldError[] {
  const errors: Errors = [];
  validateMetadata(info, object, errors);
  byResource[info.id]?.(object, errors);
  return errors;
}

export function validateUpdate(
  info: ResourceInfo,
  object: JsonObject,
  old: Stored,
  sub: string,
): readonly FieldError[] {
  const errors: Errors = [];
  validateMetadata(info, object, errors);
  if (sub === 'status') return errors;
  // A job's template may hold what only the server adds; it can't change anyway.
  byResource[info.id]?.(object, errors);
  validateUpdateOf(info.id, object, old, sub, errors);
  return errors;
}
