import {
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  randomUUID,
  sign,
  verify,
} from 'node:crypto';
import {asArray, asObject, asString, type Json, type JsonObject} from '../../engine/json.ts';
import type {User} from './context.ts';
import type {ApiServer} from './server.ts';

export const issuer = 'https://kubernetes.default.svc.cluster.local';

const encode = (value: JsonObject): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export type TokenSubject = {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** The pod that the token is bound to. */
  readonly bound?: JsonObject;
};

/** Makes and reads tokens of ServiceAccounts: JSON Web Tokens, ES256. */
export class TokenSigner {
  readonly #private: KeyObject;
  readonly #public: KeyObject;
  readonly #id: string;

  /** @param key PEM */
  constructor(key: string) {
    this.#private = createPrivateKey(key);
    this.#public = createPublicKey(this.#private);
    const der = this.#public.export({format: 'der', type: 'spki'});
    this.#id = createHash('sha256').update(der).digest('base64url');
  }

  /** @param seconds How long it is valid. */
  issue({namespace, name, uid, bound}: TokenSubject, audiences: readonly string[], seconds: number): string {
    const now = Math.floor(Date.now() / 1000);
    const claims: JsonObject = {
      aud: audiences,
      exp: now + seconds,
      iat: now,
      iss: issuer,
      jti: randomUUID(),
      'kubernetes.io': {namespace, serviceaccount: {name, uid}, ...(bound ? {pod: bound} : {})},
      nbf: now,
      sub: `system:serviceaccount:${namespace}:${name}`,
    };
    const body = `${encode({alg: 'ES256', kid: this.#id})}.${encode(claims)}`;
    const signature = sign('sha256', Buffer.from(body), {key: this.#private, dsaEncoding: 'ieee-p1363'});
    return `${body}.${signature.toString('base64url')}`;
  }

  /** Whose token it is; undefined when it is none of ours, is out of date, or its account or pod is gone. */
  read(token: string, server: ApiServer): User | undefined {
    const [head, body, signature] = token.split('.');
    if (!head || !body || !signature) return undefined;
    const valid = verify(
      'sha256',
      Buffer.from(`${head}.${body}`),
      {key: this.#public, dsaEncoding: 'ieee-p1363'},
      Buffer.from(signature, 'base64url'),
    );
    if (!valid) return undefined;
    const claims = asObject(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as Json);
    if (Number(claims.exp) * 1000 < Date.now() || !asArray(claims.aud).includes(issuer)) return undefined;
    const bound = asObject(claims['kubernetes.io']);
    const namespace = asString(bound.namespace);
    const {name, uid} = asObject(bound.serviceaccount);
    const account = server.get('serviceaccounts', namespace, asString(name));
    if (!account || account.metadata.uid !== uid) return undefined;
    const pod = asObject(bound.pod);
    if (pod.name && server.get('pods', namespace, asString(pod.name))?.metadata.uid !== pod.uid)
      return undefined;
    return {
      name: `system:serviceaccount:${namespace}:${asString(name)}`,
      uid: asString(uid),
      groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
      extra: {'authentication.kubernetes.io/credential-id': [`JTI=${asString(claims.jti)}`]},
    };
  }
}
