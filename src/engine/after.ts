import type {View} from './control.ts';
import {derive} from './derive.ts';
import type {Inventory} from './inventory.ts';
import type {Resource} from './objects.ts';
import {seenBy} from './scan.ts';
import type {Simulated} from './simulate.ts';
import type {Work} from './slices.ts';

const nothing: readonly Resource[] = [];

/**
 * An inventory as it would be after a change. It reads through to the inventory, which stays as it is: so a forecast
 * over many objects can pause at any point, and be dropped.
 */
export class InventoryAfter implements View {
  readonly #inventory: Inventory;
  /** By key; undefined: gone. */
  readonly #touched = new Map<string, Resource | undefined>();
  readonly #ids = new Map<string, Resource[]>();
  /** Kinds, and `kind/namespace`, whose lists differ, with what is new in them. */
  readonly #made = new Map<string, Resource[]>();
  readonly #lists = new Map<string, readonly Resource[]>();
  /** Keys of what changes, per kind, derived ones too. */
  readonly #changed = new Map<string, Set<string>>();
  /** The look-ups that what changes answers now, or would answer. */
  readonly seen = new Set<string>();

  private constructor(inventory: Inventory) {
    this.#inventory = inventory;
  }

  static *of(inventory: Inventory, {set, removed}: Simulated): Work<InventoryAfter> {
    const after = new InventoryAfter(inventory);
    for (const key of removed) after.#put(key, nothing);
    for (const resource of set) {
      after.#put(resource.key, [resource, ...derive(resource)]);
      yield;
    }
    return after;
  }

  /** Keys of what changes of a kind: what a rescan would be told. */
  changedOf(kind: string): Iterable<string> {
    return this.#changed.get(kind) ?? [];
  }

  byKey(key: string): Resource | undefined {
    return this.#touched.has(key) ? this.#touched.get(key) : this.#inventory.byKey(key);
  }

  get(kind: string, namespace: string, name: string): Resource | undefined {
    const id = `${kind}/${namespace}/${name}`;
    const made = this.#ids.get(id);
    if (made === undefined) return this.#inventory.get(kind, namespace, name);
    for (const resource of this.#inventory.sameId(id)) {
      if (!this.#touched.has(resource.key)) return resource;
    }
    return made[0];
  }

  list(kind: string, namespace?: string): readonly Resource[] {
    const listKey = namespace === undefined ? kind : `${kind}/${namespace}`;
    const made = this.#made.get(listKey);
    if (made === undefined) return this.#inventory.list(kind, namespace);
    const known = this.#lists.get(listKey);
    if (known) return known;
    const kept = this.#inventory.list(kind, namespace).filter(({key}) => !this.#touched.has(key));
    const list = [...kept, ...made];
    this.#lists.set(listKey, list);
    return list;
  }

  gap(kind: string): string | undefined {
    return this.#inventory.gap(kind);
  }

  #put(key: string, made: readonly Resource[]): void {
    for (const old of this.#inventory.withDerived(key)) {
      this.#touched.set(old.key, undefined);
      this.#note(old, undefined);
    }
    for (const resource of made) {
      this.#touched.set(resource.key, resource);
      this.#note(resource, resource);
    }
  }

  #note(changed: Resource, made: Resource | undefined): void {
    const {id, kind, namespace} = changed;
    const keys = this.#changed.get(kind);
    if (keys) keys.add(changed.key);
    else this.#changed.set(kind, new Set([changed.key]));
    for (const one of seenBy(changed)) this.seen.add(one);
    for (const [map, at] of [
      [this.#ids, id],
      [this.#made, kind],
      [this.#made, `${kind}/${namespace}`],
    ] as const) {
      const list = map.get(at) ?? [];
      if (made) list.push(made);
      map.set(at, list);
    }
  }
}
