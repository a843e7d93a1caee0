import type {View} from './control.ts';
import {derive} from './derive.ts';
import type {Resource} from './objects.ts';

/** Why a kind could not be read whole, and what would help. */
export type Gap = {
  /** A full sentence. */
  readonly reason: string;
  /** `list pods`: the permission that is missing, if that is it. */
  readonly permission?: string;
};

const nothing: readonly Resource[] = [];

/**
 * The objects of a target, indexed by kind, namespace and name, with what could be read of them. It changes in
 * place: a cluster has many objects, and one event touches one of them.
 */
export class Inventory implements View {
  readonly #byKey = new Map<string, Resource>();
  readonly #byId = new Map<string, Map<string, Resource>>();
  readonly #byKind = new Map<string, Map<string, Map<string, Resource>>>();
  readonly #lists = new Map<string, readonly Resource[]>();
  readonly #derived = new Map<string, readonly Resource[]>();
  readonly #gaps = new Map<string, Gap>();
  readonly #unreadable = new Map<string, string>();
  #scope: readonly string[] | undefined;

  constructor(resources: Iterable<Resource> = []) {
    for (const resource of resources) this.set(resource);
  }

  /** Number of objects, derived ones not counted. */
  get size(): number {
    let derived = 0;
    for (const list of this.#derived.values()) derived += list.length;
    return this.#byKey.size - derived;
  }

  /** The same objects and gaps, to be changed on their own. */
  copy(): Inventory {
    const derived = new Set([...this.#derived.values()].flat().map(({key}) => key));
    const copy = new Inventory([...this.#byKey.values()].filter(({key}) => !derived.has(key)));
    for (const [kind, gap] of this.#gaps) copy.setGap(kind, gap);
    for (const [source, message] of this.#unreadable) copy.setUnreadable(source, message);
    copy.setScope(this.#scope);
    return copy;
  }

  get(kind: string, namespace: string, name: string): Resource | undefined {
    return this.#byId.get(`${kind}/${namespace}/${name}`)?.values().next().value;
  }

  byKey(key: string): Resource | undefined {
    return this.#byKey.get(key);
  }

  /** All with this id: on disk several documents may describe one object. */
  sameId(id: string): Iterable<Resource> {
    return this.#byId.get(id)?.values() ?? nothing;
  }

  /** An object and what is derived from it; nothing where it is not there. */
  withDerived(key: string): readonly Resource[] {
    const resource = this.#byKey.get(key);
    return resource === undefined ? nothing : [resource, ...(this.#derived.get(key) ?? nothing)];
  }

  list(kind: string, namespace?: string): readonly Resource[] {
    const listKey = namespace === undefined ? kind : `${kind}/${namespace}`;
    const known = this.#lists.get(listKey);
    if (known) return known;
    const spaces = this.#byKind.get(kind);
    if (spaces === undefined) return nothing;
    const list =
      namespace === undefined
        ? [...spaces.values()].flatMap((keys) => [...keys.values()])
        : [...(spaces.get(namespace)?.values() ?? nothing)];
    this.#lists.set(listKey, list);
    return list;
  }

  kinds(): Iterable<string> {
    return this.#byKind.keys();
  }

  gap(kind: string): string | undefined {
    return this.#gaps.get(kind)?.reason;
  }

  gaps(): ReadonlyMap<string, Gap> {
    return this.#gaps;
  }

  setGap(kind: string, gap: Gap | undefined): void {
    if (gap === undefined) this.#gaps.delete(kind);
    else this.#gaps.set(kind, gap);
  }

  /** Files, or parts of a target, that could not be read: place to message. */
  unreadable(): ReadonlyMap<string, string> {
    return this.#unreadable;
  }

  setUnreadable(source: string, message: string | undefined): void {
    if (message === undefined) this.#unreadable.delete(source);
    else this.#unreadable.set(source, message);
  }

  /** The namespaces that alone were to be read; undefined: all. */
  scope(): readonly string[] | undefined {
    return this.#scope;
  }

  setScope(namespaces: readonly string[] | undefined): void {
    this.#scope = namespaces;
  }

  /** Adds or replaces an object. Returns every resource that changed: itself, and what is derived from it. */
  set(resource: Resource): readonly Resource[] {
    const changed = this.delete(resource.key);
    const derived = derive(resource);
    this.#put(resource);
    for (const one of derived) this.#put(one);
    if (derived.length > 0) this.#derived.set(resource.key, derived);
    return [resource, ...derived, ...changed.filter((old) => !this.#byKey.has(old.key))];
  }

  /** Removes an object and what is derived from it. Returns what went. */
  delete(key: string): readonly Resource[] {
    const resource = this.#byKey.get(key);
    if (resource === undefined) return nothing;
    const derived = this.#derived.get(key) ?? nothing;
    this.#derived.delete(key);
    for (const one of [resource, ...derived]) this.#drop(one);
    return [resource, ...derived];
  }

  #put(resource: Resource): void {
    const {key, id, kind, namespace} = resource;
    this.#byKey.set(key, resource);
    getOrMake(this.#byId, id, newMap<Resource>).set(key, resource);
    getOrMake(getOrMake(this.#byKind, kind, newMap<Map<string, Resource>>), namespace, newMap<Resource>).set(
      key,
      resource,
    );
    this.#forgetLists(kind, namespace);
  }

  #drop({key, id, kind, namespace}: Resource): void {
    this.#byKey.delete(key);
    const same = this.#byId.get(id);
    same?.delete(key);
    if (same?.size === 0) this.#byId.delete(id);
    this.#byKind.get(kind)?.get(namespace)?.delete(key);
    this.#forgetLists(kind, namespace);
  }

  #forgetLists(kind: string, namespace: string): void {
    this.#lists.delete(kind);
    this.#lists.delete(`${kind}/${namespace}`);
  }
}

function getOrMake<V>(map: Map<string, V>, key: string, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

const newMap = <V>(): Map<string, V> => new Map<string, V>();
