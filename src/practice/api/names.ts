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

const wildcard = /^\*\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const wildcardMessage =
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

const tooLong = (name: string, most: number): string[] =>
  Buffer.byteLength(name) > most ? [`must be no more than ${most} characters`] : [];

/** Why a name is no DNS label. */
export function labelProblems(name: string): string[] {
  if (label.test(name)) return tooLong(name, 63);
  return [...tooLong(name, 63), subdomain.test(name) ? 'must not contain dots' : labelMessage];
}

/** Why a name is no DNS subdomain. */
export const subdomainProblems = (name: string): string[] => [
  ...tooLong(name, 253),
  ...(subdomain.test(name) ? [] : [subdomainMessage]),
];

/** Why a host with a star is none. */
export const wildcardProblems = (name: string): string[] => [
  ...tooLong(name, 253),
  ...(wildcard.test(name) ? [] : [wildcardMessage]),
];

/** Why a name can't be a part of a path. */
export function segmentProblems(name: string): string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`];
  return ['/', '%'].filter((char) => name.includes(char)).map((char) => `may not contain '${char}'`);
}

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
