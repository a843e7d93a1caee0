import {equal, type Json, type JsonObject} from '../../engine/json.ts';
import {matchesLabels, selectorOf} from '../api/selectors.ts';
import {timeOf} from './clock.ts';
import type {Condition, Container, Obj, Pod, PodTemplate} from './types.ts';

export const conditionOf = (
  conditions: readonly Condition[] | undefined,
  type: string,
): Condition | undefined => conditions?.find((condition) => condition.type === type);

/** Neither finished nor on its way out. */
export const isActive = (pod: Pod): boolean =>
  pod.status?.phase !== 'Succeeded' &&
  pod.status?.phase !== 'Failed' &&
  pod.metadata.deletionTimestamp === undefined;

export const isReady = (pod: Pod): boolean => conditionOf(pod.status?.conditions, 'Ready')?.status === 'True';

/** Milliseconds until a ready pod has been ready for so many seconds: 0 when it has, undefined when it isn't ready. */
export function availableIn(pod: Pod, minReadySeconds: number, now: number): number | undefined {
  const ready = conditionOf(pod.status?.conditions, 'Ready');
  if (ready?.status !== 'True') return undefined;
  return Math.max(0, timeOf(ready.lastTransitionTime) + minReadySeconds * 1000 - now);
}

export const isAvailable = (pod: Pod, minReadySeconds: number, now: number): boolean =>
  availableIn(pod, minReadySeconds, now) === 0;

/** Whether an object's labels match a LabelSelector; an empty selector matches all, none at all matches nothing. */
export const selects = (selector: JsonObject | undefined, labels: JsonObject | undefined): boolean =>
  selector !== undefined && matchesLabels(selectorOf(selector), labels ?? {});

/** Main containers and init containers, with the list that each is in. */
export const containersOf = (pod: Pod): readonly Container[] => [
  ...(pod.spec.initContainers ?? []),
  ...pod.spec.containers,
];

/** `name_namespace(uid)`: how the kubelet names a pod in its messages. */
export const podLabel = ({metadata: {name, namespace, uid}}: Pod): string => `${name}_${namespace}(${uid})`;

/** Whether two pod templates are the same but for the hash that a Deployment adds. */
export function sameTemplate(a: PodTemplate, b: PodTemplate): boolean {
  return equal(withoutHash(a), withoutHash(b));
}

export function withoutHash(template: PodTemplate): JsonObject {
  const {'pod-template-hash': _, ...labels} = template.metadata?.labels ?? {};
  return {...template, metadata: clean({...template.metadata, labels})};
}

/** Without nulls: templates get `creationTimestamp: null` from some clients. */
function clean(object: {readonly [key: string]: Json | undefined}): JsonObject {
  return Object.fromEntries(
    Object.entries(object).filter(
      (entry): entry is [string, Json] => entry[1] !== undefined && entry[1] !== null,
    ),
  );
}

/** A pod made from a template, owned by its maker. */
export function podOf(
  template: PodTemplate,
  more: {
    readonly name: string;
    readonly generateName?: string;
    readonly namespace: string;
    readonly owner: JsonObject;
    readonly labels?: JsonObject;
    readonly spec?: JsonObject;
  },
): JsonObject {
  const {labels, annotations, finalizers} = template.metadata ?? {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: clean({
      name: more.name,
      generateName: more.generateName,
      namespace: more.namespace,
      labels: {...labels, ...more.labels},
      annotations,
      finalizers,
      ownerReferences: [more.owner],
    }),
    spec: {...template.spec, ...more.spec},
  };
}

export const oldestFirst = (a: Obj, b: Obj): number =>
  timeOf(a.metadata.creationTimestamp) - timeOf(b.metadata.creationTimestamp) ||
  (a.metadata.name < b.metadata.name ? -1 : 1);

/** Which pod goes first when there are too many: unassigned, pending, not ready, newest. */
export function goesFirst(a: Pod, b: Pod): number {
  const rank = (pod: Pod): number =>
    (pod.spec.nodeName ? 4 : 0) + (pod.status?.phase === 'Running' ? 2 : 0) + (isReady(pod) ? 1 : 0);
  return rank(a) - rank(b) || -oldestFirst(a, b);
}

/** A count or a percentage of a total, rounded up or down. */
export function portion(value: Json | undefined, total: number, round: 'up' | 'down', absent = '0'): number {
  const text = String(value ?? absent);
  if (!text.endsWith('%')) return Number(text) || 0;
  const exact = (Number(text.slice(0, -1)) * total) / 100;
  return round === 'up' ? Math.ceil(exact) : Math.floor(exact);
}
