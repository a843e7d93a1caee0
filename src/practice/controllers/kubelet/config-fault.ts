import {existsSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {parseDocument} from 'yaml';
import {asObject, isArray, isObject, type Json, type JsonObject} from '../../../engine/json.ts';
import {keepValue, keptValue} from '../../kept-yaml.ts';
import {timeProblem} from './flags.ts';

export const configPath = 'var/lib/kubelet/config.yaml';

const shown = `/${configPath}`;

/**
 * Why the kubelet of a node does not start with its configuration, as it writes it to its log; undefined when it does,
 * and where the node has no such file at all. A field that it does not know it passes over.
 */
export function configFault(nodesFolder: string, node: string): string | undefined {
  const file = join(nodesFolder, node, configPath);
  if (!existsSync(dirname(file))) return undefined;
  const failed = (error: string): string =>
    `"command failed" err=${JSON.stringify(`failed to load kubelet config file, path: ${shown}, error: ${error}`)}`;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return failed(
      `failed to load Kubelet config file ${shown}, error failed to read kubelet config file "${shown}", error: open ${shown}: no such file or directory`,
    );
  }
  const kept = keptValue(text, nodesFolder);
  const problem = kept === undefined ? decodeProblem(text, nodesFolder) : valueProblem(kept);
  if (problem !== undefined)
    return failed(`failed to load Kubelet config file ${shown}, error failed to decode: ${problem}`);
  const config = asObject(keptValue(text, nodesFolder) ?? (parseDocument(text).toJS() as Json));
  const invalid = invalidSettings(config);
  if (invalid.length === 0) return undefined;
  const list = invalid.length === 1 ? invalid[0]! : `[${invalid.join(', ')}]`;
  return `"command failed" err=${JSON.stringify(`failed to validate kubelet configuration, error: ${list}, path: &TypeMeta{Kind:,APIVersion:,}`)}`;
}

const version = 'kubelet.config.k8s.io/v1beta1';

function decodeProblem(text: string, nodesFolder: string): string | undefined {
  const document = parseDocument(text, {uniqueKeys: false});
  const [error] = document.errors;
  if (error)
    return `couldn't get version/kind; json parse error: error converting YAML to JSON: yaml: line ${error.linePos?.[0].line ?? 1}: ${error.message.split('\n')[0]}`;
  const value = document.toJS() as Json;
  keepValue(text, value, nodesFolder);
  return valueProblem(value);
}

function valueProblem(value: Json): string | undefined {
  if (!isObject(value)) return "Object 'Kind' is missing in 'null'";
  const {kind, apiVersion} = value;
  if (typeof kind !== 'string' || kind === '')
    return `Object 'Kind' is missing in '${JSON.stringify(value)}'`;
  if (typeof apiVersion !== 'string' || apiVersion === '')
    return `Object 'apiVersion' is missing in '${JSON.stringify(value)}'`;
  if (kind !== 'KubeletConfiguration' || apiVersion !== version)
    return `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "k8s.io/kubernetes/pkg/kubelet/apis/config/scheme/scheme.go:34"`;
  return typeProblem(value, fields, '', 'KubeletConfiguration');
}

type Type = 'bool' | 'string' | 'int32' | 'duration' | '[]string' | 'map[string]string' | Fields;
type Fields = {readonly [name: string]: Type};

/** What the settings that hardening is about are made of; of other fields nothing is known. */
const fields: Fields = {
  authentication: {
    anonymous: {enabled: 'bool'},
    webhook: {enabled: 'bool', cacheTTL: 'duration'},
    x509: {clientCAFile: 'string'},
  },
  authorization: {
    mode: 'string',
    webhook: {cacheAuthorizedTTL: 'duration', cacheUnauthorizedTTL: 'duration'},
  },
  address: 'string',
  allowedUnsafeSysctls: '[]string',
  cgroupDriver: 'string',
  clusterDNS: '[]string',
  clusterDomain: 'string',
  containerLogMaxFiles: 'int32',
  containerLogMaxSize: 'string',
  containerRuntimeEndpoint: 'string',
  enableDebuggingHandlers: 'bool',
  enableServer: 'bool',
  enforceNodeAllocatable: '[]string',
  eventBurst: 'int32',
  eventRecordQPS: 'int32',
  evictionHard: 'map[string]string',
  evictionSoft: 'map[string]string',
  failSwapOn: 'bool',
  fileCheckFrequency: 'duration',
  healthzBindAddress: 'string',
  healthzPort: 'int32',
  httpCheckFrequency: 'duration',
  imageGCHighThresholdPercent: 'int32',
  imageGCLowThresholdPercent: 'int32',
  kubeReserved: 'map[string]string',
  makeIPTablesUtilChains: 'bool',
  maxPods: 'int32',
  nodeStatusReportFrequency: 'duration',
  nodeStatusUpdateFrequency: 'duration',
  podPidsLimit: 'int32',
  port: 'int32',
  protectKernelDefaults: 'bool',
  readOnlyPort: 'int32',
  rotateCertificates: 'bool',
  seccompDefault: 'bool',
  serverTLSBootstrap: 'bool',
  staticPodPath: 'string',
  streamingConnectionIdleTimeout: 'duration',
  syncFrequency: 'duration',
  systemReserved: 'map[string]string',
  tlsCertFile: 'string',
  tlsCipherSuites: '[]string',
  tlsMinVersion: 'string',
  tlsPrivateKeyFile: 'string',
};

function typeProblem(value: JsonObject, known: Fields, path: string, type: string): string | undefined {
  for (const [name, item] of Object.entries(value)) {
    const expected = known[name];
    if (expected === undefined || item === null) continue;
    const at = path ? `${path}.${name}` : name;
    const refuse = (kind: string, go: string): string =>
      `json: cannot unmarshal ${kind} into Go struct field ${type}.${at} of type ${go}`;
    if (typeof expected === 'object') {
      if (!isObject(item)) return refuse(kindOf(item), `v1beta1.${name}`);
      const inner = typeProblem(item, expected, at, type);
      if (inner !== undefined) return inner;
      continue;
    }
    if (expected === 'duration') {
      if (typeof item !== 'string') return refuse(kindOf(item), 'string');
      const problem = timeProblem(item);
      if (problem !== undefined) return problem;
    } else if (!fits(item, expected)) return refuse(kindOf(item), expected);
  }
  return undefined;
}

const kindOf = (value: Json): string =>
  isArray(value) ? 'array' : isObject(value) ? 'object' : typeof value === 'boolean' ? 'bool' : typeof value;

function fits(value: Json, type: Exclude<Type, Fields>): boolean {
  if (type === 'bool') return typeof value === 'boolean';
  if (type === 'int32') return Number.isInteger(value);
  if (type === '[]string') return isArray(value) && value.every((one) => typeof one === 'string');
  if (type === 'map[string]string')
    return isObject(value) && Object.values(value).every((one) => typeof one === 'string');
  return typeof value === 'string';
}

const percent = (value: Json | undefined): boolean =>
  value === undefined || (typeof value === 'number' && value >= 0 && value <= 100);
const port = (value: Json | undefined): boolean =>
  value === undefined || (typeof value === 'number' && value >= 0 && value <= 65_535);

/** Values of the right type that the kubelet refuses. */
function invalidSettings(config: JsonObject): readonly string[] {
  const {mode} = asObject(config.authorization);
  const found: string[] = [];
  if (mode !== undefined && mode !== 'Webhook' && mode !== 'AlwaysAllow')
    found.push(`unknown authorization mode ${String(mode)}`);
  if (!port(config.readOnlyPort))
    found.push(
      `invalid configuration: readOnlyPort (--read-only-port) ${String(config.readOnlyPort)} must be between 0 and 65535, inclusive`,
    );
  if (config.port !== undefined && (!port(config.port) || config.port === 0))
    found.push(
      `invalid configuration: port (--port) ${String(config.port)} must be between 1 and 65535, inclusive`,
    );
  if (!port(config.healthzPort))
    found.push(
      `invalid configuration: healthzPort (--healthz-port) ${String(config.healthzPort)} must be between 1 and 65535, inclusive`,
    );
  if (!percent(config.imageGCHighThresholdPercent))
    found.push(
      `invalid configuration: imageGCHighThresholdPercent (--image-gc-high-threshold) ${String(config.imageGCHighThresholdPercent)} must be between 0 and 100, inclusive`,
    );
  if (typeof config.maxPods === 'number' && config.maxPods < 0)
    found.push(`invalid configuration: maxPods (--max-pods) ${config.maxPods} must not be a negative number`);
  return found;
}
