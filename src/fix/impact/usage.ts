import type {View} from '../../engine/control.ts';
import {asArray, asObject, asString} from '../../engine/json.ts';
import type {Resource} from '../../engine/objects.ts';
import {parseQuantity} from '../../engine/quantity.ts';
import {podsOf} from '../references.ts';

/** The largest use of a container over the running pods of a workload, in cores or bytes; undefined where not measured. */
export function usageOf(
  view: View,
  workload: Resource,
  container: string,
  resource: 'cpu' | 'memory',
): number | undefined {
  let largest: number | undefined;
  for (const pod of podsOf(view, workload)) {
    const metrics = view.get('PodMetrics', pod.namespace, pod.name);
    for (const item of asArray(metrics?.object.containers).map(asObject)) {
      if (asString(item.name) !== container) continue;
      const used = parseQuantity(asObject(item.usage)[resource]);
      if (used !== undefined) largest = Math.max(used, largest ?? 0);
    }
  }
  return largest;
}
