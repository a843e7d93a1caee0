import type {Json, JsonObject} from '../../engine/json.ts';
import {controllerOf} from './cache.ts';
import {timestamp} from './clock.ts';
import {
  type Context,
  type Controller,
  itself,
  keyOf,
  splitKey,
  systemUser,
  writeStatus,
} from './controller.ts';
import {conditionOf, isActive, isReady, portion, selects} from './pods.ts';
import type {Condition, Obj, Pod} from './types.ts';

const component = 'disruption-controller';
const user = systemUser(component);
const resource = 'poddisruptionbudgets.policy';

type Budget = Obj & {
  readonly spec: {
    readonly selector?: JsonObject;
    readonly minAvailable?: Json;
    readonly maxUnavailable?: Json;
  };
  readonly status?: JsonObject & {readonly conditions?: readonly Condition[]};
};

/** Counts how many pods of each budget may be evicted now. */
export function disruptionController(context: Context): Controller {
  const {cache, clock} = context;

  function reconcile(key: string): void {
    const budget = cache.get<Budget>(resource, ...splitKey(key));
    if (!budget || budget.metadata.deletionTimestamp !== undefined) return;
    const pods = cache
      .list<Pod>('pods', budget.metadata.namespace)
      .filter((pod) => isActive(pod) && selects(budget.spec.selector, pod.metadata.labels));
    const expected = expectedPods(pods);
    const healthy = pods.filter(isReady).length;
    const {minAvailable, maxUnavailable} = budget.spec;
    const desired =
      maxUnavailable === undefined
        ? portion(minAvailable, expected, 'up', '1')
        : Math.max(0, expected - portion(maxUnavailable, expected, 'up'));
    const allowed = expected > 0 ? Math.max(0, healthy - desired) : 0;
    const known = conditionOf(budget.status?.conditions, 'DisruptionAllowed');
    const state = allowed > 0 ? 'True' : 'False';
    const status = {
      ...budget.status,
      currentHealthy: healthy,
      desiredHealthy: desired,
      disruptionsAllowed: allowed,
      expectedPods: expected,
      observedGeneration: budget.metadata.generation ?? 1,
      conditions: [
        {
          type: 'DisruptionAllowed',
          status: state,
          reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods',
          message: '',
          observedGeneration: budget.metadata.generation ?? 1,
          lastTransitionTime:
            known?.status === state ? (known.lastTransitionTime ?? '') : timestamp(clock.now()),
        },
      ],
    };
    writeStatus(context, resource, budget, status, user);
  }

  /** What the pods' controllers are asked for; a pod without one counts for itself. */
  function expectedPods(pods: readonly Pod[]): number {
    const owners = new Set<string>();
    let count = 0;
    for (const pod of pods) {
      const owner = cache.byUid(controllerOf(pod)?.uid ?? '') as
        | (Obj & {readonly spec?: {readonly replicas?: number}})
        | undefined;
      if (owner?.spec?.replicas === undefined) count += 1;
      else if (!owners.has(owner.metadata.uid)) {
        owners.add(owner.metadata.uid);
        count += owner.spec.replicas;
      }
    }
    return count;
  }

  return {
    name: component,
    level: 5,
    watches: {
      [resource]: itself,
      pods: ({object}) => cache.list(resource, object.metadata.namespace).map(keyOf),
    },
    reconcile,
  };
}
