import {X509Certificate} from 'node:crypto';
import {asArray, asObject, asString, type JsonObject} from '../../../engine/json.ts';
import {duplicate, invalidValue, required, unsupported} from '../api-error.ts';
import {labelProblems, subdomainProblems} from '../names.ts';
import type {Errors} from './rules.ts';

const usageNames = [
  'any',
  'cert sign',
  'client auth',
  'code signing',
  'content commitment',
  'crl sign',
  'data encipherment',
  'decipher only',
  'digital signature',
  'email protection',
  'encipher only',
  'ipsec end system',
  'ipsec tunnel',
  'ipsec user',
  'key agreement',
  'key encipherment',
  'microsoft sgc',
  'netscape sgc',
  'ocsp signing',
  's/mime',
  'server auth',
  'signing',
  'timestamping',
];

export function validateCertificateRequest(object: JsonObject, errors: Errors): void {
  const {request, usages, signerName, expirationSeconds} = asObject(object.spec);
  const problem = requestProblem(asString(request));
  if (problem !== undefined) errors.push(invalidValue('spec.request', request ?? null, problem));
  const given = asArray(usages).map(asString);
  if (given.length === 0) errors.push(required('spec.usages'));
  for (const [index, usage] of given.entries()) {
    const at = `spec.usages[${index}]`;
    if (!usageNames.includes(usage)) errors.push(unsupported(at, usage, usageNames));
    if (given.indexOf(usage) < index) errors.push(duplicate(at, usage));
  }
  validateSignerName(asString(signerName), errors);
  if (typeof expirationSeconds === 'number' && expirationSeconds < 600)
    errors.push(
      invalidValue(
        'spec.expirationSeconds',
        expirationSeconds,
        'may not specify a duration less than 600 seconds (10 minutes)',
      ),
    );
}

/** Why the bytes hold no request; undefined when they seem to. */
function requestProblem(base64: string): string | undefined {
  const text = Buffer.from(base64, 'base64').toString('latin1');
  const [, body] =
    /-----BEGIN CERTIFICATE REQUEST-----\s([\s\S]*?)-----END CERTIFICATE REQUEST-----/.exec(text) ?? [];
  if (body === undefined) return 'PEM block type must be CERTIFICATE REQUEST';
  // A sequence: what else is wrong with it, the signer says.
  return Buffer.from(body, 'base64')[0] === 0x30 ? undefined : "asn1: structure error: tags don't match";
}

/** Why the bytes are no chain of certificates; undefined when they are, or there are none. */
export function certificateProblem(base64: string): string | undefined {
  if (base64 === '') return undefined;
  const text = Buffer.from(base64, 'base64').toString('latin1');
  let count = 0;
  for (const [, type = '', lines = ''] of text.matchAll(
    /^-----BEGIN (.*?)-----[ \t\r]*\n([\s\S]*?)^-----END \1-----[ \t\r]*$/gm,
  )) {
    const headers = /^(?:[^\n:]+:[^\n]*\n)*/.exec(lines)?.[0] ?? '';
    const body = lines.slice(headers.length).replaceAll(/\s/g, '');
    // As what is no base64 is no block.
    if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(body)) continue;
    if (type !== 'CERTIFICATE')
      return `only CERTIFICATE PEM blocks are allowed, found ${JSON.stringify(type)}`;
    if (headers !== '') return 'no PEM block headers are permitted';
    const problem = blockProblem(Buffer.from(body, 'base64'));
    if (problem !== undefined) return problem;
    count += 1;
  }
  return count > 0 ? undefined : 'must contain at least one CERTIFICATE PEM block';
}

function blockProblem(bytes: Buffer): string | undefined {
  if (bytes.length === 0) return 'found CERTIFICATE PEM block containing 0 certificates';
  if (bytes[0] !== 0x30) return 'x509: malformed certificate';
  try {
    new X509Certificate(bytes);
    return undefined;
  } catch {
    return 'x509: malformed tbs certificate';
  }
}

function validateSignerName(name: string, errors: Errors): void {
  const field = 'spec.signerName';
  const form = "must be a fully qualified domain and path of the form 'example.com/signer-name'";
  if (name === '') {
    errors.push(required(field));
    return;
  }
  const [domain = '', path, ...more] = name.split('/');
  if (path === undefined || more.length > 0) {
    errors.push(invalidValue(field, name, form));
    return;
  }
  if (name === 'kubernetes.io/legacy-unknown')
    errors.push(invalidValue(field, name, 'the legacy signerName is not allowed via this API version'));
  const labels = domain.split('.');
  if (labels.length < 2)
    errors.push(
      invalidValue(field, domain, 'should be a domain with at least two segments separated by dots'),
    );
  for (const label of labels)
    for (const problem of labelProblems(label))
      errors.push(invalidValue(field, domain, `validating label ${JSON.stringify(label)}: ${problem}`));
  for (const problem of subdomainProblems(path))
    errors.push(invalidValue(field, path, `validating label ${JSON.stringify(path)}: ${problem}`));
}
