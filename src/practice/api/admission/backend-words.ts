import {isIP} from 'node:net';
import type {PeerCertificate} from 'node:tls';

class NameError extends Error {}

/** Why a certificate is not that of a host, as Go words it. */
export function nameProblem(host: string, peer: PeerCertificate): Error | undefined {
  const names = (peer.subjectaltname ?? '').split(', ').filter((one) => one !== '');
  const of = (kind: string): readonly string[] =>
    names.filter((one) => one.startsWith(kind)).map((one) => one.slice(kind.length));
  if (names.length === 0)
    return isIP(host)
      ? new NameError(`x509: cannot validate certificate for ${host} because it doesn't contain any IP SANs`)
      : peer.subject.CN === host
        ? new NameError('x509: certificate relies on legacy Common Name field, use SANs instead')
        : new NameError(`x509: certificate is not valid for any names, but wanted to match ${host}`);
  const known = isIP(host) ? of('IP Address:') : of('DNS:');
  if (known.some((one) => matchesName(one, host))) return undefined;
  if (isIP(host) && known.length === 0)
    return new NameError(
      `x509: cannot validate certificate for ${host} because it doesn't contain any IP SANs`,
    );
  return new NameError(
    known.length === 0
      ? `x509: certificate is not valid for any names, but wanted to match ${host}`
      : `x509: certificate is valid for ${known.join(', ')}, not ${host}`,
  );
}

function matchesName(pattern: string, host: string): boolean {
  const [wanted, name] = [pattern.toLowerCase(), host.toLowerCase()];
  if (!wanted.startsWith('*.')) return wanted === name;
  const dot = name.indexOf('.');
  return dot > 0 && name.slice(dot) === wanted.slice(1);
}

const connectWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network is unreachable',
  ETIMEDOUT: 'connection timed out',
};

/** Why a call failed, as Go's client words it. */
export function goWords(error: unknown, url: string): string {
  const {hostname, port} = new URL(url);
  const problem = first(error);
  const code = problem.code ?? '';
  const connect = connectWords[code];
  if (connect !== undefined) {
    const address = problem.address ?? hostname;
    const shown = address.includes(':') && !address.startsWith('[') ? `[${address}]` : address;
    return `dial tcp ${shown}:${problem.port ?? (port || 443)}: connect: ${connect}`;
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `dial tcp: lookup ${hostname}: no such host`;
  if (problem.name === 'AbortError' || problem.name === 'TimeoutError') return 'context deadline exceeded';
  if (problem instanceof NameError) return `tls: failed to verify certificate: ${problem.message}`;
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return 'tls: failed to verify certificate: x509: certificate has expired or is not yet valid';
  if (unknownAuthority.has(code))
    return 'tls: failed to verify certificate: x509: certificate signed by unknown authority';
  if (code === 'EPROTO' || code.startsWith('ERR_SSL'))
    return /wrong version number|packet length too long/i.test(
      `${problem.message} ${code.replaceAll('_', ' ')}`,
    )
      ? 'http: server gave HTTP response to HTTPS client'
      : `remote error: tls: ${problem.message.split('\n')[0]}`;
  if (code === 'ECONNRESET') return 'EOF';
  return problem.message;
}

const unknownAuthority = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_SIGNATURE_FAILURE',
  'INVALID_CA',
]);

type Problem = Error & {readonly code?: string; readonly address?: string; readonly port?: number};

/** Of a name with several addresses, what the last of them said: the one of IPv4. */
function first(error: unknown): Problem {
  const {errors} = error as {readonly errors?: readonly Problem[]};
  const inner = errors?.find((one) => one.address?.includes('.')) ?? errors?.[0] ?? (error as Problem);
  return inner.cause instanceof Error && inner.name === 'AbortError' ? (inner.cause as Problem) : inner;
}

const words: Readonly<Record<number, string>> = {
  400: 'the server rejected our request for an unknown reason',
  401: 'the server has asked for the client to provide credentials',
  404: 'the server could not find the requested resource',
  405: 'the server does not allow this method on the requested resource',
  409: 'the server reported a conflict',
  422: 'the server rejected our request due to an error in our request',
  429: 'the server has received too many requests and has asked us to try again later',
  503: 'the server is currently unable to handle the request',
  504: 'the server was unable to return a response in the time allotted, but may still be processing the request',
};

/** What Go's client makes of a status code without a Status. */
export function statusWords(code: number, text: string): string {
  const known = words[code];
  if (known !== undefined) return known;
  if (code === 403 || code === 415) return text;
  if (code === 406)
    return text === '' || text === 'unknown'
      ? 'the server was unable to respond with a content type that the client supports'
      : text;
  if (code >= 500)
    return `an error on the server (${JSON.stringify(text)}) has prevented the request from succeeding`;
  return `the server responded with the status code ${code} but did not return more information`;
}
