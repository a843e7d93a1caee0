import {type Change, type Fix, mergeChanges, mergingChanges, type Step} from './change.ts';
import {type Answers, applyEdits, buildObject, UnresolvedError} from './edits.ts';
import type {Inventory} from './inventory.ts';
import {nodeFileRef} from './node-file.ts';
import {objectId, type Ref, type Resource, refId, refOfObject, resourceOf} from './objects.ts';
import {getAt} from './path.ts';
import type {Scanner, ScanResult} from './scan.ts';
import {removesFile, simulateFile} from './simulate-file.ts';
import {complete, type Work} from './slices.ts';

/** What a change makes of an inventory: objects that it sets, and keys that it removes. */
export type Simulated = {readonly set: readonly Resource[]; readonly removed: readonly string[]};

const find = (inventory: Inventory, ref: Ref): Resource | undefined =>
  inventory.byKey(refId(ref)) ?? inventory.get(ref.kind, ref.namespace, ref.name);

/** Computes a change on the objects of an inventory, which stays as it is. @throws {UnresolvedError | EditError} */
export const simulate = (inventory: Inventory, change: Change, answers?: Answers): Simulated =>
  complete(simulating(inventory, change, answers));

/** The same, object by object. @throws {UnresolvedError | EditError} */
export function* simulating(inventory: Inventory, change: Change, answers?: Answers): Work<Simulated> {
  const set = new Map<string, Resource>();
  const removed = new Set<string>();
  const lookup = (ref: Ref, path: Parameters<typeof getAt>[1]) => getAt(find(inventory, ref)?.object, path);
  for (const step of change.steps) {
    for (const made of simulateStep(step)) {
      set.set(made.key, made);
      removed.delete(made.key);
    }
    yield;
  }
  return {set: [...set.values()], removed: [...removed]};

  function created(step: Extract<Step, {do: 'create'}>): Resource {
    try {
      return resourceOf(buildObject(step.object, answers, lookup), 'live');
    } catch (error) {
      // What its values are taken from is gone where the object was made before: then it is done.
      const made = find(inventory, refOfObject(step.object.base));
      if (error instanceof UnresolvedError && error.question === undefined && made) return made;
      throw error;
    }
  }

  function simulateStep(step: Step): readonly Resource[] {
    if (step.do === 'file') return simulatedFile(step);
    if (step.do === 'create') return [created(step)];
    const key = refId(step.object);
    const resource = set.get(key) ?? find(inventory, step.object);
    if (resource === undefined) return [];
    if (step.do === 'delete') {
      set.delete(resource.key);
      removed.add(resource.key);
      return [];
    }
    return [{...resource, object: applyEdits(resource.object, step.edits, answers, lookup)}];
  }

  function simulatedFile(step: Extract<Step, {do: 'file'}>): readonly Resource[] {
    const key = refId(nodeFileRef(step.node, step.file));
    if (removesFile(step.edits) && (set.delete(key) || inventory.byKey(key))) removed.add(key);
    return simulateFile(step, {
      byKey: (one) => set.get(one) ?? inventory.byKey(one),
      get: (...of) => set.get(objectId(...of)) ?? inventory.get(...of),
      list: (kind) => inventory.list(kind).map((one) => set.get(one.key) ?? one),
    });
  }
}

/** Runs `inspect` on the scan as it would be after the change, then puts the inventory and the scanner back. */
export function withChange<T>(
  inventory: Inventory,
  scanner: Scanner,
  simulated: Simulated,
  inspect: (result: ScanResult) => T,
): T {
  const keys = new Set([...simulated.set.map(({key}) => key), ...simulated.removed]);
  const before = new Map([...keys].map((key) => [key, inventory.byKey(key)]));
  const changed = simulated.removed.flatMap((key) => inventory.delete(key));
  for (const resource of simulated.set) changed.push(...inventory.set(resource));
  try {
    return inspect(scanner.update(changed));
  } finally {
    const back: Resource[] = [];
    for (const [key, resource] of before) {
      back.push(...(resource === undefined ? inventory.delete(key) : inventory.set(resource)));
    }
    scanner.update(back);
  }
}

/** The fixes as one change, edits grouped per object. */
export const changeOf = (id: string, fixes: readonly Fix[]): Change =>
  mergeChanges(
    id,
    fixes.map((fix) => fix.change),
  );

/** The same, step by step. */
export const mergingFixes = (id: string, fixes: readonly Fix[]): Work<Change> =>
  mergingChanges(
    id,
    fixes.map((fix) => fix.change),
  );
