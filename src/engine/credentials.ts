import {asObject, asString, isArray, isObject, type Json, type JsonObject} from './json.ts';

/** A key or variable whose name holds one of these, in any case, likely names a credential. */
const sensitiveNames = ['secret', 'key', 'password', 'pwd', 'token', 'jwt', 'bearer', 'credential'];

/** Text that looks like a credential itself. */
const sensitiveValues = [
  /PRIVATE KEY/,
  /eyJhbGciO/,
  /JWT/,
  /Bearer/,
  /_key_/,
  /_secret_/,
  /AKIA[0-9A-Z]{16}/,
  /ghp_[0-9A-Za-z]{36}/,
  /AIza[0-9A-Za-z_-]{35}/,
  /xox[baprs]-[0-9A-Za-z]{10,48}/,
];
const inAnyCase = sensitiveValues.map((pattern) => new RegExp(pattern, 'i'));

export const hasSensitiveName = (name: string): boolean => {
  const lower = name.toLowerCase();
  return sensitiveNames.some((part) => lower.includes(part));
};

const matches = (value: string, patterns: readonly RegExp[]): boolean =>
  patterns.some((pattern) => pattern.test(value));

// The API server replaces it by another variable's value, so what stands here is none.
const isReference = (value: string): boolean => /^\$\([^)]+\)$/.test(value);

/** Whether an environment variable's literal value is a credential, by its name or by what it looks like. */
export const isCredentialVariable = (name: string, value: string): boolean =>
  value !== '' &&
  !value.startsWith('/') &&
  !isReference(value) &&
  (hasSensitiveName(name) || matches(value, inAnyCase));

/** Whether an entry of a ConfigMap is a credential: by its key, its text, or its text behind base64. */
export const isCredentialEntry = (key: string, value: string): boolean =>
  value !== '' &&
  (hasSensitiveName(key) ||
    matches(value, sensitiveValues) ||
    matches(fromBase64(value) ?? '', sensitiveValues));

/** Whether a value is never to be shown, wherever it stands. */
export const isCredential = (key: string, value: string): boolean =>
  isCredentialVariable(key, value) || isCredentialEntry(key, value);

function fromBase64(value: string): string | undefined {
  const text = value.replace(/[\r\n]/g, '');
  if (text.length < 8 || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  return atob(text);
}

/** What stands for a credential on screen and in reports: that there is one, and how long it is. */
export const redacted = (value: string): string => `*** (${[...value].length} chars)`;

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * The object with every credential as `*** (20 chars)`: data of Secrets, environment variables and ConfigMap entries
 * that look like one, keys of an encryption configuration, a last-applied configuration that holds one. Nothing to
 * hide: the same object.
 */
export function redact<T extends JsonObject>(object: T): T {
  return walk(object, asString(object.kind)) as T;
}

function walk(value: Json, kind: string): Json {
  if (isArray(value)) {
    const next = value.map((item) => walk(item, isObject(item) && item.kind ? asString(item.kind) : kind));
    return next.some((item, index) => item !== value[index]) ? next : value;
  }
  if (!isObject(value)) return value;
  return mapValues(value, (item, key) => redactField(value, key, item, kind));
}

function redactField(parent: JsonObject, key: string, item: Json, kind: string): Json {
  const isData = key === 'data' || key === 'stringData' || key === 'binaryData';
  if (isData && kind === 'Secret') return mapValues(asObject(item), hide);
  if (isData && kind === 'ConfigMap') {
    return mapValues(asObject(item), (text, name) =>
      isCredential(name, asString(text)) ? hide(text) : text,
    );
  }
  if (key === 'value' && isCredentialVariable(asString(parent.name), asString(item))) return hide(item);
  if (key === 'secret' && kind === 'EncryptionConfiguration') return hide(item);
  if (key === lastApplied && typeof item === 'string') return redactText(item);
  return walk(item, kind);
}

function redactText(text: string): string {
  try {
    const parsed: unknown = JSON.parse(text);
    if (!isObject(parsed)) return redacted(text);
    return redact(parsed) === parsed ? text : redacted(text);
  } catch {
    return redacted(text);
  }
}

const hide = (value: Json): Json => (typeof value === 'string' ? redacted(value) : value);

function mapValues(object: JsonObject, change: (value: Json, key: string) => Json): JsonObject {
  const entries = Object.entries(object);
  const next = entries.map(([key, value]) => [key, change(value, key)] as const);
  return next.some(([, value], index) => value !== entries[index]![1]) ? Object.fromEntries(next) : object;
}
