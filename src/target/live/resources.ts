import {asArray, asObject, asString} from '../../engine/json.ts';
import {apiVersionOf, groupOf, type KindInfo, kindInfo} from '../../engine/kinds.ts';
import type {Ref} from '../../engine/objects.ts';
import {TargetError} from '../target.ts';
import type {KubeClient} from './client.ts';

/** Path of a kind's objects, of one namespace or of all. */
export function listPath({group, version, resource, namespaced}: KindInfo, namespace?: string): string {
  const root = group ? `/apis/${group}/${version}` : `/api/${version}`;
  return namespaced && namespace
    ? `${root}/namespaces/${encodeURIComponent(namespace)}/${resource}`
    : `${root}/${resource}`;
}

export const objectPath = (info: KindInfo, namespace: string, name: string): string =>
  `${listPath(info, namespace)}/${encodeURIComponent(name)}`;

/** How kinds are called in the API: those that we know, and the others as the server tells (asked once per API group). */
export class Resources {
  readonly #client: KubeClient;
  readonly #discovered = new Map<string, Promise<ReadonlyMap<string, KindInfo>>>();

  constructor(client: KubeClient) {
    this.#client = client;
  }

  /** @throws {TargetError} `unsupported`: the server has no such kind. */
  async of({apiVersion, kind}: {readonly apiVersion: string; readonly kind: string}): Promise<KindInfo> {
    const known = kindInfo(kind);
    if (known && apiVersionOf(known) === apiVersion) return known;
    const info = (await this.#discover(apiVersion)).get(kind);
    if (info) return info;
    throw new TargetError(
      'unsupported',
      `${this.#client.who.name} has no kind ${kind} in ${apiVersion || 'v1'}.`,
      ['Its version of Kubernetes is too old or too new for this, or the API is not installed.'],
    );
  }

  async path(ref: Ref): Promise<string> {
    return objectPath(await this.of(ref), ref.namespace, ref.name);
  }

  #discover(apiVersion: string): Promise<ReadonlyMap<string, KindInfo>> {
    const known = this.#discovered.get(apiVersion);
    if (known) return known;
    const group = groupOf(apiVersion);
    const asked = this.#client
      .send({path: group ? `/apis/${apiVersion}` : `/api/${apiVersion}`})
      .then(({status, body}) => {
        const found = new Map<string, KindInfo>();
        const version = apiVersion.split('/').at(-1) ?? apiVersion;
        for (const item of status === 200 ? asArray(asObject(body).resources) : []) {
          const {name, kind, namespaced} = asObject(item);
          const resource = asString(name);
          if (resource.includes('/')) continue;
          found.set(asString(kind), {
            kind: asString(kind),
            group,
            version,
            resource,
            namespaced: namespaced === true,
          });
        }
        if (status !== 200) this.#discovered.delete(apiVersion);
        return found;
      });
    this.#discovered.set(apiVersion, asked);
    asked.catch(() => this.#discovered.delete(apiVersion));
    return asked;
  }
}

/** `NetworkPolicies`: a kind as people name many of it. */
export const pluralOf = (kind: string): string =>
  /[^aeiou]y$/.test(kind)
    ? `${kind.slice(0, -1)}ies`
    : /(s|x|ch)$/.test(kind)
      ? kind === 'PodMetrics'
        ? kind
        : `${kind}es`
      : `${kind}s`;

/** `networkpolicies.networking.k8s.io`, as RBAC rules and kubectl name it. */
export const resourceName = ({resource, group}: KindInfo): string =>
  group ? `${resource}.${group}` : resource;
