import {asArray, asObject, asString, isObject, type Json, type JsonObject} from '../../../engine/json.ts';
import {invalidValue, required, unsupported} from '../api-error.ts';
import {checkRange, type Errors} from './rules.ts';

const mostId = 2_147_483_647;

/** Fields of the server's own type, in its order: messages show the whole value. */
const goNames = [
  ['capabilities', 'Capabilities'],
  ['privileged', 'Privileged'],
  ['seLinuxOptions', 'SELinuxOptions'],
  ['windowsOptions', 'WindowsOptions'],
  ['runAsUser', 'RunAsUser'],
  ['runAsGroup', 'RunAsGroup'],
  ['runAsNonRoot', 'RunAsNonRoot'],
  ['readOnlyRootFilesystem', 'ReadOnlyRootFilesystem'],
  ['allowPrivilegeEscalation', 'AllowPrivilegeEscalation'],
  ['procMount', 'ProcMount'],
  ['seccompProfile', 'SeccompProfile'],
  ['appArmorProfile', 'AppArmorProfile'],
] as const;

function goValue(security: JsonObject): JsonObject {
  const inner = (value: Json | undefined): Json => {
    if (!isObject(value)) return value ?? null;
    const entries = Object.entries(value).map(([key, item]) => [
      `${key[0]!.toUpperCase()}${key.slice(1)}`,
      item,
    ]);
    return Object.fromEntries(entries) as JsonObject;
  };
  const capabilities = (value: Json | undefined): Json =>
    isObject(value) ? {Add: value.add ?? null, Drop: value.drop ?? null} : null;
  const profile = (value: Json | undefined): Json =>
    isObject(value) ? {Type: value.type ?? '', LocalhostProfile: value.localhostProfile ?? null} : null;
  return Object.fromEntries(
    goNames.map(([key, name]) => {
      const value = security[key];
      if (key === 'capabilities') return [name, capabilities(value)];
      return [name, key.endsWith('Profile') ? profile(value) : inner(value)];
    }),
  );
}

function checkProfile(value: Json | undefined, field: string, errors: Errors): void {
  if (!isObject(value)) return;
  const type = asString(value.type);
  const local = value.localhostProfile;
  const at = `${field}.seccompProfile`;
  if (type === 'Localhost') {
    if (local === undefined || local === '')
      errors.push(required(`${at}.localhostProfile`, 'must be set when seccomp type is Localhost'));
    else if (asString(local).startsWith('/'))
      errors.push(invalidValue(`${at}.localhostProfile`, local, 'must be a relative path'));
    return;
  }
  if (local !== undefined)
    errors.push(
      invalidValue(
        `${at}.localhostProfile`,
        {Type: type, LocalhostProfile: local},
        'can only be set when seccomp type is Localhost',
      ),
    );
  if (type === '') errors.push(required(`${at}.type`, 'type is required when seccompProfile is set'));
  else if (type !== 'RuntimeDefault' && type !== 'Unconfined')
    errors.push(unsupported(`${at}.type`, type, ['Localhost', 'RuntimeDefault', 'Unconfined']));
}

export function validateContainerSecurity(
  security: JsonObject,
  field: string,
  hostUsers: Json | undefined,
  errors: Errors,
): void {
  checkRange(security.runAsUser, 0, mostId, `${field}.runAsUser`, errors);
  checkRange(security.runAsGroup, 0, mostId, `${field}.runAsGroup`, errors);
  const mount = security.procMount;
  if (typeof mount === 'string') {
    if (mount !== 'Default' && mount !== 'Unmasked')
      errors.push(unsupported(`${field}.procMount`, mount, ['Default', 'Unmasked']));
    else if (mount === 'Unmasked' && hostUsers !== false)
      errors.push(invalidValue(`${field}.procMount`, mount, '`hostUsers` must be false to use `Unmasked`'));
  }
  checkProfile(security.seccompProfile, field, errors);
  if (security.allowPrivilegeEscalation !== false) return;
  if (security.privileged === true)
    errors.push(
      invalidValue(
        field,
        goValue(security),
        'cannot set `allowPrivilegeEscalation` to false and `privileged` to true',
      ),
    );
  if (asArray(asObject(security.capabilities).add).includes('CAP_SYS_ADMIN'))
    errors.push(
      invalidValue(
        field,
        goValue(security),
        'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN',
      ),
    );
}

const sysctlName = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/;

export function validatePodSecurityContext(security: JsonObject, field: string, errors: Errors): void {
  checkRange(security.fsGroup, 0, mostId, `${field}.fsGroup`, errors);
  checkRange(security.runAsUser, 0, mostId, `${field}.runAsUser`, errors);
  checkRange(security.runAsGroup, 0, mostId, `${field}.runAsGroup`, errors);
  for (const [index, group] of asArray(security.supplementalGroups).entries())
    checkRange(group, 0, mostId, `${field}.supplementalGroups[${index}]`, errors);
  for (const [index, sysctl] of asArray(security.sysctls).entries()) {
    const name = asString(asObject(sysctl).name);
    const at = `${field}.sysctls[${index}].name`;
    if (name === '') errors.push(required(at));
    else if (!sysctlName.test(name) || name.length > 253)
      errors.push(
        invalidValue(
          at,
          name,
          `must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$`,
        ),
      );
  }
  checkProfile(security.seccompProfile, field, errors);
}
