import {createCipheriv, createDecipheriv, randomBytes} from 'node:crypto';
import type {Cipher, Encryption, EncryptionKey, Provider} from './configuration.ts';
import {open, seal} from './secretbox.ts';

const prefixOf = (cipher: Cipher): string => `k8s:enc:${cipher}:v1:`;

/** The providers of a resource (`secrets`, `deployments.apps`): of the first entry that names it. */
export function providersOf(encryption: Encryption, resource: string): readonly Provider[] {
  const [, ...group] = resource.split('.');
  const wanted = new Set([resource, `*.${group.join('.')}`, '*.*']);
  return encryption.find(({resources}) => resources.some((one) => wanted.has(one)))?.providers ?? [];
}

/** The text by the first provider's first key: `k8s:enc:aesgcm:v1:key1:BASE64`; undefined where it writes as it is. */
export function encrypt([first]: readonly Provider[], plain: string, place: string): string | undefined {
  if (first === undefined || first.is === 'identity') return undefined;
  const [key] = first.keys;
  if (key === undefined) return undefined;
  const bytes = encryptBy(first.is, key, Buffer.from(plain), place);
  return `${prefixOf(first.is)}${key.name}:${bytes.toString('base64')}`;
}

function encryptBy(cipher: Cipher, {secret}: EncryptionKey, plain: Buffer, place: string): Buffer {
  if (cipher === 'secretbox') {
    const nonce = randomBytes(24);
    return Buffer.concat([nonce, seal(plain, nonce, secret)]);
  }
  if (cipher === 'aescbc') {
    const start = randomBytes(16);
    const by = createCipheriv(`aes-${secret.length * 8}-cbc`, secret, start);
    return Buffer.concat([start, by.update(plain), by.final()]);
  }
  const nonce = randomBytes(12);
  const by = createCipheriv(`aes-${secret.length * 8}-gcm` as 'aes-256-gcm', secret, nonce);
  // A value can't be moved to another object's place.
  by.setAAD(Buffer.from(place));
  return Buffer.concat([nonce, by.update(plain), by.final(), by.getAuthTag()]);
}

/** The text that was encrypted; undefined where no provider has the key. */
export function decrypt(providers: readonly Provider[], text: string, place: string): string | undefined {
  for (const provider of providers) {
    if (provider.is === 'identity') continue;
    for (const key of provider.keys) {
      const prefix = `${prefixOf(provider.is)}${key.name}:`;
      if (!text.startsWith(prefix)) continue;
      const plain = decryptBy(provider.is, key, Buffer.from(text.slice(prefix.length), 'base64'), place);
      if (plain !== undefined) return plain.toString();
    }
  }
  return undefined;
}

function decryptBy(cipher: Cipher, {secret}: EncryptionKey, box: Buffer, place: string): Buffer | undefined {
  try {
    if (cipher === 'secretbox') {
      const plain = open(box.subarray(24), box.subarray(0, 24), secret);
      return plain && Buffer.from(plain);
    }
    if (cipher === 'aescbc') {
      const by = createDecipheriv(`aes-${secret.length * 8}-cbc`, secret, box.subarray(0, 16));
      return Buffer.concat([by.update(box.subarray(16)), by.final()]);
    }
    const by = createDecipheriv(`aes-${secret.length * 8}-gcm` as 'aes-256-gcm', secret, box.subarray(0, 12));
    by.setAAD(Buffer.from(place));
    by.setAuthTag(box.subarray(-16));
    return Buffer.concat([by.update(box.subarray(12, -16)), by.final()]);
  } catch {
    return undefined;
  }
}

/** Whether a text on disk (undefined: as it is) is what the first provider would write now, except for chance. */
export function isCurrent([first]: readonly Provider[], text: string | undefined): boolean {
  if (first === undefined || first.is === 'identity') return text === undefined;
  return text?.startsWith(`${prefixOf(first.is)}${first.keys[0]?.name}:`) ?? false;
}
