import {asArray, asObject, type JsonObject} from '../../../engine/json.ts';
import {type FieldError, forbiddenField} from '../api-error.ts';
import type {Cel} from '../cel/environment.ts';
import type {Stored} from '../machine.ts';
import type {ResourceInfo} from '../resources.ts';
import {validateAutoscaler} from './autoscaler.ts';
import {validateCertificateRequest} from './certificate-request.ts';
import * as classes from './classes.ts';
import {validateCustom} from './custom.ts';
import {validateCronJob, validateJob} from './jobs.ts';
import {validateMetadata, validateMetadataUpdate} from './metadata.ts';
import {validateMutationBinding, validateMutationPolicy} from './mutation-policy.ts';
import {validateIngress, validateIngressClass, validateNetworkPolicy} from './networking.ts';
import * as others from './others.ts';
import {validatePodSpec} from './pod.ts';
import {validatePolicy, validatePolicyBinding} from './policy.ts';
import {validateRole, validateRoleBinding} from './rbac.ts';
import type {Errors} from './rules.ts';
import {validateService} from './service.ts';
import {validateStatus} from './status.ts';
import {validateUpdateOf} from './updates.ts';
import * as workloads from './workloads.ts';

const rbac = 'rbac.authorization.k8s.io';

const group = 'admissionregistration.k8s.io';

/** Kinds whose change is looked at before what they became. */
const updatesFirst = new Set([
  'configmaps',
  'secrets',
  'daemonsets.apps',
  'ingressclasses.networking.k8s.io',
]);

type Check = (object: JsonObject, errors: Errors, cel: Cel | undefined, old?: JsonObject) => void;

const byResource: Readonly<Record<string, Check>> = {
  [`validatingadmissionpolicies.${group}`]: (object, errors, cel) => validatePolicy(object, cel, errors),
  [`validatingadmissionpolicybindings.${group}`]: validatePolicyBinding,
  [`mutatingadmissionpolicies.${group}`]: (object, errors, cel) =>
    validateMutationPolicy(object, cel, errors),
  [`mutatingadmissionpolicybindings.${group}`]: validateMutationBinding,
  pods: (object, errors) => validatePodSpec(asObject(object.spec), 'spec', errors),
  'deployments.apps': workloads.validateDeployment,
  'replicasets.apps': workloads.validateReplicaSet,
  'daemonsets.apps': workloads.validateDaemonSet,
  'statefulsets.apps': (object, errors, _cel, old) =>
    workloads.validateStatefulSet(object, errors, old === undefined),
  'jobs.batch': (object, errors, _cel, old) => validateJob(object, errors, old),
  'cronjobs.batch': (object, errors, _cel, old) => validateCronJob(object, errors, old),
  configmaps: others.validateConfigMap,
  secrets: others.validateSecret,
  services: (object, errors, _cel, old) => validateService(object, errors, old),
  limitranges: others.validateLimitRange,
  resourcequotas: others.validateQuota,
  persistentvolumeclaims: (object, errors, _cel, old) => classes.validateClaim(object, errors, old),
  'networkpolicies.networking.k8s.io': (object, errors, _cel, old) =>
    validateNetworkPolicy(object, errors, old),
  'ingresses.networking.k8s.io': validateIngress,
  'ingressclasses.networking.k8s.io': validateIngressClass,
  'poddisruptionbudgets.policy': others.validateBudget,
  'horizontalpodautoscalers.autoscaling': validateAutoscaler,
  'certificatesigningrequests.certificates.k8s.io': validateCertificateRequest,
  'leases.coordination.k8s.io': classes.validateLease,
  'priorityclasses.scheduling.k8s.io': (object, errors, _cel, old) =>
    classes.validatePriorityClass(object, errors, old),
  'storageclasses.storage.k8s.io': (object, errors, _cel, old) =>
    classes.validateStorageClass(object, errors, old),
  [`roles.${rbac}`]: validateRole,
  [`clusterroles.${rbac}`]: validateRole,
  [`rolebindings.${rbac}`]: validateRoleBinding,
  [`clusterrolebindings.${rbac}`]: validateRoleBinding,
};

export function validateCreate(info: ResourceInfo, object: JsonObject, cel?: Cel): readonly FieldError[] {
  const errors: Errors = [];
  const metadataLast = info.id === 'poddisruptionbudgets.policy';
  if (!metadataLast) validateMetadata(info, object, errors);
  byResource[info.id]?.(object, errors, cel);
  if (info.id === 'pods' && asArray(asObject(object.spec).ephemeralContainers).length > 0)
    errors.push(forbiddenField('spec.ephemeralContainers', 'cannot be set on create'));
  if (metadataLast && errors.length === 0) validateMetadata(info, object, errors);
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
  if (info.custom) validateMetadata(info, object, errors);
  else validateMetadataUpdate(info, object, old, errors);
  validateCustom(info, object, old, sub, cel, errors);
  if (sub === 'status') {
    validateStatus(info, object, errors);
    return errors;
  }
  if (updatesFirst.has(info.id)) {
    validateUpdateOf(info.id, object, old, sub, errors);
    byResource[info.id]?.(object, errors, cel, old);
  } else {
    byResource[info.id]?.(object, errors, cel, old);
    validateUpdateOf(info.id, object, old, sub, errors);
  }
  return errors;
}
