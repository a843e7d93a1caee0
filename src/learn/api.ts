import {asArray, asObject, asString, isObject, type Json, type JsonObject} from '../engine/json.ts';
import {groupOf} from '../engine/kinds.ts';

export type Request = {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Json;
  readonly contentType?: string;
  readonly signal?: AbortSignal | undefined;
};
export type Answer = {readonly status: number; readonly body: Json};

/** Raw requests to one API server; the client of a live target is one. */
export interface Api {
  send(request: Request): Promise<Answer>;
}

/** Names an object of a drill; the namespace is empty for cluster-scoped kinds. */
export type ObjectRef = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
};

type Resource = {readonly name: string; readonly namespaced: boolean};

/** Objects of any kind that the server knows, by the paths of its discovery. */
export class Objects {
  readonly api: Api;
  readonly #known = new Map<string, Promise<ReadonlyMap<string, Resource>>>();

  constructor(api: Api) {
    this.api = api;
  }

  /** Path of one object, or of all of a kind, in one namespace or (empty) all; undefined where the server has no such kind. */
  async path(apiVersion: string, kind: string, namespace = '', name = ''): Promise<string | undefined> {
    const resource = await this.#resource(apiVersion, kind);
    if (resource === undefined) return undefined;
    const inNamespace = resource.namespaced && namespace ? `/namespaces/${namespace}` : '';
    return `${rootOf(apiVersion)}${inNamespace}/${resource.name}${name && `/${name}`}`;
  }

  async isNamespaced(apiVersion: string, kind: string): Promise<boolean> {
    return (await this.#resource(apiVersion, kind))?.namespaced ?? false;
  }

  /** The object, undefined where it (or its kind) is not there. @throws what the API says else. */
  async get(ref: ObjectRef, signal?: AbortSignal): Promise<JsonObject | undefined> {
    const path = await this.path(ref.apiVersion, ref.kind, ref.namespace, ref.name);
    if (path === undefined) return undefined;
    const {status, body} = await this.api.send({path, signal});
    if (status === 404) return undefined;
    if (status >= 400) throw new ApiProblem(`get ${ref.kind} ${ref.name}`, status, body);
    return asObject(body);
  }

  /** All objects of a kind; none where the kind is not there. */
  async list(
    apiVersion: string,
    kind: string,
    namespace = '',
    query: Readonly<Record<string, string>> = {},
    signal?: AbortSignal,
  ): Promise<readonly JsonObject[]> {
    const path = await this.path(apiVersion, kind, namespace);
    if (path === undefined) return [];
    const {status, body} = await this.api.send({path, query, signal});
    if (status === 404) return [];
    if (status >= 400) throw new ApiProblem(`list ${kind}`, status, body);
    return asArray(asObject(body).items).map((item) => ({apiVersion, kind, ...asObject(item)}));
  }

  /** Kinds that did not exist a moment ago may exist now. */
  forget(): void {
    this.#known.clear();
  }

  async #resource(apiVersion: string, kind: string): Promise<Resource | undefined> {
    let known = this.#known.get(apiVersion);
    if (known === undefined) {
      known = this.#discover(apiVersion);
      this.#known.set(apiVersion, known);
      // A server that did not answer is asked again the next time.
      known.catch(() => this.#known.delete(apiVersion));
    }
    const found = (await known).get(kind);
    // A kind of a definition that a drill brings along: asked for again the next time.
    if (found === undefined) this.#known.delete(apiVersion);
    return found;
  }

  async #discover(apiVersion: string): Promise<ReadonlyMap<string, Resource>> {
    const {status, body} = await this.api.send({path: rootOf(apiVersion)});
    const found = new Map<string, Resource>();
    if (status >= 400) return found;
    for (const item of asArray(asObject(body).resources)) {
      const {name, kind, namespaced} = asObject(item);
      if (!asString(name).includes('/'))
        found.set(asString(kind), {name: asString(name), namespaced: namespaced === true});
    }
    return found;
  }
}

const rootOf = (apiVersion: string): string =>
  groupOf(apiVersion) ? `/apis/${apiVersion}` : `/api/${apiVersion}`;

/** An answer that was not expected, as a sentence. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  constructor(doing: string, status: number, body: Json) {
    super(`The API server refused to ${doing}: ${messageOf(body) || `status ${status}`}`);
    this.status = status;
  }
}

export const messageOf = (body: Json): string => (isObject(body) ? asString(body.message) : String(body));
