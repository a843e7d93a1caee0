import {asObject, asString, type Json, type JsonObject} from '../../engine/json.ts';
import {type Draft, ensure} from './draft.ts';
import type {ResourceInfo} from './resources.ts';
import {formatSelector} from './selectors.ts';

const parts = (path: string): readonly string[] => path.split('.').filter((part) => part !== '');

/** The scale of a workload, as autoscaling/v1 shows it. */
export function scaleOf(info: ResourceInfo, object: JsonObject): JsonObject {
  const own = asObject(object.metadata);
  const metadata = Object.fromEntries(
    ['name', 'namespace', 'uid', 'resourceVersion', 'creationTimestamp'].map((key) => [key, own[key] ?? '']),
  );
  const at = (path: string): Json | undefined =>
    parts(path).reduce<Json | undefined>((value, part) => asObject(value)[part], object);
  const paths = info.custom?.scale;
  const replicas = Number(at(paths?.specPath ?? 'spec.replicas') ?? 0);
  const selector = paths
    ? asString(paths.selectorPath ? at(paths.selectorPath) : '')
    : info.id === 'replicationcontrollers'
      ? formatSelector({matchLabels: asObject(asObject(object.spec).selector)})
      : formatSelector(asObject(asObject(object.spec).selector));
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata,
    spec: replicas === 0 ? {} : {replicas},
    status: {
      replicas: Number(at(paths?.statusPath ?? 'status.replicas') ?? 0),
      ...(selector ? {selector} : {}),
    },
  };
}

/** Writes the replicas of a scale into its workload. */
export function setReplicas(info: ResourceInfo, draft: Draft, replicas: number): void {
  const path = parts(info.custom?.scale?.specPath ?? '.spec.replicas');
  const parent = path.slice(0, -1).reduce((value, part) => ensure(value, part), draft);
  parent[path.at(-1)!] = replicas;
}
