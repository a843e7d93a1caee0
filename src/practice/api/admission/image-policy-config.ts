import {dirname, isAbsolute, join} from 'node:path';
import {parse} from 'yaml';
import {asArray, asObject, asString, isObject, type Json, type JsonObject} from '../../../engine/json.ts';
import {jsonKind} from '../decode.ts';
import type {Backend} from './backend.ts';

const plugin = 'ImagePolicyWebhook';

/** Whom the plugin ImagePolicyWebhook asks, and what it makes of the answers. */
export type ImagePolicyConfig = {
  readonly backend: Backend;
  /** How long an answer is kept, in milliseconds. */
  readonly allowed: number;
  readonly denied: number;
  /** The first wait before it asks again, in milliseconds. */
  readonly retry: number;
  /** Whether pods are let in where nobody answers. */
  readonly defaultAllow: boolean;
};

/** The text of a file as the API server sees it; undefined where there is none. */
type Read = (path: string) => string | undefined;

/** Why the API server does not start with its admission configuration, in its own words. */
export class AdmissionConfigError extends Error {
  override readonly name = 'AdmissionConfigError';
}

const failed = (why: string): AdmissionConfigError =>
  new AdmissionConfigError(`failed to apply admission: ${why}`);
const initFailed = (why: string): AdmissionConfigError =>
  failed(`couldn't init admission plugin "${plugin}": ${why}`);

/**
 * Reads the file of `--admission-control-config-file`, and what it names for the plugin.
 * @param isEnabled Whether the plugin runs: only then its own part is read.
 * @returns Undefined where the plugin does not run.
 * @throws {AdmissionConfigError}
 */
export function readImagePolicy(
  file: string | undefined,
  isEnabled: boolean,
  read: Read,
): ImagePolicyConfig | undefined {
  const own = file === undefined ? undefined : pluginConfiguration(file, read);
  if (!isEnabled) return undefined;
  if (own === undefined) throw initFailed('no config specified');
  const policy = asObject(own.imagePolicy);
  checkTypes(policy);
  return {
    retry: duration(policy.retryBackoff, {scale: 1, least: 1e-6, most: 300_000, usual: 500}),
    allowed: duration(policy.allowTTL, {scale: 1000, least: 1000, most: 1_800_000, usual: 300_000}),
    denied: duration(policy.denyTTL, {scale: 1000, least: 1000, most: 1_800_000, usual: 30_000}),
    defaultAllow: policy.defaultAllow === true,
    backend: readKubeconfig(asString(policy.kubeConfigFile), read),
  };
}

/** What an AdmissionConfiguration holds for the plugin. */
function pluginConfiguration(file: string, read: Read): JsonObject | undefined {
  const unread = (why: string): AdmissionConfigError => failed(`failed to read plugin config: ${why}`);
  const text = read(file);
  if (text === undefined)
    throw unread(
      `unable to read admission control configuration from ${JSON.stringify(file)} [open ${file}: no such file or directory]`,
    );
  const config = parsed(text, unread);
  const {kind, apiVersion} = config;
  // As it was before there were versions of it.
  if (!kind && isObject(config.imagePolicy)) return config;
  if (!kind) throw unread(`Object 'Kind' is missing in '${text}'`);
  if (!apiVersion) throw unread(`Object 'apiVersion' is missing in '${text}'`);
  if (kind !== 'AdmissionConfiguration' || !versions.includes(asString(apiVersion)))
    throw unread(
      `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:111"`,
    );
  const unknown = Object.keys(config).filter((key) => !['kind', 'apiVersion', 'plugins'].includes(key));
  if (unknown.length > 0)
    throw unread(
      `strict decoding error: ${unknown.map((key) => `unknown field ${JSON.stringify(key)}`).join(', ')}`,
    );
  const own = asArray(config.plugins)
    .map(asObject)
    .find(({name}) => name === plugin);
  if (!own) return undefined;
  const path = asString(own.path);
  if (!path) return own.configuration === undefined ? undefined : asObject(own.configuration);
  const place = isAbsolute(path) ? path : join(dirname(file), path);
  const content = read(place);
  if (content === undefined)
    throw new AdmissionConfigError(
      `Couldn't open admission plugin configuration ${place}: &fs.PathError{Op:"open", Path:${JSON.stringify(place)}, Err:0x2}`,
    );
  return parsed(content, initFailed);
}

const versions = ['apiserver.config.k8s.io/v1', 'apiserver.k8s.io/v1alpha1'];

function parsed(text: string, refuse: (why: string) => AdmissionConfigError): JsonObject {
  try {
    return asObject(parse(text) as Json);
  } catch (error) {
    const {linePos, message} = error as {readonly linePos?: readonly {line: number}[]; message: string};
    throw refuse(`yaml: line ${linePos?.[0]?.line ?? 1}: ${message.split('\n')[0]}`);
  }
}

const types: Readonly<Record<string, readonly [is: string, go: string]>> = {
  allowTTL: ['number', 'time.Duration'],
  defaultAllow: ['bool', 'bool'],
  denyTTL: ['number', 'time.Duration'],
  kubeConfigFile: ['string', 'string'],
  retryBackoff: ['number', 'time.Duration'],
};

function checkTypes(policy: JsonObject): void {
  for (const [key, [is, go]] of Object.entries(types)) {
    const value = policy[key];
    if (value === undefined || value === null || jsonKind(value) === is) continue;
    throw initFailed(
      `json: cannot unmarshal ${jsonKind(value)} into Go struct field imagePolicyWebhookConfig.imagePolicy.${key} of type ${go}`,
    );
  }
}

type Range = {
  /** Milliseconds of one. */
  readonly scale: number;
  readonly least: number;
  readonly most: number;
  readonly usual: number;
};

/** In milliseconds; 0 for what is switched off. */
function duration(value: Json | undefined, {scale, least, most, usual}: Range): number {
  const given = Number(value ?? 0);
  if (given === -1) return 0;
  if (given === 0) return usual;
  const result = given * scale;
  if (result < least || result > most)
    throw initFailed(
      `valid value is between ${goDuration(least)} and ${goDuration(most)}, got ${goDuration(result)}`,
    );
  return result;
}

/** Milliseconds as Go writes a duration: `1h23m20s`. */
function goDuration(milliseconds: number): string {
  if (milliseconds < 0) return `-${goDuration(-milliseconds)}`;
  if (milliseconds < 1) return `${Math.round(milliseconds * 1e6)}ns`;
  if (milliseconds < 1000) return `${milliseconds}ms`;
  const seconds = milliseconds / 1000;
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const shown = hours > 0 ? `${hours}h${minutes}m` : minutes > 0 ? `${minutes}m` : '';
  return `${shown}${seconds % 60}s`;
}

const nothing =
  'invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER environment variable';

function readKubeconfig(file: string, read: Read): Backend {
  if (!file) throw initFailed(nothing);
  const text = read(file);
  if (text === undefined) throw initFailed(`stat ${file}: no such file or directory`);
  const config = parsed(text, (why) =>
    initFailed(`error loading config file ${JSON.stringify(file)}: ${why}`),
  );
  const named = (list: string, name: Json | undefined): JsonObject =>
    asArray(config[list])
      .map(asObject)
      .find((one) => one.name === name) ?? {};
  const context = asObject(named('contexts', config['current-context']).context);
  const cluster = asObject(named('clusters', context.cluster).cluster);
  const user = asObject(named('users', context.user).user);
  if (!cluster.server) throw initFailed(nothing);
  const problems: string[] = [];
  const content = (from: JsonObject, key: string, what: string, of: string): string | undefined => {
    const data = from[`${key}-data`];
    if (data) return Buffer.from(asString(data), 'base64').toString('utf8');
    const path = asString(from[key]);
    if (!path) return undefined;
    const place = isAbsolute(path) ? path : join(dirname(file), path);
    const found = read(place);
    if (found === undefined)
      problems.push(
        `unable to read ${what} ${place} for ${of} due to open ${place}: no such file or directory`,
      );
    return found;
  };
  const owner = asString(context.user);
  const certificate = content(user, 'client-certificate', 'client-cert', owner);
  const key = content(user, 'client-key', 'client-key', owner);
  const authorities = content(
    cluster,
    'certificate-authority',
    'certificate-authority',
    asString(context.cluster),
  );
  if (problems.length > 0)
    throw initFailed(
      `invalid configuration: ${problems.length === 1 ? problems[0] : `[${problems.join(', ')}]`}`,
    );
  if (authorities !== undefined && !authorities.includes('BEGIN CERTIFICATE'))
    throw initFailed('unable to load root certificates: unable to parse bytes as PEM block');
  const authorization = credentials(user, file, read);
  const serverName = asString(cluster['tls-server-name']);
  return {
    url: target(asString(cluster.server)),
    ...(authorities === undefined ? {} : {authorities}),
    ...(certificate === undefined ? {} : {certificate}),
    ...(key === undefined ? {} : {key}),
    ...(serverName ? {serverName} : {}),
    ...(cluster['insecure-skip-tls-verify'] === true ? {isUnverified: true} : {}),
    ...(authorization ? {headers: {authorization}} : {}),
    agent: 'Go-http-client/1.1',
    milliseconds: 30_000,
  };
}

function credentials(user: JsonObject, file: string, read: Read): string | undefined {
  const {token, tokenFile, username, password} = user;
  const path = asString(tokenFile);
  const place = isAbsolute(path) ? path : join(dirname(file), path);
  const bearer = (path && read(place)?.trim()) || asString(token);
  if (bearer) return `Bearer ${bearer}`;
  if (!username) return undefined;
  return `Basic ${Buffer.from(`${asString(username)}:${asString(password)}`).toString('base64')}`;
}

/** With the time that the backend has, as Go's client adds it. */
function target(server: string): string {
  const url = new URL(server.includes('://') ? server : `http://${server}`);
  return `${url.origin}${url.pathname}?timeout=30s`;
}
