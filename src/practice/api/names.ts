import {randomBytes, randomUUID} from 'node:crypto';

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

export const subdomainMessage =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
export const labelMessage =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
export const dns1035Message =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

export const isLabel = (name: string): boolean => name.length <= 63 && label.test(name);
export const isSubdomain = (name: string): boolean => name.length <= 253 && subdomain.test(name);

/** Letters that can't form words, as in names that the server makes up. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

export function randomSuffix(length: number): string {
  let result = '';
  while (result.length < length) {
    for (const byte of randomBytes(length * 2)) {
      if (byte < 243 && result.length < length) result += alphabet[byte % 27];
    }
  }
  return result;
}

/** `generateName` and five letters. */
export const generateName = (base: string): string => `${base.slice(0, 58)}${randomSuffix(5)}`;
export const newUid = (): string => randomUUID();
/** Now, or in some seconds, as the server writes times: whole seconds. */
export const timestamp = (seconds = 0): string =>
  `${new Date(Date.now() + seconds * 1000).toISOString().slice(0, 19)}Z`;
