import {X509Certificate} from 'node:crypto';
import {asArray, asObject, asString, type Json} from '../engine/json.ts';
import {plainText} from '../engine/text.ts';
import type {ClusterAccess} from './kubeconfig.ts';
import {TargetError, type TargetProblem} from './target.ts';

/** How a target is named in sentences, and how its user signs in. */
export type Who = {
  /** Name of the target as shown in the title. */
  readonly name: string;
  readonly access: ClusterAccess;
  /** PEM of the client certificate, if that is how one signs in. */
  readonly certificate?: string | undefined;
};

const tryByHand = ({access}: Who): string => `  kubectl --context ${access.context.name} get --raw /readyz`;

/** The code of a failed request: `ECONNREFUSED`, `CERT_HAS_EXPIRED`, …; undefined for what is none. */
export function errorCode(error: unknown): string | undefined {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; depth += 1) {
    if ('code' in current && typeof current.code === 'string') return current.code;
    if (current instanceof AggregateError && current.errors.length > 0) current = current.errors[0];
    else current = current.cause;
  }
  return undefined;
}

const seen: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'broke off the connection',
  EPIPE: 'broke off the connection',
  UND_ERR_SOCKET: 'broke off the connection',
  ENOTFOUND: 'has a name that is not known here',
  EAI_AGAIN: 'has a name that could not be looked up',
  EHOSTUNREACH: 'can not be reached from this network',
  ENETUNREACH: 'can not be reached from this network',
  ETIMEDOUT: 'did not answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'did not answer in time',
  UND_ERR_HEADERS_TIMEOUT: 'took the request and did not answer in time',
  UND_ERR_BODY_TIMEOUT: 'stopped in the middle of its answer',
};

const certificateCodes: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'its certificate has ended',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet: compare the clocks of both machines',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is not signed by the certificate authority of the kubeconfig',
  SELF_SIGNED_CERT_IN_CHAIN: 'it is not signed by the certificate authority of the kubeconfig',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'it is not signed by the certificate authority of the kubeconfig',
  UNABLE_TO_GET_ISSUER_CERT: 'it is not signed by the certificate authority of the kubeconfig',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'it is not signed by the certificate authority of the kubeconfig',
  CERT_SIGNATURE_FAILURE: 'it is not signed by the certificate authority of the kubeconfig',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is made out to another name',
};

/** Whether the server could not be reached, so that it is worth trying again. */
export const isLost = (error: unknown): error is TargetError =>
  error instanceof TargetError && (error.problem === 'unreachable' || error.problem === 'unauthenticated');

/** A request that got no answer, as sentences. Aborted requests and expected problems are given back as they are. */
export function connectionError(who: Who, error: unknown, tries = 1, seconds = 0): unknown {
  if (error instanceof TargetError) return error;
  const code = errorCode(error);
  const server = asString(who.access.cluster.server);
  if (code === undefined) return error;
  const certificate = certificateCodes[code];
  if (certificate !== undefined) {
    return new TargetError(
      'certificate',
      `${who.name} can't prove that it is the server it should be: ${certificate}.`,
      [
        `${server} (${code}). Nothing was sent to it. Is the kubeconfig of another cluster, or from before the cluster was made anew? Fetch the present one, then try again.`,
      ],
      {cause: error},
    );
  }
  if (/^(EPROTO$|ERR_SSL_|ERR_TLS_)/.test(code)) {
    const refused = /ALERT/.test(code);
    return new TargetError(
      'certificate',
      refused
        ? `${who.name} does not take the client certificate.`
        : `${who.name} does not speak TLS as it should.`,
      [
        `${server} (${code}). ${refused ? certificateEnd(who) : 'Is the port that of the API server, and is no proxy between?'}`.trim(),
      ],
      {cause: error},
    );
  }
  const what = seen[code] ?? 'could not be reached';
  const inAll = Math.max(1, Math.round(seconds));
  const often = tries > 1 ? `, ${tries} times in ${inAll} second${inAll === 1 ? '' : 's'}` : '';
  const isPractice = who.access.context.name === 'kubekata-practice';
  const hint =
    code === 'ENOTFOUND' || code === 'EAI_AGAIN'
      ? 'Is the name right in the kubeconfig, and are you on its network or VPN?'
      : isPractice
        ? 'Is its manifest broken, nodes/rpi-1/etc/kubernetes/manifests/kube-apiserver.yaml beside the kubeconfig? Why it does not run is in nodes/rpi-1/var/log/pods.'
        : 'Is the machine up, and are you on its network?';
  return new TargetError(
    'unreachable',
    `${who.name} does not answer.`,
    [`${server} ${what}${often} (${code}). ${hint} To try by hand:`, tryByHand(who)],
    {cause: error},
  );
}

/** `The client certificate of user X in FILE ended on 2 November 2026, 21 days ago.`; empty where that is not it. */
function certificateEnd({access, certificate}: Who, now = Date.now()): string {
  const end = certificate === undefined ? undefined : endOf(certificate);
  if (end === undefined) return '';
  const where = `The client certificate of user ${access.context.user} in ${access.files.join(' and ')}`;
  const day = end.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
  const days = Math.floor((now - end.getTime()) / 86_400_000);
  if (now < end.getTime()) return `${where} holds until ${day}.`;
  return `${where} ended on ${day}, ${days === 0 ? 'today' : `${days} ${days === 1 ? 'day' : 'days'} ago`}.`;
}

function endOf(pem: string): Date | undefined {
  try {
    return new Date(new X509Certificate(pem).validTo);
  } catch {
    return undefined;
  }
}

function unauthenticated(who: Who): TargetError {
  const {user} = who.access;
  const ended = certificateEnd(who);
  const hint = ended
    ? [
        'Renew it. On a kubeadm node:',
        '  kubeadm certs renew admin.conf',
        'Take the new /etc/kubernetes/admin.conf over to this machine, then try again.',
      ]
    : user.exec !== undefined || user['auth-provider'] !== undefined
      ? [
          `Sign in again with ${asString(asObject(user.exec).command) || 'the program of your provider'}, then try again.`,
        ]
      : user.token !== undefined || user.tokenFile !== undefined
        ? [
            `The token of user ${who.access.context.user} has ended or is of another cluster. Fetch a new one, then try again.`,
          ]
        : [`User ${who.access.context.user || '(none)'} of the kubeconfig has no credentials that it takes.`];
  return new TargetError('unauthenticated', `${who.name} does not know you any more.`, [
    `It answered 401 Unauthorized. ${ended}`.trim(),
    ...hint,
  ]);
}

/** What a Status says, control characters taken out: its message, and each cause that the message leaves out. */
export function statusMessage(body: Json | undefined, status?: number): string {
  const {message, details, reason} = asObject(body);
  const text = plainText(
    asString(message) || asString(reason) || (typeof body === 'string' ? body.slice(0, 300) : ''),
  );
  const causes = asArray(asObject(details).causes).flatMap((item) => {
    const cause = asObject(item);
    const words = plainText(asString(cause.message));
    return words && !text.includes(words) ? [`${plainText(asString(cause.field))}: ${words}`] : [];
  });
  return [text || `It answered ${status ?? 'without a reason'}.`, ...causes].join(' ');
}

/** The seconds that a server asks to wait, undefined where it does not. */
export function retryAfter(header: string | undefined): number | undefined {
  const seconds = Number(header);
  return header !== undefined && Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}

/** An answer of 400 or more, as sentences. `doing` is what was tried: `list Pods`. */
export function statusError(who: Who, status: number, body: Json, doing: string): TargetError {
  const message = statusMessage(body, status);
  const of = (problem: TargetProblem, title: string, details: readonly string[]): TargetError =>
    new TargetError(problem, title, details);
  if (status === 401) return unauthenticated(who);
  if (status === 403 && isDenied(body)) {
    return of('forbidden', `${whoIn(body) ?? 'You'} may not ${doing} in ${who.name}.`, [
      message,
      'Ask an administrator for the permission, or use another context.',
    ]);
  }
  if (status === 404) return of('gone', `${who.name} has nothing at ${doing}.`, [message]);
  if (status === 409)
    return of('conflict', `${who.name} has changed meanwhile. Nothing was applied.`, [message]);
  if (status === 410) return of('gone', `${who.name} does not know that state any more.`, [message]);
  if (status === 429)
    return of('throttled', `${who.name} asks to wait (429).`, [message, 'Try again in a while.']);
  if (status >= 500 && !isRefusal(body)) {
    return of('server', `${who.name} has a problem of its own (${status}), it could not ${doing}.`, [
      message,
      'Nothing is wrong on this side. Try again, or look at the log of its API server.',
    ]);
  }
  return of('rejected', `${who.name} refuses to ${doing}.`, [message]);
}

/** 403 is either RBAC, or an admission that refuses the object. */
const isDenied = (body: Json): boolean =>
  / cannot [a-z]+ resource |User "[^"]*" cannot /.test(asString(asObject(body).message));

/** A webhook's refusal comes with any status; its message tells. */
const isRefusal = (body: Json): boolean =>
  /admission webhook .* denied/.test(asString(asObject(body).message));

/** `User viewer`, as the server names who asked. */
export function whoIn(body: Json): string | undefined {
  const name = /User "([^"]+)"/.exec(asString(asObject(body).message))?.[1];
  return name === undefined ? undefined : `User ${plainText(name)}`;
}

export const fileError = (file: string, cause: unknown): TargetError =>
  new TargetError(
    'bad-kubeconfig',
    `${file}, which the kubeconfig names, can't be read.`,
    [plainText(cause instanceof Error ? cause.message : String(cause))],
    {cause},
  );

/** Signing in by a program failed. */
export function execError({context, user}: ClusterAccess, cause: unknown): TargetError {
  const command = plainText(asString(asObject(user.exec).command)) || 'an auth provider';
  const hint = plainText(asString(asObject(user.exec).installHint));
  if (errorCode(cause) === 'ENOENT') {
    return new TargetError(
      'exec-plugin',
      `Context ${context.name} signs in by ${command}, which is not on PATH.`,
      [hint || 'Install it, or sign in and try again.'],
      {cause},
    );
  }
  const said = plainText(cause instanceof Error ? cause.message : String(cause)).trim();
  return new TargetError(
    'exec-plugin',
    `Context ${context.name} signs in by ${command}, which failed.`,
    [
      said ? `It said: ${said.slice(0, 500)}` : 'It said nothing.',
      'Sign in with it by hand, then try again.',
    ],
    {cause},
  );
}
