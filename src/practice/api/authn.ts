import {timingSafeEqual} from 'node:crypto';
import type {IncomingHttpHeaders, IncomingMessage} from 'node:http';
import type {TLSSocket} from 'node:tls';
import {forbidden, unauthorized} from './api-error.ts';
import {authorise} from './authz.ts';
import type {User} from './context.ts';
import type {RequestInfo} from './http/request-info.ts';
import type {ApiServer} from './server.ts';

export type Authenticator = {
  /** The token of the practice kubeconfig. */
  readonly adminToken: string;
  /** Reads a ServiceAccount's token; undefined when it is none of ours. */
  readonly serviceAccount?: (token: string, server: ApiServer) => User | undefined;
};

const admin: User = {name: 'kubekata-admin', groups: ['system:masters', 'system:authenticated']};

const same = (a: string, b: string): boolean => {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
};

/** Whose token it is; undefined for none of this cluster. */
export function userOfToken(
  authenticator: Authenticator,
  token: string,
  server: ApiServer,
): User | undefined {
  if (same(token, authenticator.adminToken)) return admin;
  const listed = server.settings.tokens?.find((one) => same(token, one.token));
  return listed?.user ?? authenticator.serviceAccount?.(token, server);
}

/** @throws {ApiError} 401 with a token of no cluster of ours, and without any where nobody may be nameless. */
export function authenticate(
  authenticator: Authenticator,
  request: IncomingMessage,
  server: ApiServer,
): User {
  const header = request.headers.authorization ?? '';
  const [, token] = /^bearer (\S+)(?: |$)/i.exec(header.trim()) ?? [];
  if (token !== undefined) {
    const user = userOfToken(authenticator, token, server);
    if (user) return user;
    throw unauthorized();
  }
  const socket = request.socket as TLSSocket;
  const {subject, fingerprint256} = socket.getPeerCertificate();
  if (subject && !socket.authorized) throw unauthorized();
  if (subject) {
    const list = (value: string | string[] | undefined): string[] =>
      value === undefined ? [] : Array.isArray(value) ? value : [value];
    const [name] = list(subject?.CN);
    const id = `X509SHA256=${fingerprint256.replaceAll(':', '').toLowerCase()}`;
    const extra = {'authentication.kubernetes.io/credential-id': [id]};
    if (name) return {name, groups: [...list(subject.O), 'system:authenticated'], extra};
  }
  const {anonymous} = server.settings;
  const [path = ''] = (request.url ?? '').split('?');
  if (anonymous === true || (anonymous !== false && anonymous.includes(path)))
    return {name: 'system:anonymous', groups: ['system:unauthenticated']};
  throw unauthorized();
}

const all = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : (Array.isArray(value) ? value : value.split(',')).map((item) => item.trim());

/**
 * Who the request shall be made as: `--as`, `--as-group`.
 * @throws {ApiError} 403 when the caller may not impersonate.
 */
export function impersonate(user: User, headers: IncomingHttpHeaders, server: ApiServer): User {
  const name = all(headers['impersonate-user'])[0];
  const groups = all(headers['impersonate-group']);
  const uid = all(headers['impersonate-uid'])[0];
  if (!name) {
    if (groups.length === 0 && !uid) return user;
    throw forbidden(
      {plural: 'users', group: '', kind: ''},
      '',
      `requested ${JSON.stringify(groups)} without impersonating a user`,
    );
  }
  const [, namespace, account] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name) ?? [];
  const check = (resource: string, of: string, group = ''): void => {
    const isAccount = resource === 'serviceaccounts';
    const info: RequestInfo = {
      verb: 'impersonate',
      isResource: true,
      path: '',
      group,
      version: 'v1',
      namespace: isAccount ? (namespace ?? '') : '',
      resource,
      name: of,
      subresource: '',
      rest: '',
    };
    const denial = authorise(server, user, info);
    if (denial !== undefined) throw forbidden({plural: resource, group, kind: ''}, of, denial);
  };
  if (account) check('serviceaccounts', account);
  else check('users', name);
  for (const group of groups) check('groups', group);
  if (uid) check('uids', uid, 'authentication.k8s.io');
  const implied =
    account && groups.length === 0 ? ['system:serviceaccounts', `system:serviceaccounts:${namespace}`] : [];
  const wanted = [...groups, ...implied];
  const authenticated = name === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated';
  if (!wanted.includes('system:authenticated') && !wanted.includes('system:unauthenticated'))
    wanted.push(authenticated);
  return {name, groups: wanted, ...(uid ? {uid} : {})};
}
