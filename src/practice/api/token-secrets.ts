import {asObject, asString} from '../../engine/json.ts';
import {eventually} from './admission/asks.ts';
import type {Stored} from './machine.ts';
import type {ApiServer} from './server.ts';
import type {TokenSigner} from './service-account-token.ts';
import {issuer} from './service-account-token.ts';

const type = 'kubernetes.io/service-account-token';
const nameKey = 'kubernetes.io/service-account.name';
const uidKey = 'kubernetes.io/service-account.uid';
/** Such tokens do not end; a century comes near it. */
const century = 100 * 365 * 86_400;
const options = {user: 'system:serviceaccount:kube-system:tokens-controller'};

/** Fills Secrets of ServiceAccount tokens, and removes those whose account is gone. Returns what ends it. */
export function fillTokenSecrets(
  server: ApiServer,
  tokens: TokenSigner,
  certificate: string,
  onLog: (line: string) => void,
): () => void {
  const serve = (secret: Stored): void => {
    if (secret.type !== type || secret.metadata.deletionTimestamp) return;
    const {namespace = '', name = ''} = secret.metadata;
    const annotations = asObject(secret.metadata.annotations);
    const account = server.get('serviceaccounts', namespace, asString(annotations[nameKey]));
    const uid = asString(account?.metadata.uid);
    if (!account || (annotations[uidKey] !== undefined && annotations[uidKey] !== uid)) {
      server.delete('secrets', namespace, name, options);
      return;
    }
    const data = asObject(secret.data);
    if (data.token !== undefined && annotations[uidKey] !== undefined) return;
    const encode = (text: string): string => Buffer.from(text).toString('base64');
    const token = tokens.issue({namespace, name: account.metadata.name ?? '', uid}, [issuer], century);
    server.update(
      'secrets',
      {
        ...secret,
        metadata: {...secret.metadata, annotations: {...annotations, [uidKey]: uid}},
        data: {'ca.crt': encode(certificate), namespace: encode(namespace), token: encode(token), ...data},
      },
      options,
    );
  };
  const attempt = (secret: Stored): void => {
    try {
      eventually(() => serve(secret));
    } catch (error) {
      onLog(
        `the Secret ${secret.metadata.namespace}/${secret.metadata.name} got no token: ${(error as Error).message}`,
      );
    }
  };
  // An account and its Secret may come in one file, the Secret first.
  const soon = (secrets: readonly Stored[]): void => {
    for (const {metadata} of secrets)
      setTimeout(() => {
        const {namespace = '', name = ''} = metadata;
        const secret = server.get('secrets', namespace, name);
        if (secret) attempt(secret);
      }, 200).unref();
  };
  const isToken = (secret: Stored): boolean => secret.type === type;
  soon(server.list('secrets').filter(isToken));
  return server.subscribe(({resource, object, type: change}) => {
    if (resource === 'secrets' && change !== 'DELETED' && isToken(object)) soon([object]);
    if (resource === 'serviceaccounts')
      soon(server.list('secrets', object.metadata.namespace).filter(isToken));
  });
}
