import type {View} from '../../engine/control.ts';
import {asArray, asObject, type Json, type JsonObject} from '../../engine/json.ts';
import type {Resource} from '../../engine/objects.ts';
import {type Container, podTemplate} from '../../engine/pod-spec.ts';
import {formatCpu, formatMemory, parseQuantity} from '../../engine/quantity.ts';

export const RESOURCES = ['cpu', 'memory'] as const;
export type ResourceName = (typeof RESOURCES)[number];

export const formatAmount = (resource: ResourceName, value: number): string =>
  resource === 'memory' ? formatMemory(value) : formatCpu(value);
export const resourceWord = (resource: ResourceName): string => (resource === 'memory' ? 'memory' : 'CPU');

/** The Container item of a LimitRange, with what the API server fills in where it is left out. */
export type ContainerLimits = {readonly range: Resource; readonly item: JsonObject};

export const containerLimits = (view: View, namespace: string): readonly ContainerLimits[] =>
  view.list('LimitRange', namespace).flatMap((range) =>
    asArray(asObject(range.object.spec).limits)
      .map(asObject)
      .filter(({type}) => type === 'Container')
      .map((item) => ({range, item})),
  );

const amount = (holder: Json | undefined, resource: ResourceName): number | undefined =>
  parseQuantity(asObject(holder)[resource] ?? undefined);

/** A bound of a LimitRange for one resource. A default is the maximum where none is set; a request the default. */
export function bound(
  item: JsonObject,
  what: 'default' | 'defaultRequest' | 'min' | 'max',
  resource: ResourceName,
): number | undefined {
  const own = amount(item[what], resource);
  if (own !== undefined) return own;
  if (what === 'default') return amount(item.max, resource);
  return what === 'defaultRequest'
    ? (bound(item, 'default', resource) ?? amount(item.min, resource))
    : undefined;
}

export type Effective = {
  readonly container: Container;
  readonly limit: number | undefined;
  readonly request: number | undefined;
  /** The LimitRange that gave the limit; undefined where it is the container's own. */
  readonly limitFrom: Resource | undefined;
};

/** What a container of the next pod gets, after the API server and the LimitRanges of its namespace filled in. */
export function effective(
  container: Container,
  resource: ResourceName,
  ranges: readonly ContainerLimits[],
): Effective {
  const own = asObject(container.spec.resources);
  const ownLimit = amount(own.limits, resource);
  // Without a request of its own, a container requests its own limit: before any LimitRange is asked.
  const ownRequest = amount(own.requests, resource) ?? ownLimit;
  const giving = ranges.find(({item}) => bound(item, 'default', resource) !== undefined);
  const asking = ranges.find(({item}) => bound(item, 'defaultRequest', resource) !== undefined);
  return {
    container,
    limit: ownLimit ?? (giving && bound(giving.item, 'default', resource)),
    request: ownRequest ?? (asking && bound(asking.item, 'defaultRequest', resource)),
    limitFrom: ownLimit === undefined ? giving?.range : undefined,
  };
}

/** The containers that count: init containers too, ephemeral ones have no resources. */
export const countedContainers = (workload: Resource): readonly Container[] =>
  podTemplate(workload).containers.filter(({type}) => type !== 'ephemeralContainers');

/** How many pods a workload wants. */
export function replicasOf(view: View, {kind, object}: Resource): number {
  const spec = asObject(object.spec);
  const number = (value: Json | undefined, otherwise: number) =>
    typeof value === 'number' ? value : otherwise;
  if (kind === 'DaemonSet') {
    return number(asObject(object.status).desiredNumberScheduled, view.list('Node').length);
  }
  if (kind === 'CronJob') return 0;
  if (kind === 'Job')
    return asObject(object.status).completionTime === undefined ? number(spec.parallelism, 1) : 0;
  if (kind === 'Pod') {
    const phase = asObject(object.status).phase;
    return phase === 'Succeeded' || phase === 'Failed' ? 0 : 1;
  }
  return number(spec.replicas, 1);
}
