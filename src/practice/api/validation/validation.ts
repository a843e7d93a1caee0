import {asObject, type JsonObject} from '../../../engine/json.ts';
import type {FieldError} from '../api-error.ts';
import type {Cel} from '../cel/environment.ts';
import type {Stored} from '../machine.ts';
import type {ResourceInfo} from '../resources.ts';
import {validateCustom} from './custom.ts';
import {validateMetadata} from './metadata.ts';
import * as others from './others.ts';
import {validatePodSpec} from './pod.ts';
import {validatePolicy, validatePolicyBinding} from './policy.ts';
import {validateRole, validateRoleBinding} from './rbac.ts';
import type {Errors} from './rules.ts';
import {validateUpdateOf} from './updates.ts';
import * as workloads from './workloads.ts';

const rbac = 'rbac.authorization.k8s.io';

const group = 'admissionregistration.k8s.io';

const byResource: Readonly<
  Record<string, (object: JsonObject, errors: Errors, cel: Cel | undefined) => void>
> = {
  [`validatingadmissionpolicies.${group}`]: (object, errors, cel) => validatePolicy(object, cel, errors),
  [`validatingadmissionpolicybindings.${group}`]: validatePolicyBinding,
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

export function validateCreate(info: ResourceInfo, object: JsonObject, cel?: Cel): readonly FieldError[] {
  const errors: Errors = [];
  validateMetadata(info, object, errors);
  byResource[info.id]?.(object, errors, cel);
  validateCustom(info, object, undefined, '', cel, errors);
  return errors;
}

export function validateUpdate(
  info: ResourceInfo,
  object: JsonObject,
  old: Stored,
  sub: string,
  cel?: Cel,
): readonly FieldError[] {
  const errors: Errors = [];
  validateMetadata(info, object, errors);
  validateCustom(info, object, old, sub, cel, errors);
  if (sub === 'status') return errors;
  // A job's template may hold what only the server adds; it can't change anyway.
  byResource[info.id]?.(object, errors, cel);
  validateUpdateOf(info.id, object, old, sub, errors);
  return errors;
}
