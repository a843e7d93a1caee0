import {asArray, asObject, asString, type Json, type JsonObject} from '../../../engine/json.ts';
import {invalidValue, required, unsupported} from '../api-error.ts';
import {segmentProblems, subdomainProblems} from '../names.ts';
import {checkNames, type Errors} from './rules.ts';

const group = 'rbac.authorization.k8s.io';
const filled = (value: Json | undefined): boolean => asArray(value).length > 0;

export function validateRole(object: JsonObject, errors: Errors): void {
  const namespaced = object.kind === 'Role';
  for (const [index, item] of asArray(object.rules).entries()) {
    const rule = asObject(item);
    const at = `rules[${index}]`;
    if (!filled(rule.verbs)) errors.push(required(`${at}.verbs`, 'verbs must contain at least one value'));
    if (filled(rule.nonResourceURLs)) {
      if (namespaced)
        errors.push(
          invalidValue(
            `${at}.nonResourceURLs`,
            rule.nonResourceURLs,
            'namespaced rules cannot apply to non-resource URLs',
          ),
        );
      if (filled(rule.apiGroups) || filled(rule.resources) || filled(rule.resourceNames))
        errors.push(
          invalidValue(
            `${at}.nonResourceURLs`,
            rule.nonResourceURLs,
            'rules cannot apply to both regular resources and non-resource URLs',
          ),
        );
      continue;
    }
    if (!filled(rule.apiGroups))
      errors.push(required(`${at}.apiGroups`, 'resource rules must supply at least one api group'));
    if (!filled(rule.resources))
      errors.push(required(`${at}.resources`, 'resource rules must supply at least one resource'));
  }
}

export function validateRoleBinding(object: JsonObject, errors: Errors): void {
  const {kind, name, apiGroup} = asObject(object.roleRef);
  if (apiGroup !== group) errors.push(unsupported('roleRef.apiGroup', apiGroup ?? '', [group]));
  const kinds = object.kind === 'RoleBinding' ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  if (!kinds.includes(asString(kind))) errors.push(unsupported('roleRef.kind', kind ?? '', kinds));
  const role = asString(name);
  if (role) checkNames(segmentProblems(role), role, 'roleRef.name', errors);
  else errors.push(required('roleRef.name'));
  for (const [index, item] of asArray(object.subjects).entries()) {
    const subject = asObject(item);
    const at = `subjects[${index}]`;
    if (!asString(subject.name)) errors.push(required(`${at}.name`));
    const type = asString(subject.kind);
    if (type === 'ServiceAccount') {
      const account = asString(subject.name);
      if (account) checkNames(subdomainProblems(account), account, `${at}.name`, errors);
      if (asString(subject.apiGroup)) errors.push(unsupported(`${at}.apiGroup`, subject.apiGroup!, ['']));
      // A RoleBinding's account may be one of its own namespace.
      if (!asString(subject.namespace) && object.kind === 'ClusterRoleBinding')
        errors.push(required(`${at}.namespace`));
    } else if (type === 'User' || type === 'Group') {
      if (subject.apiGroup !== group)
        errors.push(unsupported(`${at}.apiGroup`, subject.apiGroup ?? '', [group]));
    } else errors.push(unsupported(`${at}.kind`, type, ['ServiceAccount', 'User', 'Group']));
  }
}
