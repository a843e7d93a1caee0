import {asArray, asObject, asString, type JsonObject} from '../../../engine/json.ts';
import {forbiddenField, invalidValue, required} from '../api-error.ts';
import {labelProblems, segmentProblems, subdomainProblems} from '../names.ts';
import type {ResourceInfo} from '../resources.ts';
import {checkLabels, checkNames, type Errors, qualifiedNameProblems} from './rules.ts';

const labelNames = new Set(['namespaces', 'services', 'statefulsets.apps']);
const standardFinalizers = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

/** Why a name can't be one of this kind. @param isPrefix Of names to be generated: more will follow. */
export function nameProblems(info: ResourceInfo, given: string, isPrefix = false): string[] {
  const name = isPrefix && given.endsWith('-') ? `${given.slice(0, -1)}a` : given;
  if (info.group === 'rbac.authorization.k8s.io') return segmentProblems(name);
  if (info.id === 'certificatesigningrequests.certificates.k8s.io' && /^[\w.:-]+$/.test(name)) return [];
  if (info.id === 'poddisruptionbudgets.policy') return segmentProblems(name);
  return labelNames.has(info.id) ? labelProblems(name) : subdomainProblems(name);
}

/** How often the server looks at the metadata in an update: its errors are told as often. */
type Looks = {readonly whole: number; readonly update: number};
const usual: Looks = {whole: 0, update: 1};
const twice: Looks = {whole: 1, update: 1};
const looks: Readonly<Record<string, Looks>> = {
  configmaps: twice,
  secrets: twice,
  serviceaccounts: twice,
  persistentvolumeclaims: twice,
  namespaces: twice,
  limitranges: {whole: 1, update: 0},
  'jobs.batch': twice,
  'ingresses.networking.k8s.io': twice,
  'poddisruptionbudgets.policy': {whole: 0, update: 0},
};

export function validateMetadataUpdate(
  info: ResourceInfo,
  object: JsonObject,
  old: JsonObject,
  errors: Errors,
): void {
  const metadata = asObject(object.metadata);
  const before = asObject(old.metadata);
  checkCommon(metadata, errors);
  checkNewFinalizers(metadata, before, errors);
  checkUpdated(metadata, errors);
  const {whole, update} = info.group === 'rbac.authorization.k8s.io' ? twice : (looks[info.id] ?? usual);
  for (let count = 0; count < whole; count += 1) checkCommon(metadata, errors);
  for (let count = 0; count < update; count += 1) {
    checkNewFinalizers(metadata, before, errors);
    checkUpdated(metadata, errors);
  }
}

export function validateMetadata(info: ResourceInfo, object: JsonObject, errors: Errors): void {
  const metadata = asObject(object.metadata);
  const name = asString(metadata.name);
  const base = asString(metadata.generateName);
  if (base) checkNames(nameProblems(info, base, true), base, 'metadata.generateName', errors);
  if (name) checkNames(nameProblems(info, name), name, 'metadata.name', errors);
  else errors.push(required('metadata.name', 'name or generateName is required'));
  checkCommon(metadata, errors);
}

/** All but the name. */
function checkCommon(metadata: JsonObject, errors: Errors): void {
  checkUpdated(metadata, errors);
  checkFinalizers(metadata, errors);
}

/** What an update is looked at for again. */
function checkUpdated(metadata: JsonObject, errors: Errors): void {
  checkLabels(asObject(metadata.labels), 'metadata.labels', errors);
  let size = 0;
  for (const [key, value] of Object.entries(asObject(metadata.annotations))) {
    size += key.length + Buffer.byteLength(String(value));
    for (const problem of qualifiedNameProblems(key.toLowerCase()))
      errors.push(invalidValue('metadata.annotations', key, problem));
  }
  if (size > 256 * 1024)
    errors.push({
      field: 'metadata.annotations',
      reason: 'FieldValueTooLong',
      message: `Too long: may not be more than ${256 * 1024} bytes`,
    });
  let controllers = 0;
  for (const owner of asArray(metadata.ownerReferences).map(asObject)) {
    for (const key of ['apiVersion', 'kind', 'name', 'uid']) {
      if (asString(owner[key]) === '')
        errors.push(
          invalidValue(
            `metadata.ownerReferences.${key}`,
            '',
            key === 'apiVersion' ? 'version must not be empty' : 'must not be empty',
          ),
        );
    }
    if (owner.controller === true) controllers += 1;
  }
  if (controllers > 1)
    errors.push(
      invalidValue(
        'metadata.ownerReferences',
        metadata.ownerReferences,
        'Only one reference can have Controller set to true.',
      ),
    );
}

/** Nobody can keep what is being deleted any longer. */
function checkNewFinalizers(metadata: JsonObject, before: JsonObject, errors: Errors): void {
  if (!before.deletionTimestamp) return;
  const kept = asArray(before.finalizers);
  const added = asArray(metadata.finalizers).filter((one) => !kept.includes(one));
  if (added.length === 0) return;
  const shown = added.map((one) => JSON.stringify(one)).join(', ');
  errors.push(
    forbiddenField(
      'metadata.finalizers',
      `no new finalizers can be added if the object is being deleted, found new finalizers []string{${shown}}`,
    ),
  );
}

function checkFinalizers(metadata: JsonObject, errors: Errors): void {
  for (const [index, finalizer] of asArray(metadata.finalizers).entries()) {
    const text = asString(finalizer);
    const field = `metadata.finalizers[${index}]`;
    for (const problem of qualifiedNameProblems(text)) errors.push(invalidValue(field, text, problem));
    if (!text.includes('/') && !standardFinalizers.has(text))
      errors.push(
        invalidValue(field, text, 'name is neither a standard finalizer name nor is it fully qualified'),
      );
  }
}
