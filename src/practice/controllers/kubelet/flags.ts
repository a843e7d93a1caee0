import flags from '../../data/flags.json' with {type: 'json'};
import type {Container} from '../types.ts';
import {namesAnonymous} from './access-files.ts';
import {admissionFault} from './admission-files.ts';
import {contentFault} from './flag-files.ts';

const programs: Readonly<Record<string, Readonly<Record<string, string>>>> = flags;

/** Files that an administrator writes and a flag names; the node's keys are not simulated. */
const files: Readonly<Record<string, (path: string) => string>> = {
  'audit-policy-file': (path) =>
    `loading audit policy file: failed to read file path ${JSON.stringify(path)}: open ${path}: no such file or directory`,
  'encryption-provider-config': (path) =>
    `error while parsing file: error while loading file: error reading encryption provider configuration file ${JSON.stringify(path)}: open ${path}: no such file or directory`,
  'admission-control-config-file': (path) =>
    `failed to apply admission: failed to read plugin config: unable to read admission control configuration from ${JSON.stringify(path)} [open ${path}: no such file or directory]`,
  'authentication-config': (path) =>
    `failed to load authentication configuration from file ${JSON.stringify(path)}: open ${path}: no such file or directory`,
  'authorization-config': (path) => `open ${path}: no such file or directory`,
  'token-auth-file': (path) => `open ${path}: no such file or directory`,
};

const modes = ['AlwaysAllow', 'AlwaysDeny', 'ABAC', 'Webhook', 'RBAC', 'Node'];
const plugins = new Set(
  'AlwaysAdmit AlwaysDeny AlwaysPullImages CertificateApproval CertificateSigning CertificateSubjectRestriction ClusterTrustBundleAttest DefaultIngressClass DefaultStorageClass DefaultTolerationSeconds DenyServiceExternalIPs EventRateLimit ExtendedResourceToleration ImagePolicyWebhook JobValidation LimitPodHardAntiAffinityTopology LimitRanger MutatingAdmissionPolicy MutatingAdmissionWebhook NamespaceAutoProvision NamespaceExists NamespaceLifecycle NodeDeclaredFeatureValidator NodeRestriction OwnerReferencesPermissionEnforcement PersistentVolumeClaimResize PodGroupProtection PodGroupWorkloadExists PodNodeSelector PodResizeValidator PodSecurity PodTolerationRestriction PodTopologyLabels Priority ResourceQuota RuntimeClass ServiceAccount StorageObjectInUseProtection TaintNodesByCondition ValidatingAdmissionPolicy ValidatingAdmissionWebhook'.split(
    ' ',
  ),
);

/** The flags of a program of the control plane by name; of one that is given twice, the last. */
export function flagsOf(container: Container): ReadonlyMap<string, string> {
  const [program = '', ...rest] = [...(container.command ?? []), ...(container.args ?? [])];
  const found = new Map<string, string>();
  for (let index = 0; index < rest.length; index += 1) {
    const [, name = '', value] = /^--([^=]+)(?:=([\s\S]*))?$/.exec(rest[index]!) ?? [];
    if (value !== undefined) found.set(name, value);
    else if (programs[program]?.[name] === 'bool') found.set(name, 'true');
    else {
      index += 1;
      found.set(name, rest[index] ?? '');
    }
  }
  return found;
}

const commandFailed = (text: string): string => `"command failed" err=${JSON.stringify(text)}`;

/**
 * Why a program of the control plane does not start with these flags, as it writes it to its log; undefined when it
 * does, and for other programs. @param read The text of a file as the container sees it.
 */
export function flagFault(
  container: Container,
  read: (path: string) => string | undefined,
): string | undefined {
  const [program = '', ...rest] = [...(container.command ?? []), ...(container.args ?? [])];
  const known = programs[program];
  if (!known) return undefined;
  for (let index = 0; index < rest.length; index += 1) {
    const given = rest[index]!;
    if (!given.startsWith('--'))
      return `Error: "${program}" does not take any arguments, got ${JSON.stringify([given])}`;
    const equals = given.indexOf('=');
    const name = given.slice(2, equals < 0 ? undefined : equals);
    const type = known[name];
    if (type === undefined) return `Error: unknown flag: --${name}`;
    let value = equals < 0 ? 'true' : given.slice(equals + 1);
    if (equals < 0 && type !== 'bool') {
      index += 1;
      const next = rest[index];
      if (next === undefined) return `Error: flag needs an argument: --${name}`;
      value = next;
    }
    const problem = valueProblem(type, value);
    if (problem !== undefined)
      return `Error: invalid argument ${JSON.stringify(value)} for "--${name}" flag: ${problem}`;
    const refused = refusal(name, value, read);
    if (refused !== undefined) return commandFailed(refused);
  }
  const refused = conflict(flagsOf(container), read);
  if (refused !== undefined) return commandFailed(refused);
  return program === 'kube-apiserver' ? admissionFault(flagsOf(container), read) : undefined;
}

/** Flags that do not go together, or need another. */
function conflict(
  flags: ReadonlyMap<string, string>,
  read: (path: string) => string | undefined,
): string | undefined {
  if (flags.has('authorization-config') && flags.has('authorization-mode'))
    return '--authorization-config can not be specified when --authorization-mode or --authorization-webhook-* flags are defined';
  const named = listed(flags.get('authorization-mode'));
  if (new Set(named).size < named.length)
    return `authorization-mode [${named.map((mode) => JSON.stringify(mode)).join(' ')}] has mode specified more than once`;
  if (named.includes('Webhook') && !flags.has('authorization-webhook-config-file'))
    return "authorization-mode Webhook's authorization config file not passed";
  if (named.includes('ABAC') && !flags.has('authorization-policy-file'))
    return "authorization-mode ABAC's authorization policy file not passed";
  const off = listed(flags.get('disable-admission-plugins'));
  const both = listed(flags.get('enable-admission-plugins')).filter((plugin) => off.includes(plugin));
  if (both.length > 0)
    return `[${both.join(' ')}] in enable-admission-plugins and disable-admission-plugins overlapped`;
  const authentication = flags.get('authentication-config');
  if (
    authentication !== undefined &&
    flags.has('anonymous-auth') &&
    namesAnonymous(read(authentication) ?? '')
  )
    return 'anonymous: Forbidden: --anonymous-auth flag cannot be set when anonymous field is configured in authentication configuration file';
  return undefined;
}

const listed = (value: string | undefined): readonly string[] => (value ? value.split(',') : []);

const booleans = /^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/;
const durations = /^[+-]?((\d+(\.\d*)?|\.\d+)(ns|us|ms|s|m|h))+$|^[+-]?0$/;

function valueProblem(type: string, value: string): string | undefined {
  const shown = JSON.stringify(value);
  if (type === 'bool' && !booleans.test(value)) return `strconv.ParseBool: parsing ${shown}: invalid syntax`;
  if (/^u?int(32|64)?$/.test(type) && !/^[+-]?\d+$/.test(value))
    return `strconv.ParseInt: parsing ${shown}: invalid syntax`;
  if (/^float/.test(type) && Number.isNaN(Number(value)))
    return `strconv.ParseFloat: parsing ${shown}: invalid syntax`;
  return type === 'duration' ? timeProblem(value) : undefined;
}

/** Why a text is no duration, as Go words it. */
export function timeProblem(value: string): string | undefined {
  if (durations.test(value)) return undefined;
  const shown = JSON.stringify(value);
  return /^[+-]?\d+(\.\d*)?$/.test(value)
    ? `time: missing unit in duration ${shown}`
    : `time: invalid duration ${shown}`;
}

function refusal(
  name: string,
  value: string,
  read: (path: string) => string | undefined,
): string | undefined {
  if (name === 'authorization-mode') {
    const wrong = value.split(',').find((mode) => !modes.includes(mode));
    return wrong === undefined
      ? undefined
      : `authorization-mode ${JSON.stringify(wrong)} is not a valid mode`;
  }
  if (name === 'enable-admission-plugins' || name === 'disable-admission-plugins') {
    const wrong = value.split(',').find((plugin) => !plugins.has(plugin));
    return wrong === undefined ? undefined : `${name} plugin ${JSON.stringify(wrong)} is unknown`;
  }
  const absent = files[name];
  if (absent === undefined) return undefined;
  const text = read(value);
  if (text === undefined) return absent(value);
  return contentFault(name, value, text);
}
