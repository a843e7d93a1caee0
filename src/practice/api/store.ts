import type {JsonObject} from '../../engine/json.ts';
import {asObject, asString} from '../../engine/json.ts';
import type {AtRest} from './encryption/at-rest.ts';
import type {ChangeEvent, Stored, WatchType} from './machine.ts';

/** How many changes each resource remembers, for watches that resume. */
const historyLength = 2000;

type Table = {
  readonly objects: Map<string, Stored>;
  readonly history: Revision[];
  /** Changes up to this revision are forgotten. */
  compacted: number;
  sorted: readonly Stored[] | undefined;
  bytes: number;
};

export type Revision = ChangeEvent & {readonly revision: number};

/** What is written to disk for one change. */
export type Entry =
  | {readonly revision: number; readonly resource: string; readonly object: Stored}
  | {readonly revision: number; readonly resource: string; readonly removed: string};

export const storeKey = (namespace: string, name: string): string => `${namespace}/${name}`;
export const keyOf = (object: JsonObject): string => {
  const metadata = asObject(object.metadata);
  return storeKey(asString(metadata.namespace), asString(metadata.name));
};
export const revisionOf = (object: JsonObject): number =>
  Number(asString(asObject(object.metadata).resourceVersion));

/** All objects in memory, under one sequence of revisions. Objects are never changed in place. */
export class Store {
  #revision: number;
  readonly #tables = new Map<string, Table>();
  readonly #listeners = new Set<(change: Revision) => void>();
  readonly #pending: Revision[] = [];
  #draining = false;
  readonly #record: (entry: Entry) => void;
  /** What the disk holds of each object, where that is not the object itself. */
  atRest: AtRest | undefined;

  /** @param record Called for every change before anyone hears of it. */
  constructor(
    record: (entry: Entry) => void,
    revision = 1,
    objects: Iterable<readonly [string, Stored]> = [],
  ) {
    this.#record = record;
    this.#revision = revision;
    for (const [resource, object] of objects) this.#table(resource).objects.set(keyOf(object), object);
  }

  get revision(): number {
    return this.#revision;
  }

  get(resource: string, namespace: string, name: string): Stored | undefined {
    return this.#tables.get(resource)?.objects.get(storeKey(namespace, name));
  }

  count(resource: string): number {
    return this.#tables.get(resource)?.objects.size ?? 0;
  }

  /** In the order of namespace and name. */
  list(resource: string, namespace = ''): readonly Stored[] {
    const table = this.#tables.get(resource);
    if (!table) return [];
    table.sorted ??= [...table.objects].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
    return namespace
      ? table.sorted.filter((object) => object.metadata.namespace === namespace)
      : table.sorted;
  }

  resources(): readonly string[] {
    return [...this.#tables.keys()];
  }

  /** The revision that the next change will have: an object carries it before it is put. */
  get next(): number {
    return this.#revision + 1;
  }

  /** Adds or replaces an object, whose resourceVersion must be `next`. */
  put(resource: string, object: Stored): void {
    const revision = this.next;
    if (revisionOf(object) !== revision)
      throw new Error(`${resource}: the object's revision is not the next one.`);
    const table = this.#table(resource);
    const key = keyOf(object);
    const previous = table.objects.get(key);
    this.#revision = revision;
    this.#record({revision, resource, object});
    table.objects.set(key, object);
    this.#changed(table, {type: previous ? 'MODIFIED' : 'ADDED', resource, object, previous, revision});
  }

  /** Removes an object. @param last As watchers see it, with the revision `next`. */
  remove(resource: string, last: Stored): void {
    const revision = this.next;
    const table = this.#table(resource);
    const key = keyOf(last);
    const previous = table.objects.get(key);
    this.#revision = revision;
    this.#record({revision, resource, removed: key});
    table.objects.delete(key);
    this.#changed(table, {type: 'DELETED' satisfies WatchType, resource, object: last, previous, revision});
  }

  /** Takes a revision without an object: a kind that is gone leaves the watches nothing to resume from. */
  drop(resource: string): void {
    for (const object of this.list(resource))
      this.remove(resource, {...object, metadata: {...object.metadata, resourceVersion: String(this.next)}});
    this.#tables.delete(resource);
  }

  /** Changes after a revision, oldest first; undefined when some of them are forgotten. */
  since(resource: string, revision: number): readonly Revision[] | undefined {
    const table = this.#table(resource);
    if (revision < table.compacted) return undefined;
    const {history} = table;
    let start = history.length;
    while (start > 0 && history[start - 1]!.revision > revision) start -= 1;
    return history.slice(start);
  }

  /** Called after each change, in order; changes made by a listener are told after those before. */
  subscribe(listener: (change: Revision) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #table(resource: string): Table {
    let table = this.#tables.get(resource);
    if (!table) {
      table = {objects: new Map(), history: [], compacted: this.#revision, sorted: undefined, bytes: 0};
      this.#tables.set(resource, table);
    }
    return table;
  }

  #changed(table: Table, change: Revision): void {
    if (change.type === 'MODIFIED' && table.sorted && change.previous) {
      const {sorted} = table;
      const index = sorted.indexOf(change.previous);
      table.sorted = sorted.with(index, change.object);
    } else table.sorted = undefined;
    table.history.push(change);
    if (table.history.length > historyLength * 1.5) {
      const forgotten = table.history.splice(0, table.history.length - historyLength);
      table.compacted = forgotten.at(-1)!.revision;
    }
    this.#pending.push(change);
    if (this.#draining) return;
    this.#draining = true;
    try {
      for (let next = this.#pending.shift(); next; next = this.#pending.shift()) {
        for (const listener of [...this.#listeners]) listener(next);
      }
    } finally {
      this.#draining = false;
    }
  }
}
