import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {parse} from 'yaml';
import {seeded} from '../../bench/inputs.ts';
import type {Inventory} from '../../src/engine/inventory.ts';
import {asArray, asObject, asString, type Json, type JsonObject} from '../../src/engine/json.ts';
import {kubeletResource} from '../../src/engine/kubelet.ts';
import {type Resource, resourceOf} from '../../src/engine/objects.ts';
import {readManifests} from '../../src/practice/api/scenario.ts';

const home = join(import.meta.dirname, '../../src/practice/scenarios/home');

/** The practice cluster's objects with its nodes' kubelets and static pods, again and again under other names. */
export async function realObjects(count: number): Promise<readonly Resource[]> {
  const objects = (await readManifests(home)).map(({object}) => object);
  const resources: Resource[] = [];
  for (const node of readdirSync(join(home, 'nodes'))) {
    const folder = join(home, 'nodes', node);
    const read = (path: string): JsonObject => asObject(parse(readFileSync(path, 'utf8')) as Json);
    resources.push(kubeletResource(node, read(join(folder, 'var/lib/kubelet/config.yaml')), 'configz'));
    const manifests = join(folder, 'etc/kubernetes/manifests');
    if (node === 'rpi-1') objects.push(...readdirSync(manifests).map((name) => read(join(manifests, name))));
  }
  resources.push(...objects.map((object) => resourceOf(object)));
  for (let copy = 1; resources.length < count; copy += 1) {
    for (const object of objects) {
      // Cluster-scoped roles and their bindings stay one; each copy has namespaces of its own.
      if (resources.length < count) resources.push(resourceOf(renamed(object, copy)));
    }
  }
  return resources;
}

function renamed(object: JsonObject, copy: number): JsonObject {
  const metadata = asObject(object.metadata);
  const name = asString(metadata.name);
  if (object.kind === 'Namespace') return {...object, metadata: {...metadata, name: `${name}-${copy}`}};
  const {namespace} = metadata;
  if (namespace === undefined) return {...object, metadata: {...metadata, name: `${name}-${copy}`}};
  return {...object, metadata: {...metadata, namespace: `${asString(namespace)}-${copy}`}};
}

/** Changes an inventory at random, the same for the same seed: fields cross over, go and come; objects too. */
export class Mutator {
  readonly #random: () => number;
  readonly #inventory: Inventory;
  readonly #keys: string[];
  readonly #byKind = new Map<string, readonly Resource[]>();
  readonly #gone: Resource[] = [];

  constructor(inventory: Inventory, resources: readonly Resource[], seed: number) {
    this.#inventory = inventory;
    this.#random = seeded(seed);
    this.#keys = resources.map(({key}) => key);
    for (const resource of resources) {
      this.#byKind.set(resource.kind, [...(this.#byKind.get(resource.kind) ?? []), resource]);
    }
  }

  /** One change. Returns the resources that it touched, as the inventory tells them. */
  step(): readonly Resource[] {
    const dice = this.#random();
    const back = dice < 0.1 ? this.#gone.pop() : undefined;
    if (back) return this.#inventory.set(back);
    const resource = this.#pickResource();
    if (resource === undefined) return [];
    if (dice < 0.2) {
      this.#gone.push(resource);
      return this.#inventory.delete(resource.key);
    }
    const donor = this.#pick(this.#byKind.get(resource.kind) ?? [])?.object ?? {};
    const object = this.#cross(resource.object, donor, 0);
    return this.#inventory.set({...resource, object});
  }

  /** Every kind has the same chance: there are few namespaces, and much depends on them. */
  #pickResource(): Resource | undefined {
    if (this.#random() < 0.5) return this.#inventory.byKey(this.#pick(this.#keys) ?? '');
    const kind = this.#pick([...this.#byKind.keys()]) ?? '';
    return this.#inventory.byKey(this.#pick(this.#byKind.get(kind) ?? [])?.key ?? '');
  }

  #pick<T>(items: readonly T[]): T | undefined {
    return items[Math.floor(this.#random() * items.length)];
  }

  /** One field somewhere gets the donor's value, or goes. Names stay: an identity does not change. */
  #cross(value: JsonObject, donor: JsonObject, depth: number): JsonObject {
    const names = [...new Set([...Object.keys(value), ...Object.keys(donor)])].filter(
      (name) => !['apiVersion', 'kind', 'name', 'namespace', 'node'].includes(name) || depth > 1,
    );
    const name = this.#pick(names);
    if (name === undefined) return value;
    const [own, other] = [value[name], donor[name]];
    if (this.#random() < 0.75 && typeof own === 'object' && own !== null) {
      return {...value, [name]: this.#inside(own, other ?? null, depth + 1)};
    }
    // Donors have what most have: a version, a role or a switch that none of them has makes the difference.
    if (this.#random() < 0.4 && own !== undefined && own !== null)
      return {...value, [name]: this.#twisted(own)};
    // Without these an object is none.
    if (other === undefined && (depth > 0 || !['metadata', 'spec'].includes(name))) {
      const {[name]: _, ...rest} = value;
      return rest;
    }
    return name === 'metadata' ? value : {...value, [name]: other ?? own ?? null};
  }

  #inside(own: Json, other: Json, depth: number): Json {
    if (!Array.isArray(own)) return this.#cross(asObject(own), asObject(other), depth);
    const index = Math.floor(this.#random() * own.length);
    const item = own[index];
    if (item === undefined) return asArray(other);
    if (this.#random() < 0.2) return own.toSpliced(index, 1);
    const donor = this.#pick(asArray(other)) ?? null;
    const isDeep = typeof item === 'object' && item !== null;
    return own.with(index, isDeep ? this.#inside(item, donor, depth + 1) : (donor ?? item));
  }

  #twisted(own: Json): Json {
    if (typeof own === 'boolean') return !own;
    if (typeof own === 'number') return this.#random() < 0.5 ? 0 : own + 1;
    if (typeof own === 'string') {
      const version = /^v1\.\d+/.exec(own);
      return version ? own.replace(version[0], `v1.${Math.floor(this.#random() * 40)}`) : `${own}-other`;
    }
    return Array.isArray(own) ? [] : {};
  }
}
