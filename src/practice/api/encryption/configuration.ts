import {parse} from 'yaml';
import {asArray, asObject, asString, isObject, type JsonObject} from '../../../engine/json.ts';

export type EncryptionKey = {readonly name: string; readonly secret: Buffer};
export type Cipher = 'aesgcm' | 'aescbc' | 'secretbox';
/** In the order of the file: the first one writes, each may read. */
export type Provider =
  | {readonly is: 'identity'}
  | {readonly is: Cipher; readonly keys: readonly EncryptionKey[]};
export type Encryption = readonly {
  readonly resources: readonly string[];
  readonly providers: readonly Provider[];
}[];

const lengths: Readonly<Record<Cipher, readonly number[]>> = {
  aesgcm: [16, 24, 32],
  aescbc: [16, 24, 32],
  secretbox: [32],
};
const isCipher = (name: string): name is Cipher => Object.hasOwn(lengths, name);
const known = [...Object.keys(lengths), 'identity', 'kms'];
const mandatory = (what: string): string => `Required value: ${what} is a mandatory field for a key`;

/** Why the API server does not start with a configuration, as it writes it to its log. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

const fail = (message: string): never => {
  throw new ConfigurationError(message);
};

/** Reads an EncryptionConfiguration as the API server does. @throws {ConfigurationError} in its words */
export function readEncryption(text: string, file: string): Encryption {
  const quoted = JSON.stringify(file);
  const decoding = `error decoding encryption provider configuration file ${quoted}:`;
  if (text === '')
    fail(`error while loading file: encryption provider configuration file ${quoted} is empty`);
  let content: JsonObject = {};
  try {
    const parsed: unknown = parse(text);
    if (!isObject(parsed)) throw new Error('yaml: line 1: did not find expected node content');
    content = parsed;
  } catch (cause) {
    const [line] = (cause as Error).message.split('\n');
    fail(`${decoding} ${line?.startsWith('yaml:') ? line : `yaml: ${line}`}`);
  }
  const {apiVersion, kind} = content;
  if (kind !== 'EncryptionConfiguration' || !/^apiserver\.config\.k8s\.io\/v1$/.test(asString(apiVersion))) {
    fail(
      `${decoding} no kind ${JSON.stringify(asString(kind))} is registered for version ${JSON.stringify(asString(apiVersion))} in scheme "pkg/runtime/scheme.go:111"`,
    );
  }
  const resources = asArray(content.resources).map(asObject);
  if (resources.length === 0) fail('resources: Required value: at least one resources is required');
  return resources.map((one, index) => {
    const at = `resources[${index}]`;
    const names = asArray(one.resources).map(asString);
    if (names.length === 0) fail(`${at}.resources: Required value: at least one ${at}.resources is required`);
    const capital = names.findIndex((name) => name !== name.toLowerCase());
    if (capital >= 0) {
      fail(
        `${at}.resources[${capital}]: Invalid value: ${JSON.stringify(names[capital])}: resource name should not contain capital letters`,
      );
    }
    const providers = asArray(one.providers).map(asObject);
    if (providers.length === 0)
      fail(`${at}.providers: Required value: at least one ${at}.providers is required`);
    return {
      resources: names,
      providers: providers.map((provider, place) =>
        readProvider(provider, `${at}.providers[${place}]`, decoding),
      ),
    };
  });
}

function readProvider(provider: JsonObject, at: string, decoding: string): Provider {
  const fields = Object.keys(provider);
  const [name = ''] = fields;
  const unknown = fields.find((field) => !known.includes(field));
  if (unknown !== undefined) fail(`${decoding} strict decoding error: unknown field "${at}.${unknown}"`);
  if (fields.length > 1) {
    fail(
      `${at}: Invalid value: more than one provider specified in a single element, should split into different list elements`,
    );
  }
  if (name === '')
    fail(
      `${at}: Required value: provider does not contain any of the expected providers: KMS, AESGCM, AESCBC, Secretbox, Identity`,
    );
  if (name === 'kms') fail(`${at}.kms: no plugin answers here: the practice nodes run none`);
  if (!isCipher(name)) return {is: 'identity'};
  const keys = asArray(asObject(provider[name]).keys).map(asObject);
  if (keys.length === 0) fail(`${at}.${name}.keys: Required value: at least one keys is required`);
  return {is: name, keys: keys.map((key, index) => readKey(key, name, `${at}.${name}.keys[${index}]`))};
}

function readKey({name, secret}: JsonObject, cipher: Cipher, at: string): EncryptionKey {
  const text = asString(secret);
  if (asString(name) === '') fail(`${at}.name: ${mandatory('name')}`);
  if (text === '') fail(`${at}.secret: ${mandatory('secret')}`);
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0)
    fail(`${at}.secret: Invalid value: "REDACTED": secrets must be base64 encoded`);
  const bytes = Buffer.from(text, 'base64');
  if (!lengths[cipher].includes(bytes.length)) {
    fail(
      `${at}.secret: Invalid value: "REDACTED": secret is not of the expected length, got ${bytes.length}, expected one of [${lengths[cipher].join(' ')}]`,
    );
  }
  return {name: asString(name), secret: bytes};
}
