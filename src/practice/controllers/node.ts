import {asArray, asObject, equal} from '../../engine/json.ts';
import {timeOf} from './clock.ts';
import {type Context, type Controller, itself, keyOf, refusal, splitKey, systemUser} from './controller.ts';
import {tolerates} from './scheduling.ts';
import type {Node, Pod, Taint} from './types.ts';

const component = 'node-controller';
const user = systemUser(component);
const notReady = 'node.kubernetes.io/not-ready';
const unschedulable: Taint = {key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule'};

/** Taints a cordoned node, drives pods off where a taint says so, and removes the pods of a node that is gone. */
export function nodeController(context: Context): Controller {
  const {cache, machine, events, clock} = context;

  function reconcile(key: string): void {
    const [, name] = splitKey(key);
    const node = cache.get<Node>('nodes', '', name);
    const pods = cache.list<Pod>('pods').filter((pod) => pod.spec.nodeName === name);
    if (!node) {
      for (const pod of pods) remove(pod, 0);
      return;
    }
    const taints = cordon(node);
    for (const pod of pods) evict(key, pod, taints);
  }

  function cordon(node: Node): readonly Taint[] {
    const {taints = [], ...spec} = node.spec;
    const isReady = asArray(asObject(node.status).conditions)
      .map(asObject)
      .some(({type, status}) => type === 'Ready' && status === 'True');
    const others = taints.filter(
      ({key, effect}) =>
        key !== unschedulable.key && !(isReady && key === notReady && effect === 'NoSchedule'),
    );
    const wanted = node.spec.unschedulable === true ? [...others, unschedulable] : others;
    const isSame = equal(
      wanted.map(({key, effect}) => `${key} ${effect}`),
      taints.map(({key, effect}) => `${key} ${effect}`),
    );
    if (!isSame) {
      machine.update('nodes', {...node, spec: wanted.length > 0 ? {...spec, taints: wanted} : spec}, {user});
    }
    return wanted;
  }

  function evict(key: string, pod: Pod, taints: readonly Taint[]): void {
    if (pod.metadata.deletionTimestamp !== undefined) return;
    for (const taint of taints) {
      if (taint.effect !== 'NoExecute') continue;
      const left = tolerates(pod.spec, taint) ? timeLeft(pod, taint) : 0;
      if (left === undefined) continue;
      if (left > 0) context.enqueue(component, key, left);
      else {
        const what = `Marking for deletion Pod ${keyOf(pod)}`;
        events.normal(pod, 'TaintManagerEviction', what, 'taint-eviction-controller');
        remove(pod);
        return;
      }
    }
  }

  /** How long a pod puts up with the taint; undefined for as long as it likes. */
  function timeLeft(pod: Pod, taint: Taint): number | undefined {
    const seconds = (pod.spec.tolerations ?? [])
      .filter((toleration) => tolerates({...pod.spec, tolerations: [toleration]}, taint))
      .map((toleration) => toleration.tolerationSeconds);
    if (seconds.includes(undefined)) return undefined;
    const least = Math.min(...seconds.map((one) => one ?? 0));
    const now = clock.now();
    const started = pod.status?.startTime === undefined ? now : timeOf(pod.status.startTime);
    return Math.max(timeOf(taint.timeAdded), started) + least * 1000 - now;
  }

  function remove(pod: Pod, gracePeriodSeconds?: number): void {
    try {
      machine.delete('pods', pod.metadata.namespace ?? '', pod.metadata.name, {
        user,
        ...(gracePeriodSeconds === undefined ? {} : {gracePeriodSeconds}),
      });
    } catch (error) {
      if (refusal(error).code !== 404) throw error;
    }
  }

  return {
    name: component,
    level: 1,
    watches: {
      nodes: itself,
      pods: ({type, object, previous}) => {
        const {nodeName} = (object as Pod).spec;
        const isNew =
          type !== 'DELETED' &&
          nodeName !== undefined &&
          (previous as Pod | undefined)?.spec.nodeName !== nodeName;
        const taints = isNew ? cache.get<Node>('nodes', '', nodeName)?.spec.taints : undefined;
        return taints?.some(({effect}) => effect === 'NoExecute') ? [`/${nodeName}`] : [];
      },
    },
    reconcile,
  };
}
