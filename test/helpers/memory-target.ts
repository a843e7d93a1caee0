import {stepKey} from '../../src/engine/change.ts';
import {applyEdits, buildObject, touchedValues} from '../../src/engine/edits.ts';
import type {JsonObject} from '../../src/engine/json.ts';
import {objectId, type Ref, type Resource, refId, refOfObject, resourceOf} from '../../src/engine/objects.ts';
import type {Applied, PreviewItem, Target, TargetEvent, TargetKind} from '../../src/target/target.ts';

export type MemoryTarget = Target & {
  /** Sets an object, as somebody else would. */
  set(object: JsonObject, manager?: string): void;
  delete(key: string): void;
  emit(...events: readonly TargetEvent[]): void;
  /** Objects by id, as they are now. */
  readonly objects: ReadonlyMap<string, JsonObject>;
};

/** A small target that holds its objects in memory; what is applied comes back as an event. For tests of the TUI. */
export function memoryTarget(
  initial: readonly JsonObject[],
  {kind = 'practice', name = 'home'}: {readonly kind?: TargetKind; readonly name?: string} = {},
): MemoryTarget {
  const objects = new Map<string, JsonObject>();
  let listener: ((events: readonly TargetEvent[]) => void) | undefined;
  let _version = 0;

  const idOf = (object: JsonObject): string => {
    const ref = refOfObject(object);
    return objectId(ref.kind, ref.namespace, ref.name);
  };
  const store = (object: JsonObject): Resource => {
    _version += 1;
    objects.set(idOf(object), object);
    return resourceOf(object);
  };
  for (const object of initial) store(object);
  const list = (): readonly TargetEvent[] =>
    [...objects.values()].map((object) => ({type: 'set', resource: resourceOf(object)}));
  const read = (ref: Ref): JsonObject | undefined => objects.get(objectId(ref.kind, ref.namespace, ref.name));

  return {
    kind,
    name,
    address: 'memory',
    environment: {KUBECONFIG: '/nowhere'},
    objects,
    identity: async () => `memory ${name}`,
    list: async () => list(),
    async watch(onEvents, signal) {
      listener = onEvents;
      onEvents([...list(), {type: 'ready'}]);
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener('abort', () => resolve(), {once: true});
      });
    },
    preview: async (change) =>
      change.steps.map((step): PreviewItem => {
        const common = {step, confirmedBy: 'server', warnings: []} as const;
        if (step.do === 'create') {
          const after = buildObject(step.object);
          return {...common, ref: refOfObject(after), before: undefined, after, expected: {values: []}};
        }
        if (step.do === 'file') throw new Error(`${stepKey(step)} is nothing for objects in memory`);
        const before = read(step.object);
        if (before === undefined) throw new Error(`${refId(step.object)} is not there`);
        if (step.do === 'delete') {
          return {...common, ref: step.object, before, after: undefined, expected: {values: []}};
        }
        const after = applyEdits(before, step.edits);
        return {
          ...common,
          ref: step.object,
          before,
          after,
          expected: {values: touchedValues(before, step.edits)},
        };
      }),
    async apply({ref, after}): Promise<Applied> {
      const before = read(ref);
      if (after === undefined) {
        objects.delete(refId(ref));
        listener?.([{type: 'delete', key: refId(ref)}]);
      } else {
        const resource = store(after);
        listener?.([{type: 'set', resource, manager: 'kubekata'}]);
      }
      return {ref, before, after, warnings: []};
    },
    read: async (ref) => read(ref),
    close: async () => {},
    set(object, manager) {
      const resource = store(object);
      listener?.([{type: 'set', resource, ...(manager === undefined ? {} : {manager})}]);
    },
    delete(key) {
      objects.delete(key);
      listener?.([{type: 'delete', key}]);
    },
    emit: (...events) => listener?.(events),
  };
}
