import type {View} from '../../engine/control.ts';
import {asObject} from '../../engine/json.ts';
import {describe, type Resource, refOf} from '../../engine/objects.ts';
import {parseQuantity} from '../../engine/quantity.ts';
import {workloadsIn} from '../references.ts';
import {
  containerLimits,
  countedContainers,
  effective,
  formatAmount,
  RESOURCES,
  type ResourceName,
  replicasOf,
  resourceWord,
} from './resources.ts';
import {type Consequence, countOf, listOf, type Topic} from './situation.ts';

type Kind = 'limits' | 'requests';

/** A ResourceQuota refuses pods without a value for what it counts, and those that would lift the sum over it. */
export const quotas: Topic = ({now, then, items}) => {
  const namespaces = new Set(
    items
      .filter(({ref}) => ref.kind === 'ResourceQuota' || ref.kind === 'LimitRange')
      .map(({ref}) => ref.namespace),
  );
  return [...namespaces].flatMap((namespace) => {
    const known = new Set(judge(now, namespace).map(({text}) => text));
    const cause = items.find(({ref}) => ref.kind === 'ResourceQuota' && ref.namespace === namespace)?.ref;
    return judge(then, namespace)
      .filter(({text}) => !known.has(text))
      .map((one) => ({...one, ...(cause ? {cause} : {})}));
  });
};

/** The amount that a quota allows of one thing: `limits.cpu`; a bare `cpu` counts requests. */
function hard(quota: Resource, kind: Kind, resource: ResourceName): number | undefined {
  const allowed = asObject(asObject(quota.object.spec).hard);
  return parseQuantity(
    allowed[`${kind}.${resource}`] ?? (kind === 'requests' ? allowed[resource] : undefined),
  );
}

function judge(view: View, namespace: string): readonly Consequence[] {
  const found: Consequence[] = [];
  const workloads = workloadsIn(view, namespace).filter((one) => replicasOf(view, one) > 0);
  const pods = workloads.reduce((sum, one) => sum + replicasOf(view, one), 0);
  const fine: string[] = [];
  for (const quota of view.list('ResourceQuota', namespace)) {
    // A quota with scopes counts some pods only: which, its status tells once it is there.
    if (asObject(quota.object.spec).scopes || asObject(quota.object.spec).scopeSelector) continue;
    for (const kind of ['limits', 'requests'] as const) {
      for (const resource of RESOURCES) {
        const most = hard(quota, kind, resource);
        if (most === undefined) continue;
        found.push(...without(view, workloads, quota, kind, resource));
        const sum = workloads.reduce(
          (total, one) => total + (podAmount(view, one, kind, resource) ?? 0) * replicasOf(view, one),
          0,
        );
        const largest = Math.max(0, ...workloads.map((one) => podAmount(view, one, kind, resource) ?? 0));
        const remark = sumRemark(quota, kind, resource, {sum, most, largest, pods});
        if (remark) found.push(remark);
        else
          fine.push(`${kind}.${resource} ${formatAmount(resource, sum)} of ${formatAmount(resource, most)}`);
      }
    }
    found.push(...podCount(quota, pods));
  }
  if (fine.length > 0 && pods > 0) {
    found.push({
      mark: 'passed',
      text: `${countOf(pods, 'pod')} of ${namespace} ${pods === 1 ? 'fits' : 'fit'} into the quota: ${listOf(fine, 4)}.`,
    });
  }
  return found;
}

/** What a pod of a workload counts for; undefined where one of its containers has no value. */
function podAmount(view: View, workload: Resource, kind: Kind, resource: ResourceName): number | undefined {
  const ranges = containerLimits(view, workload.namespace);
  let running = 0;
  let starting = 0;
  for (const container of countedContainers(workload)) {
    const given = effective(container, resource, ranges);
    const value = kind === 'limits' ? given.limit : given.request;
    if (value === undefined) return undefined;
    const staysOn = container.type === 'containers' || container.spec.restartPolicy === 'Always';
    if (staysOn) running += value;
    else starting = Math.max(starting, value);
  }
  return Math.max(running, starting);
}

function without(
  view: View,
  workloads: readonly Resource[],
  quota: Resource,
  kind: Kind,
  resource: ResourceName,
): readonly Consequence[] {
  return workloads
    .filter((one) => podAmount(view, one, kind, resource) === undefined)
    .map((one) => ({
      mark: 'failed',
      text: `${describe(one)} sets no ${resourceWord(resource)} ${kind === 'limits' ? 'limit' : 'request'}, which quota ${quota.name} wants of every container. Its next pods are refused; those that run stay.`,
      object: refOf(one),
    }));
}

function sumRemark(
  quota: Resource,
  kind: Kind,
  resource: ResourceName,
  {sum, most, largest, pods}: {sum: number; most: number; largest: number; pods: number},
): Consequence | undefined {
  const word = `${resourceWord(resource)} ${kind}`;
  const have = `${countOf(pods, 'pod')} of ${quota.namespace} ${pods === 1 ? 'gets' : 'get'} ${word} of ${formatAmount(resource, sum)} in all`;
  const allow = `quota ${quota.name} allows ${formatAmount(resource, most)}`;
  const object = refOf(quota);
  if (sum > most) {
    return {mark: 'failed', text: `${have}, ${allow}: the last of them to start again is refused.`, object};
  }
  if (sum + largest > most) {
    return {
      mark: 'look',
      text: `${have}, ${allow}: a rollout, which starts one more pod for a moment, may stop.`,
      object,
    };
  }
  return undefined;
}

function podCount(quota: Resource, pods: number): readonly Consequence[] {
  const allowed = asObject(asObject(quota.object.spec).hard);
  const most = parseQuantity(allowed.pods ?? allowed['count/pods']);
  if (most === undefined || pods < most) return [];
  return [
    {
      mark: pods > most ? 'failed' : 'look',
      text: `${quota.namespace} runs ${countOf(pods, 'pod')}, quota ${quota.name} allows ${most}: ${pods > most ? 'the last to start again is refused' : 'a rollout, which starts one more, may stop'}.`,
      object: refOf(quota),
    },
  ];
}
