import {parse} from 'yaml';
import {asArray, asObject, asString, isObject, type JsonObject} from '../../../engine/json.ts';
import {ConfigurationError, readEncryption} from '../../api/encryption/configuration.ts';
import {readTokenFile, TokenFileError} from '../../api/token-file.ts';
import {authenticationFault, authorizationFault} from './access-files.ts';

/** Why a server does not start with what a file holds, in its own words; undefined where it does. */
export function contentFault(flag: string, file: string, text: string): string | undefined {
  if (flag === 'encryption-provider-config') return encryptionFault(file, text);
  if (flag === 'audit-policy-file') return auditFault(file, text);
  if (flag === 'authentication-config') return authenticationFault(file, text);
  if (flag === 'authorization-config') return authorizationFault(text);
  if (flag === 'token-auth-file') return tokenFault(file, text);
  return undefined;
}

function encryptionFault(file: string, text: string): string | undefined {
  try {
    readEncryption(text, file);
    return undefined;
  } catch (error) {
    if (error instanceof ConfigurationError) return `error while parsing file: ${error.message}`;
    throw error;
  }
}

function tokenFault(file: string, text: string): string | undefined {
  try {
    readTokenFile(file, text);
    return undefined;
  } catch (error) {
    if (error instanceof TokenFileError) return error.message;
    throw error;
  }
}

const levels = ['None', 'Metadata', 'Request', 'RequestResponse'];

function auditFault(file: string, text: string): string | undefined {
  const fault = (why: string): string => `loading audit policy file: ${why}: from file ${file}`;
  let policy: JsonObject;
  try {
    const parsed: unknown = parse(text);
    policy = isObject(parsed) ? parsed : {};
  } catch {
    return fault('failed decoding: yaml: line 1: did not find expected node content');
  }
  const {apiVersion, kind} = policy;
  if (kind === undefined)
    return fault('unknown group version field audit.k8s.io/__internal, Kind=Policy in policy');
  if (kind !== 'Policy' || apiVersion !== 'audit.k8s.io/v1') {
    const version = JSON.stringify(asString(apiVersion));
    return fault(
      `failed decoding: no kind ${JSON.stringify(kind)} is registered for version ${version} in scheme "pkg/runtime/scheme.go:111"`,
    );
  }
  const rules = asArray(policy.rules).map(asObject);
  if (rules.length === 0) return fault('loaded illegal policy with 0 rules');
  const wrong = rules.findIndex(({level}) => !levels.includes(asString(level)));
  if (wrong < 0) return undefined;
  const allowed = levels.map((level) => JSON.stringify(level)).join(', ');
  return fault(
    `rules[${wrong}].level: Unsupported value: ${JSON.stringify(asString(rules[wrong]?.level))}: supported values: ${allowed}`,
  );
}
