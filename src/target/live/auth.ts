import {readFileSync} from 'node:fs';
import {asArray, asObject, asString, type Json, type JsonObject} from '../../engine/json.ts';
import {execError, fileError} from '../errors.ts';
import type {ClusterAccess} from '../kubeconfig.ts';

/** What a request is signed with. */
export type Credentials = {
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly cert?: string;
  readonly key?: string;
};

export type Authenticator = {
  /** Credentials that hold now. `renew` asks for new ones: the server does not take the last. @throws {TargetError} */
  credentials(renew: boolean): Promise<Credentials>;
};

const tokenLifetime = 60_000;

/** Signs in as the user of a context says. Exec plugins and the old auth providers run through client-node. */
export const authenticatorOf = (access: ClusterAccess): Authenticator =>
  access.user.exec !== undefined || access.user['auth-provider'] !== undefined
    ? pluginAuthenticator(access)
    : staticAuthenticator(access);

/** Bytes in the kubeconfig (base64) or in a file beside it. @throws {TargetError} */
export function material(holder: JsonObject, field: string): string | undefined {
  const data = asString(holder[`${field}-data`]);
  if (data) return Buffer.from(data, 'base64').toString('utf8');
  const file = asString(holder[field]);
  return file ? readText(file) : undefined;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw fileError(file, cause);
  }
}

function staticAuthenticator({user}: ClusterAccess): Authenticator {
  let known: {at: number; value: Credentials} | undefined;
  const tokenFile = asString(user.tokenFile);
  return {
    async credentials(renew) {
      const isFresh = known && (!tokenFile || Date.now() - known.at < tokenLifetime);
      if (known && isFresh && !renew) return known.value;
      known = {at: Date.now(), value: readCredentials(user, tokenFile)};
      return known.value;
    },
  };
}

function readCredentials(user: JsonObject, tokenFile: string): Credentials {
  const token = tokenFile ? readText(tokenFile).trim() : asString(user.token);
  const cert = material(user, 'client-certificate');
  const key = material(user, 'client-key');
  const headers: Record<string, string | string[]> = impersonation(user);
  if (token) headers.authorization = `Bearer ${token}`;
  else if (typeof user.username === 'string') {
    const pair = Buffer.from(`${user.username}:${asString(user.password)}`).toString('base64');
    headers.authorization = `Basic ${pair}`;
  }
  return {headers, ...(cert && key ? {cert, key} : {})};
}

/** Acting as someone else is all or nothing: who leaves the groups out acts as another one. */
function impersonation(user: JsonObject): Record<string, string | string[]> {
  const as = asString(user.as);
  if (!as) return {};
  const groups = asArray(user['as-groups']).map((group) => asString(group));
  const extra = Object.entries(asObject(user['as-user-extra'])).map(([name, values]) => [
    `impersonate-extra-${encodeURIComponent(name.toLowerCase())}`,
    asArray(values).map((value) => asString(value)),
  ]);
  const uid = asString(user['as-uid']);
  return {
    'impersonate-user': as,
    ...(uid ? {'impersonate-uid': uid} : {}),
    ...(groups.length > 0 ? {'impersonate-group': groups} : {}),
    ...Object.fromEntries(extra),
  };
}

function pluginAuthenticator(access: ClusterAccess): Authenticator {
  const make = async () => {
    const {KubeConfig} = await import('@kubernetes/client-node');
    const config = new KubeConfig();
    const {name, cluster, user} = access.context;
    config.loadFromString(
      JSON.stringify({
        clusters: [{name: cluster, cluster: access.cluster}],
        users: [{name: user, user: withExecInfo(access)}],
        contexts: [{name, context: {cluster, user}}],
        'current-context': name,
      }),
    );
    return config;
  };
  let config: ReturnType<typeof make> | undefined;
  return {
    async credentials(renew) {
      if (renew) config = undefined;
      config ??= make();
      const options: {headers?: Record<string, Json>; cert?: unknown; key?: unknown} = {};
      try {
        await (await config).applyToHTTPSOptions(options);
      } catch (cause) {
        config = undefined;
        throw execError(access, cause);
      }
      const headers = impersonation(access.user);
      for (const [name, value] of Object.entries(options.headers ?? {}))
        headers[name.toLowerCase()] = String(value);
      return {
        headers,
        ...(options.cert && options.key ? {cert: String(options.cert), key: String(options.key)} : {}),
      };
    },
  };
}

/** Plugins are told about the request by KUBERNETES_EXEC_INFO, as kubectl does and client-node does not. */
function withExecInfo({user, cluster}: ClusterAccess): JsonObject {
  if (user.exec === undefined) return user;
  const exec = asObject(user.exec);
  const server = {
    server: asString(cluster.server),
    'certificate-authority-data': cluster['certificate-authority-data'],
  };
  const info = {
    apiVersion: asString(exec.apiVersion),
    kind: 'ExecCredential',
    spec: {interactive: false, ...(exec.provideClusterInfo === true ? {cluster: server} : {})},
  };
  const env = [...asArray(exec.env), {name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify(info)}];
  return {...user, exec: {...exec, env}};
}
