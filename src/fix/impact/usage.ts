import type {View} from '../../engine/control.ts';
import {asArray, asObject, asString} from '../../engine/json.ts';
import type {Resource} from '../../engine/objects.ts';
import {parseQuantity} from '../../engine/quantity.ts';
import {topLevelKey} from '../references.ts';

/** The largest use of a container over the running pods of a workload, in cores or bytes; undefined where not measured. */
export type Usage = (workload: Resource, container: string, resource: 'cpu' | 'memory') => number | undefined;

/** What the metrics API measured in a namespace, by the workload that a pod belongs to. */
export function usageIn(view: View, namespace: string): Usage {
  const largest = new Map<string, number>();
  for (const metrics of view.list('PodMetrics', namespace)) {
    const pod = view.get('Pod', namespace, metrics.name);
    if (pod === undefined) continue;
    const owner = topLevelKey(view, pod);
    for (const {name, usage} of asArray(metrics.object.containers).map(asObject)) {
      for (const resource of ['cpu', 'memory'] as const) {
        const used = parseQuantity(asObject(usage)[resource]);
        const key = `${owner} ${asString(name)} ${resource}`;
        if (used !== undefined) largest.set(key, Math.max(used, largest.get(key) ?? 0));
      }
    }
  }
  return (workload, container, resource) => largest.get(`${workload.key} ${container} ${resource}`);
}
