import {
  type Edit,
  type Fix,
  type Question,
  questionsOf,
  type Step,
  type Value,
} from '../../src/engine/change.ts';
import {type ControlMeta, type Failure, findingId, type View} from '../../src/engine/control.ts';
import {asObject, type JsonObject} from '../../src/engine/json.ts';
import {describe, type Resource, refOf} from '../../src/engine/objects.ts';
import {element} from '../../src/engine/path.ts';
import {podTemplate, WORKLOADS} from '../../src/engine/pod-spec.ts';
import {parseQuantity} from '../../src/engine/quantity.ts';
import {format, limitOf, requestOf} from './limits.ts';
import {getIn, listIn} from './namespaces.ts';
import {type ResourceName, roundUp, type Usage} from './usage.ts';
import {overWorkloads} from './workload.ts';

export const limitRangeName = 'kubekata-limits';
export const quotaName = 'kubekata-quota';

const resources = ['cpu', 'memory'] as const;
const words = {cpu: 'CPU', memory: 'memory'} as const;
const least = {cpu: 0.5, memory: 128 * 1024 ** 2} as const;

type Answer = {readonly suggestion?: string; readonly reason: string};

/** A LimitRange with default limits and requests, and a ResourceQuota over the sum, for one namespace. */
export function limitsForNamespace(
  meta: ControlMeta,
  namespace: string,
  failures: readonly Failure[],
  view: View,
  usage: Usage,
): Fix {
  const known = describeUse(namespace, view, usage);
  const defaults = (resource: ResourceName) => ({
    limit: asking(namespace, `${words[resource]} limit`, defaultLimit(resource, known[resource])),
    request: asking(namespace, `${words[resource]} request`, defaultRequest(resource, known[resource])),
  });
  const given = {cpu: defaults('cpu'), memory: defaults('memory')};
  const steps: Step[] = [limitRangeStep(namespace, view, given)];
  if (listIn(view, 'ResourceQuota', namespace).length === 0) steps.push(quotaStep(namespace, view, given));
  const change = {id: `${meta.id} namespace ${namespace}`, steps};
  const place = `namespace ${namespace || 'default'}`;
  return {
    approach: 'limits for the namespace',
    summary: `gives every container of ${place} without limits a default, restarts nothing`,
    kind: 'review',
    scope: 'namespace',
    change,
    clears: failures.flatMap(({resource, findings}) =>
      findings.map((one) => findingId(meta.id, resource, one)),
    ),
    asks: questionsOf(change),
    consequence: `At its next start, a container in ${place} without limits of its own gets these: above the memory it is killed, above the CPU it is slowed. The quota refuses pods that would lift the sum of all limits over it.`,
  };
}

type Given = Readonly<Record<ResourceName, {readonly limit: Question; readonly request: Question}>>;

const skeleton = (kind: string, name: string, namespace: string, spec: JsonObject): JsonObject => ({
  apiVersion: 'v1',
  kind,
  metadata: {name, ...(namespace ? {namespace} : {})},
  spec,
});

const ask = (question: Question): Value => ({ask: question});

function limitRangeStep(namespace: string, view: View, given: Given): Step {
  const item = ['spec', 'limits', element('type', 'Container')] as const;
  const edits = resources.flatMap((resource): readonly Edit[] => [
    {op: 'set', path: [...item, 'default', resource], value: ask(given[resource].limit)},
    {op: 'set', path: [...item, 'defaultRequest', resource], value: ask(given[resource].request)},
  ]);
  const existing = getIn(view, 'LimitRange', namespace, limitRangeName);
  if (existing) return {do: 'edit', object: refOf(existing), edits};
  const base = skeleton('LimitRange', limitRangeName, namespace, {limits: [{type: 'Container'}]});
  return {do: 'create', id: `LimitRange/${namespace}/${limitRangeName}`, object: {base, edits}};
}

function quotaStep(namespace: string, view: View, given: Given): Step {
  const edits = resources.map((resource): Edit => {
    const total = asking(
      namespace,
      `${words[resource]} quota`,
      quota(resource, namespace, view, given[resource].limit),
    );
    return {op: 'set', path: ['spec', 'hard', `limits.${resource}`], value: ask(total)};
  });
  const base = skeleton('ResourceQuota', quotaName, namespace, {hard: {}});
  return {do: 'create', id: `ResourceQuota/${namespace}/${quotaName}`, object: {base, edits}};
}

const asking = (namespace: string, label: string, answer: Answer): Question => ({
  id: `namespace ${namespace || 'default'} ${label}`,
  label,
  type: 'quantity',
  ...answer,
});

const workloadsOf = (view: View, namespace: string): readonly Resource[] =>
  WORKLOADS.flatMap((kind) => listIn(view, kind, namespace)).filter((one) => overWorkloads.counts(one));

type Use = {
  /** Usage of the containers that would get the default, in cores or bytes. */
  readonly measured: readonly number[];
  readonly largestBy: Resource | undefined;
  /** The largest request among them: a default limit below it would be refused. */
  readonly request: {readonly value: number; readonly by: Resource} | undefined;
  readonly sibling: {readonly value: number; readonly by: Resource} | undefined;
};

function describeUse(namespace: string, view: View, usage: Usage): Readonly<Record<ResourceName, Use>> {
  const workloads = workloadsOf(view, namespace);
  const use = (resource: ResourceName): Use => {
    const measured: {value: number; by: Resource}[] = [];
    const requests: {value: number; by: Resource}[] = [];
    const siblings: {value: number; by: Resource}[] = [];
    for (const by of workloads) {
      for (const container of podTemplate(by).containers) {
        const limit = parseQuantity(limitOf(container, resource));
        const request = parseQuantity(requestOf(container, resource));
        const used = usage.of(by, container.name, resource);
        if (limit !== undefined) siblings.push({value: limit, by});
        else if (request !== undefined) requests.push({value: request, by});
        if (limit === undefined && used !== undefined) measured.push({value: used, by});
      }
    }
    return {
      measured: measured.map(({value}) => value),
      largestBy: largest(measured)?.by,
      request: largest(requests),
      sibling: largest(siblings),
    };
  };
  return {cpu: use('cpu'), memory: use('memory')};
}

const largest = <T extends {value: number}>(items: readonly T[]): T | undefined =>
  items.reduce<T | undefined>(
    (most, item) => (most === undefined || item.value > most.value ? item : most),
    undefined,
  );

function defaultLimit(resource: ResourceName, {measured, largestBy, request, sibling}: Use): Answer {
  const by = (most: {by: Resource}) => describe(most.by);
  if (measured.length === 0) {
    if (sibling && sibling.value >= (request?.value ?? 0)) {
      return {suggestion: format(resource, sibling.value), reason: `siblings: ${by(sibling)} sets it`};
    }
    return {reason: 'nothing was measured, and no sibling sets one: type a value'};
  }
  const most = Math.max(...measured);
  const wanted = Math.max(most * 1.5, least[resource]);
  if (request && request.value > wanted) {
    return {
      suggestion: format(resource, roundUp(resource, request.value)),
      reason: `${by(request)} requests ${format(resource, request.value)}`,
    };
  }
  const floor = most * 1.5 < least[resource] ? `, at least ${format(resource, least[resource])}` : '';
  return {
    suggestion: format(resource, roundUp(resource, wanted)),
    reason: `largest use ${format(resource, most)}${largestBy ? ` (${describe(largestBy)})` : ''} and half again${floor}`,
  };
}

function defaultRequest(resource: ResourceName, {measured}: Use): Answer {
  if (measured.length === 0) return {reason: 'nothing was measured: type a value, not above the limit'};
  const mean = measured.reduce((sum, value) => sum + value, 0) / measured.length;
  return {suggestion: format(resource, roundUp(resource, mean)), reason: 'mean use'};
}

/** Twice what the pods may use together: at a rollout old and new ones run side by side. */
function quota(resource: ResourceName, namespace: string, view: View, limit: Question): Answer {
  const fallback = parseQuantity(limit.suggestion);
  let sum = 0;
  for (const workload of workloadsOf(view, namespace)) {
    const template = podTemplate(workload);
    const limits = template.containers.map((container) => ({
      type: container.type,
      value: parseQuantity(limitOf(container, resource)) ?? fallback,
    }));
    if (limits.some(({value}) => value === undefined)) {
      return {reason: 'it depends on the limit: type a value, at least twice what all pods may use'};
    }
    const total = limits.reduce((all, {type, value}) => (type === 'containers' ? all + value! : all), 0);
    sum += replicas(workload, view) * Math.max(total, ...limits.map(({value}) => value!));
  }
  const suggestion = format(resource, roundUp(resource, sum * 2));
  return {suggestion, reason: `twice what its pods may use with these limits, ${format(resource, sum)}`};
}

function replicas({kind, object}: Resource, view: View): number {
  const {replicas: wanted, parallelism} = asObject(object.spec);
  if (kind === 'DaemonSet') return Math.max(view.list('Node').length, 1);
  if (kind === 'Job') return typeof parallelism === 'number' ? parallelism : 1;
  return typeof wanted === 'number' ? wanted : 1;
}
