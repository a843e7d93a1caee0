import type {Agent, Dispatcher, ProxyAgent} from 'undici';
import {asObject, asString, isObject, type Json} from '../../engine/json.ts';
import {plainText} from '../../engine/text.ts';
import {connectionError, retryAfter, statusError, type Who} from '../errors.ts';
import type {ClusterAccess} from '../kubeconfig.ts';
import {TargetError} from '../target.ts';
import {type Authenticator, authenticatorOf, type Credentials, material} from './auth.ts';

export type Ask = {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** With leading slash: `/api/v1/pods`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Json;
  readonly contentType?: string;
  readonly accept?: string;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds without a byte after which it counts as lost. */
  readonly timeout?: number;
};

export type Reply = {readonly status: number; readonly body: Json; readonly warnings: readonly string[]};

export type ClientOptions = {
  /** Told when the server asks to wait: seconds. */
  readonly onWait?: (seconds: number) => void;
  /** Longest time to wait, in all, for a server that throttles one request, in seconds. */
  readonly patience?: number;
};

const defaultTimeout = 30_000;

/** Raw requests to one API server: lossless JSON, signed as the kubeconfig says, warnings collected. */
export class KubeClient {
  readonly who: Who;
  readonly #access: ClusterAccess;
  readonly #authenticator: Authenticator;
  readonly #options: ClientOptions;
  readonly #base: string;
  #agent: {readonly agent: Agent | ProxyAgent; readonly cert: string | undefined} | undefined;
  #certificate: string | undefined;
  #renewing: Promise<void> | undefined;

  constructor(name: string, access: ClusterAccess, options: ClientOptions = {}) {
    this.#access = access;
    this.#authenticator = authenticatorOf(access);
    this.#options = options;
    this.#base = asString(access.cluster.server).replace(/\/+$/, '');
    const client = this;
    this.who = {
      name,
      access,
      get certificate() {
        return client.#certificate;
      },
    };
  }

  /** The answer, whatever its status; 401 and 429 only when renewing and waiting did not help. @throws {TargetError} */
  async send(ask: Ask): Promise<Reply> {
    const {patience = 60} = this.#options;
    let waited = 0;
    let renewed = false;
    for (;;) {
      const response = await this.#request(ask);
      if (response.statusCode === 401 && !renewed) {
        renewed = true;
        await discard(response);
        await this.#renew();
        continue;
      }
      if (response.statusCode === 429) {
        const seconds = retryAfter(header(response, 'retry-after')) ?? 1;
        if (waited + seconds <= patience) {
          await discard(response);
          waited += Math.max(seconds, 0.1);
          this.#options.onWait?.(seconds);
          await pause(Math.max(seconds, 0.1) * 1000, ask.signal);
          continue;
        }
      }
      return {status: response.statusCode, body: await this.#body(response), warnings: warningsOf(response)};
    }
  }

  /** The body of an answer below 400. `doing` is for the sentence: `list Pods`. @throws {TargetError} */
  async get(ask: Ask, doing: string): Promise<Json> {
    const {status, body} = await this.send(ask);
    if (status >= 400) throw statusError(this.who, status, body, doing);
    return body;
  }

  /** An answer of 400 or more as sentences. `doing` is what was tried: `list Pods`. */
  failure({status, body}: Reply, doing: string): TargetError {
    return statusError(this.who, status, body, doing);
  }

  /** The same problem, with how often it was tried. */
  unreachable(error: TargetError, tries: number, seconds: number): unknown {
    return connectionError(this.who, error.cause, tries, seconds);
  }

  /** Lines of JSON as they arrive, until the server ends them. @throws {TargetError} */
  async *lines(ask: Ask, doing: string): AsyncGenerator<Json> {
    let response = await this.#request(ask);
    if (response.statusCode === 401) {
      await discard(response);
      await this.#renew();
      response = await this.#request(ask);
    }
    if (response.statusCode >= 400) {
      throw statusError(this.who, response.statusCode, await this.#body(response), doing);
    }
    const decoder = new TextDecoder();
    let rest = '';
    try {
      for await (const chunk of response.body) {
        rest += decoder.decode(chunk, {stream: true});
        const parts = rest.split('\n');
        rest = parts.pop() ?? '';
        for (const part of parts) if (part) yield this.#parse(part, doing);
      }
    } catch (error) {
      throw this.#explain(error, ask.signal);
    }
  }

  #parse(line: string, doing: string): Json {
    try {
      return JSON.parse(line) as Json;
    } catch (cause) {
      throw new TargetError('server', `${this.who.name} answered to ${doing} with what is no JSON.`, [], {
        cause,
      });
    }
  }

  async close(): Promise<void> {
    await this.#agent?.agent.destroy();
    this.#agent = undefined;
  }

  async #request({method = 'GET', path, query, body, contentType, accept, signal, timeout}: Ask) {
    const credentials = await this.#authenticator.credentials(false);
    const search = query === undefined ? '' : `?${new URLSearchParams(query)}`;
    const {request} = await import('undici');
    const headers: Record<string, string | string[]> = {
      accept: accept ?? 'application/json',
      'user-agent': 'kubekata',
      ...credentials.headers,
    };
    if (body !== undefined) headers['content-type'] = contentType ?? 'application/json';
    try {
      return await request(`${this.#base}${path}${search}`, {
        dispatcher: await this.#dispatcher(credentials),
        method,
        headers,
        headersTimeout: timeout ?? defaultTimeout,
        bodyTimeout: timeout ?? defaultTimeout,
        ...(body === undefined ? {} : {body: JSON.stringify(body)}),
        ...(signal === undefined ? {} : {signal}),
      });
    } catch (error) {
      throw this.#explain(error, signal);
    }
  }

  async #body(response: Dispatcher.ResponseData): Promise<Json> {
    try {
      const text = await response.body.text();
      try {
        return JSON.parse(text) as Json;
      } catch {
        return text;
      }
    } catch (error) {
      throw this.#explain(error, undefined);
    }
  }

  #explain(error: unknown, signal: AbortSignal | undefined): unknown {
    return signal?.aborted ? signal.reason : connectionError(this.who, error);
  }

  /** Requests that find out at once that they are not known any more share one renewal. */
  #renew(): Promise<void> {
    this.#renewing ??= this.#authenticator
      .credentials(true)
      .then(() => undefined)
      .finally(() => {
        this.#renewing = undefined;
      });
    return this.#renewing;
  }

  async #dispatcher({cert, key}: Credentials): Promise<Dispatcher> {
    if (this.#agent && this.#agent.cert === cert) return this.#agent.agent;
    const {Agent, ProxyAgent} = await import('undici');
    if (this.#agent && this.#agent.cert === cert) return this.#agent.agent;
    const {cluster} = this.#access;
    const ca = material(cluster, 'certificate-authority');
    const tls = {
      ...(ca === undefined ? {} : {ca}),
      ...(cert === undefined ? {} : {cert, key}),
      ...(cluster['insecure-skip-tls-verify'] === true ? {rejectUnauthorized: false} : {}),
      ...(asString(cluster['tls-server-name']) ? {servername: asString(cluster['tls-server-name'])} : {}),
    };
    const proxy = asString(cluster['proxy-url']) || environmentProxy(this.#base);
    const shared = {allowH2: false, keepAliveTimeout: 30_000, pipelining: 1} as const;
    const agent = proxy
      ? new ProxyAgent({uri: proxy, requestTls: tls, ...shared})
      : new Agent({
          ...shared,
          connect: {...tls, timeout: 10_000, keepAlive: true, keepAliveInitialDelay: 30_000},
        });
    const old = this.#agent;
    this.#agent = {agent, cert};
    this.#certificate = cert;
    void old?.agent.close();
    return agent;
  }
}

/** The proxy of the environment, as kubectl takes it; never for this machine itself. */
function environmentProxy(server: string, environment: NodeJS.ProcessEnv = process.env): string {
  const {hostname, protocol} = new URL(server);
  if (hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')) return '';
  const except = (environment.NO_PROXY ?? environment.no_proxy ?? '').split(',').map((one) => one.trim());
  const isExcept = except.some(
    (one) =>
      one === '*' ||
      (one &&
        (hostname === one.replace(/^\./, '') || hostname.endsWith(one.startsWith('.') ? one : `.${one}`))),
  );
  if (isExcept) return '';
  return (
    (protocol === 'https:'
      ? (environment.HTTPS_PROXY ?? environment.https_proxy)
      : (environment.HTTP_PROXY ?? environment.http_proxy)) ?? ''
  );
}

const header = (response: Dispatcher.ResponseData, name: string): string | undefined => {
  const value = response.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
};

/** `299 - "text"`, several of them, quotes escaped. */
function warningsOf(response: Dispatcher.ResponseData): readonly string[] {
  // Headers arrive byte by byte; the server writes them in UTF-8.
  const text = Buffer.from(header(response, 'warning') ?? '', 'latin1').toString('utf8');
  const found = text.matchAll(/\b\d{3} \S+ "((?:[^"\\]|\\.)*)"/g);
  return [...new Set([...found].map(([, said]) => plainText((said ?? '').replace(/\\(.)/g, '$1'))))];
}

async function discard(response: Dispatcher.ResponseData): Promise<void> {
  await response.body.dump().catch(() => undefined);
}

/** Waits, and throws the reason of an abort at once. */
export function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', stop, {once: true});
  });
}

/** The uid, or the empty string. */
export const uidOf = (object: Json | undefined): string => asString(asObject(asObject(object).metadata).uid);
export const versionOf = (object: Json | undefined): string =>
  asString(asObject(asObject(object).metadata).resourceVersion);
export const isStatus = (body: Json): boolean => isObject(body) && body.kind === 'Status';
