import {asArray, asObject, asString, type JsonObject} from '../../../engine/json.ts';
import {invalidValue} from '../api-error.ts';
import {isLabel, isSubdomain, labelMessage, subdomainMessage} from '../names.ts';
import type {ResourceInfo} from '../resources.ts';
import {checkLabels, type Errors, qualifiedNameProblems} from './rules.ts';

const labelNames = new Set(['namespaces', 'services']);
const standardFinalizers = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

/** Why a name can't be one of this kind. */
export function nameProblems(info: ResourceInfo, name: string): string[] {
  if (info.group === 'rbac.authorization.k8s.io') {
    if (name === '.' || name === '..') return [`may not be '${name}'`];
    return ['/', '%'].filter((char) => name.includes(char)).map((char) => `may not contain '${char}'`);
  }
  if (info.id === 'certificatesigningrequests.certificates.k8s.io' && /^[\w.:-]+$/.test(name)) return [];
  if (labelNames.has(info.id)) {
    if (name.includes('.')) return ['must not contain dots'];
    if (name.length > 63) return ['must be no more than 63 bytes'];
    return isLabel(name) ? [] : [labelMessage];
  }
  if (name.length > 253) return ['must be no more than 253 characters'];
  return isSubdomain(name) ? [] : [subdomainMessage];
}

export function validateMetadata(info: ResourceInfo, object: JsonObject, errors: Errors): void {
  const metadata = asObject(object.metadata);
  const name = asString(metadata.name);
  for (const problem of nameProblems(info, name)) errors.push(invalidValue('metadata.name', name, problem));
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
