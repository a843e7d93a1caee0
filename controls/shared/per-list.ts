import type {View} from '../../src/engine/control.ts';
import type {Resource} from '../../src/engine/objects.ts';

const known = new WeakMap<readonly Resource[], Map<string, unknown>>();

/**
 * What is found in the list of a kind, worked out once for as long as nothing in it changes: the inventory makes a new
 * list then. Without it, each namespace or node would look through all workloads.
 */
export function perList<T>(
  view: View,
  kind: string,
  name: string,
  find: (list: readonly Resource[]) => T,
): T {
  const list = view.list(kind);
  const values = known.get(list) ?? new Map<string, unknown>();
  known.set(list, values);
  if (!values.has(name)) values.set(name, find(list));
  return values.get(name) as T;
}
