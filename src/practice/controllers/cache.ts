import type {ChangeEvent, Machine, Stored} from '../api/machine.ts';
import type {Obj} from './types.ts';

const none: ReadonlyMap<string, Obj> = new Map();
const adoptable: ReadonlySet<string> = new Set(['pods', 'replicasets.apps']);

/** What the controllers know of the cluster, kept by the machine's events; found by name, namespace, uid and owner. */
export class Cache {
  readonly #tables = new Map<string, Map<string, Map<string, Obj>>>();
  readonly #uids = new Map<string, Obj>();
  readonly #dependents = new Map<string, Map<string, Entry>>();
  /** Pods and ReplicaSets that nobody controls, by resource and namespace: few, and looked for often. */
  readonly #orphans = new Map<string, Map<string, Obj>>();

  /** Takes in all objects of these resources; those that the machine doesn't serve are left out. */
  load(machine: Machine, resources: Iterable<string>): void {
    for (const resource of resources) {
      for (const object of listed(machine, resource)) this.#put(resource, object as Obj);
    }
  }

  apply(event: ChangeEvent): void {
    if (event.resource === 'events') return;
    if (event.previous) this.#remove(event.resource, event.previous as Obj);
    if (event.type !== 'DELETED') this.#put(event.resource, event.object as Obj);
  }

  get<T extends Obj>(resource: string, namespace: string, name: string): T | undefined {
    return this.#tables.get(resource)?.get(namespace)?.get(name) as T | undefined;
  }

  /** Of one namespace, or all where none is given. */
  list<T extends Obj>(resource: string, namespace?: string): readonly T[] {
    const table = this.#tables.get(resource);
    if (!table) return [];
    const spaces = namespace === undefined ? table.values() : [table.get(namespace) ?? none];
    const found: Obj[] = [];
    for (const objects of spaces) found.push(...objects.values());
    return found as readonly Obj[] as readonly T[];
  }

  byUid(uid: string): Obj | undefined {
    return this.#uids.get(uid);
  }

  /** Objects with an ownerReference to that uid. */
  dependents(uid: string): readonly Entry[] {
    return [...(this.#dependents.get(uid)?.values() ?? [])];
  }

  /** Objects of a resource that this owner controls. */
  controlled<T extends Obj>(resource: string, owner: Obj): readonly T[] {
    const found: Obj[] = [];
    for (const entry of this.#dependents.get(owner.metadata.uid)?.values() ?? []) {
      if (entry.resource === resource && controllerOf(entry.object)?.uid === owner.metadata.uid) {
        found.push(entry.object);
      }
    }
    return found as readonly Obj[] as readonly T[];
  }

  /** Objects of a namespace without a controller; kept for pods and ReplicaSets. */
  orphans<T extends Obj>(resource: 'pods' | 'replicasets.apps', namespace: string): readonly T[] {
    const found = this.#orphans.get(`${resource} ${namespace}`);
    return [...(found?.values() ?? [])] as readonly Obj[] as readonly T[];
  }

  resources(): readonly string[] {
    return [...this.#tables.keys()];
  }

  #put(resource: string, object: Obj): void {
    const {name, namespace = '', uid, ownerReferences} = object.metadata;
    let table = this.#tables.get(resource);
    if (!table) {
      table = new Map();
      this.#tables.set(resource, table);
    }
    let space = table.get(namespace);
    if (!space) {
      space = new Map();
      table.set(namespace, space);
    }
    space.set(name, object);
    this.#uids.set(uid, object);
    if (adoptable.has(resource) && !controllerOf(object)) {
      const place = `${resource} ${namespace}`;
      const orphans = this.#orphans.get(place) ?? new Map<string, Obj>();
      this.#orphans.set(place, orphans.set(uid, object));
    }
    for (const owner of ownerReferences ?? []) {
      let entries = this.#dependents.get(owner.uid);
      if (!entries) {
        entries = new Map();
        this.#dependents.set(owner.uid, entries);
      }
      entries.set(uid, {resource, object});
    }
  }

  #remove(resource: string, object: Obj): void {
    const {name, namespace = '', uid, ownerReferences} = object.metadata;
    this.#tables.get(resource)?.get(namespace)?.delete(name);
    this.#uids.delete(uid);
    if (adoptable.has(resource)) this.#orphans.get(`${resource} ${namespace}`)?.delete(uid);
    for (const owner of ownerReferences ?? []) {
      const entries = this.#dependents.get(owner.uid);
      entries?.delete(uid);
      if (entries?.size === 0) this.#dependents.delete(owner.uid);
    }
  }
}

export type Entry = {readonly resource: string; readonly object: Obj};

function listed(machine: Machine, resource: string): readonly Stored[] {
  try {
    return machine.list(resource);
  } catch {
    // A kind that this machine doesn't serve has no objects to look after.
    return [];
  }
}

export const controllerOf = (object: Obj) =>
  object.metadata.ownerReferences?.find((owner) => owner.controller === true);
