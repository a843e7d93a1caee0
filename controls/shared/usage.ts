import type {View} from '../../src/engine/control.ts';
import {asArray, asObject, asString} from '../../src/engine/json.ts';
import {ownersOf, type Resource} from '../../src/engine/objects.ts';
import {isWorkload} from '../../src/engine/pod-spec.ts';
import {parseQuantity} from '../../src/engine/quantity.ts';

export type ResourceName = 'cpu' | 'memory';

/** What a container used when it was measured last, in cores or bytes: the largest of its pods. */
export type Usage = {
  /** Undefined where nothing was measured. */
  of(workload: Resource, container: string, resource: ResourceName): number | undefined;
};

/** The usage that the metrics API tells (PodMetrics), by the workload that controls judge. */
export function measuredUsage(view: View): Usage {
  const largest = new Map<string, number>();
  for (const metrics of view.list('PodMetrics')) {
    const owner = topLevelOf(view, metrics.namespace, metrics.name);
    for (const item of asArray(metrics.object.containers)) {
      const {name, usage} = asObject(item);
      for (const resource of ['cpu', 'memory'] as const) {
        const value = parseQuantity(asObject(usage)[resource]);
        const key = `${owner} ${asString(name)} ${resource}`;
        if (value !== undefined) largest.set(key, Math.max(value, largest.get(key) ?? 0));
      }
    }
  }
  return {of: (workload, container, resource) => largest.get(`${workload.id} ${container} ${resource}`)};
}

/** The id of the workload that a pod belongs to, following its owners as far as they are known. */
function topLevelOf(view: View, namespace: string, pod: string): string {
  let current = {kind: 'Pod', name: pod};
  // A pod, its ReplicaSet or Job, and what makes that: three steps at most.
  for (let step = 0; step < 3; step += 1) {
    const resource = view.get(current.kind, namespace, current.name);
    const owner = resource && ownersOf(resource.object).find(({kind}) => isWorkload(kind));
    if (owner === undefined) break;
    current = owner;
  }
  return `${current.kind}/${namespace}/${current.name}`;
}

/** The next round amount: 64, 96, 128, 192 Mi and so on; 10, 20, 50, 100m and so on for cores. */
export function roundUp(resource: ResourceName, value: number): number {
  const [unit, steps] = resource === 'memory' ? [32 * 1024 ** 2, [1, 1.5, 2]] : [0.01, [1, 2, 5, 10]];
  const factor = steps.at(-1)!;
  for (let scale = unit; ; scale *= factor) {
    const step = steps.find((one) => one * scale >= value - 1e-9);
    if (step !== undefined) return step * scale;
  }
}
