import {parse} from 'yaml';
import {asArray, asObject, asString, isObject, type JsonObject} from '../../../engine/json.ts';
import {subdomainProblems} from '../../api/names.ts';

const version = 'apiserver.config.k8s.io/v1';
const required = 'Required value';

/** The document of a configuration file, or why it is none of this kind. */
function read(text: string, kind: string, known: readonly string[]): JsonObject | string {
  let found: unknown;
  try {
    found = parse(text);
  } catch {
    return 'yaml: line 1: did not find expected node content';
  }
  const document = isObject(found) ? found : {};
  const given = asString(document.kind);
  if (given !== kind || asString(document.apiVersion) !== version)
    return given === ''
      ? "Object 'Kind' is missing"
      : `no kind ${JSON.stringify(given)} is registered for version ${JSON.stringify(asString(document.apiVersion))} in scheme "pkg/runtime/scheme.go:111"`;
  const unknown = Object.keys(document).find((key) => !['apiVersion', 'kind', ...known].includes(key));
  return unknown === undefined ? document : `strict decoding error: unknown field ${JSON.stringify(unknown)}`;
}

/** Why a server does not start with an AuthenticationConfiguration; undefined where it does. */
export function authenticationFault(file: string, text: string): string | undefined {
  const from = `failed to load authentication configuration from file ${JSON.stringify(file)}`;
  if (text === '') return `${from}: empty config data`;
  const document = read(text, 'AuthenticationConfiguration', ['jwt', 'anonymous']);
  if (typeof document === 'string') return `${from}: ${document}`;
  const {enabled, conditions} = asObject(document.anonymous);
  const paths = asArray(conditions).map((one) => ({Path: asString(asObject(one).path)}));
  return enabled !== true && paths.length > 0
    ? `invalid authentication configuration: anonymous.conditions: Invalid value: ${JSON.stringify(paths)}: enabled should be set to true when conditions are defined`
    : undefined;
}

const types = ['ABAC', 'AlwaysAllow', 'AlwaysDeny', 'Node', 'RBAC', 'Webhook'];

/** Why a server does not start with an AuthorizationConfiguration; undefined where it does. */
export function authorizationFault(text: string): string | undefined {
  const document = read(text, 'AuthorizationConfiguration', ['authorizers']);
  if (typeof document === 'string') return `failed to load AuthorizationConfiguration from file: ${document}`;
  const authorizers = asArray(document.authorizers).map(asObject);
  if (authorizers.length === 0)
    return `authorizers: ${required}: at least one authorization mode must be defined`;
  const seen = new Set<string>();
  const problems = authorizers.flatMap((one, index): readonly string[] => {
    const at = `authorizers[${index}]`;
    const type = asString(one.type);
    if (type === '') return [`${at}.type: ${required}`];
    if (!types.includes(type))
      return [
        `${at}.type: Unsupported value: ${JSON.stringify(type)}: supported values: ${types.map((text) => JSON.stringify(text)).join(', ')}`,
      ];
    if (seen.has(type) && type !== 'Webhook') return [`${at}.type: Duplicate value: ${JSON.stringify(type)}`];
    seen.add(type);
    const name = asString(one.name);
    const [wrong] = subdomainProblems(name);
    return [
      ...(name === '' ? [`${at}.name: ${required}`] : []),
      ...(name !== '' && wrong !== undefined
        ? [`${at}.name: Invalid value: ${JSON.stringify(name)}: authorizer name is invalid: ${wrong}`]
        : []),
      ...(type === 'Webhook' && !isObject(one.webhook)
        ? [`${at}.webhook: ${required}: required when type=Webhook`]
        : []),
    ];
  });
  if (problems.length === 0) {
    const wrong = authorizers.find(
      ({type, name}) => type !== 'Webhook' && name !== asString(type).toLowerCase(),
    );
    if (!wrong) return undefined;
    const type = asString(wrong.type);
    return `expected name ${type.toLowerCase()} for authorizer ${type} instead of ${asString(wrong.name)}`;
  }
  return problems.length === 1 ? problems[0] : `[${problems.join(', ')}]`;
}

/** Whether a file says itself who has no name: the flag may not say it too. */
export function namesAnonymous(text: string): boolean {
  try {
    const found: unknown = parse(text);
    return isObject(found) && isObject(found.anonymous);
  } catch {
    return false;
  }
}
