import {equal} from '../../engine/json.ts';
import {timestamp} from './clock.ts';
import {type Context, type Controller, keyOf, refusal, splitKey, writeStatus} from './controller.ts';
import {conditionOf, isActive} from './pods.ts';
import {obstacle, type Requests, requestsOf} from './scheduling.ts';
import type {Node, Obj, Pod} from './types.ts';

const component = 'default-scheduler';
const user = 'system:kube-scheduler';

type Load = {pods: Pod[]; cpu: bigint; memory: bigint};

/** Gives every pod the node with the fewest requests among those that fit. */
export function scheduler(context: Context): Controller {
  const {cache, machine, events, clock} = context;
  const loads = new Map<string, Load>();
  const counted = new Map<string, string>();
  const unplaced = new Set<string>();

  function reconcile(key: string): void {
    const pod = cache.get<Pod>('pods', ...splitKey(key));
    unplaced.delete(key);
    if (!pod || !isWaiting(pod)) return;
    const unbound = unboundClaim(pod);
    const nodes = cache.list<Node>('nodes');
    if (unbound) {
      refuse(pod, `0/${nodes.length} nodes are available: ${unbound}`);
      return;
    }
    const reasons = new Map<string, number>();
    let best: {readonly node: Node; readonly load: Requests & {readonly pods: readonly Pod[]}} | undefined;
    for (const node of nodes) {
      const load = loadOf(node.metadata.name);
      const reason = obstacle(pod, node, load.pods, load);
      if (reason !== undefined) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      else if (!best || isLighter(load, best.load)) best = {node, load};
    }
    if (!best) {
      refuse(pod, unavailable(nodes.length, reasons));
      return;
    }
    const node = best.node.metadata.name;
    try {
      machine.bind(pod.metadata.namespace ?? '', pod.metadata.name, node);
    } catch (error) {
      if (refusal(error).code === 404) return;
      throw error;
    }
    events.normal(
      pod,
      'Scheduled',
      `Successfully assigned ${pod.metadata.namespace}/${pod.metadata.name} to ${node}`,
      component,
    );
  }

  function refuse(pod: Pod, message: string): void {
    unplaced.add(keyOf(pod));
    events.warning(pod, 'FailedScheduling', message, component);
    const known = conditionOf(pod.status?.conditions, 'PodScheduled');
    const condition = {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message,
      lastProbeTime: null,
      lastTransitionTime:
        known?.status === 'False' ? (known.lastTransitionTime ?? '') : timestamp(clock.now()),
    };
    const others = (pod.status?.conditions ?? []).filter((one) => one.type !== 'PodScheduled');
    writeStatus(context, 'pods', pod, {...pod.status, conditions: [...others, condition]}, user);
  }

  function unboundClaim(pod: Pod): string | undefined {
    for (const {persistentVolumeClaim} of pod.spec.volumes ?? []) {
      if (!persistentVolumeClaim) continue;
      const {claimName} = persistentVolumeClaim;
      const claim = cache.get<Obj & {readonly status?: {readonly phase?: string}}>(
        'persistentvolumeclaims',
        pod.metadata.namespace ?? '',
        claimName,
      );
      if (!claim) return `persistentvolumeclaim "${claimName}" not found. not found`;
      if (claim.status?.phase !== 'Bound')
        return 'pod has unbound immediate PersistentVolumeClaims. not found';
    }
    return undefined;
  }

  function loadOf(node: string): Load {
    let load = loads.get(node);
    if (!load) {
      load = {pods: [], cpu: 0n, memory: 0n};
      loads.set(node, load);
    }
    return load;
  }

  /** Keeps what is asked of each node, so that placing a pod doesn't look at all others. */
  function count(pod: Pod, isGone: boolean): void {
    const {uid} = pod.metadata;
    const node = pod.spec.nodeName;
    const counts = !isGone && node !== undefined && isRunningOrStarting(pod);
    const before = counted.get(uid);
    if (before !== undefined && (!counts || before !== node)) {
      const load = loadOf(before);
      const asked = requestsOf(pod.spec);
      load.pods = load.pods.filter((one) => one.metadata.uid !== uid);
      load.cpu -= asked.cpu;
      load.memory -= asked.memory;
      counted.delete(uid);
    }
    if (!counts || before === node) return;
    const load = loadOf(node);
    const asked = requestsOf(pod.spec);
    load.pods.push(pod);
    load.cpu += asked.cpu;
    load.memory += asked.memory;
    counted.set(uid, node);
  }

  const waiting = (): readonly string[] => [...unplaced];
  return {
    name: component,
    level: 1,
    watches: {
      pods: ({type, object, previous}) => {
        const pod = object as Pod;
        const isGone = type === 'DELETED';
        const frees = isGone || !isRunningOrStarting(pod);
        count(pod, isGone);
        if (isWaiting(pod) && !isGone)
          return isRefused(pod) && equal(pod.spec, previous?.spec) ? [] : [keyOf(pod)];
        return frees ? waiting() : [];
      },
      nodes: ({object, previous}) =>
        object.spec === previous?.spec && object.metadata.labels === previous?.metadata.labels
          ? []
          : waiting(),
      persistentvolumeclaims: waiting,
    },
    reconcile,
  };
}

/** Refused already: only a change elsewhere makes another attempt worth it. */
const isRefused = (pod: Pod): boolean =>
  conditionOf(pod.status?.conditions, 'PodScheduled')?.status === 'False';

const isRunningOrStarting = (pod: Pod): boolean =>
  pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed';

const isWaiting = (pod: Pod): boolean =>
  pod.spec.nodeName === undefined &&
  isActive(pod) &&
  (pod.spec.schedulerName ?? component) === component &&
  !(Array.isArray(pod.spec.schedulingGates) && pod.spec.schedulingGates.length > 0);

type Weight = {readonly pods: readonly Pod[]; readonly cpu: bigint; readonly memory: bigint};
const isLighter = (a: Weight, b: Weight): boolean =>
  a.pods.length !== b.pods.length ? a.pods.length < b.pods.length : a.memory < b.memory;

function unavailable(nodes: number, reasons: ReadonlyMap<string, number>): string {
  const counts = [...reasons].map(([reason, count]) => `${count} ${reason}`).sort();
  const preemption = `preemption: 0/${nodes} nodes are available: ${nodes} Preemption is not helpful for scheduling.`;
  return nodes === 0
    ? 'no nodes available to schedule pods'
    : `0/${nodes} nodes are available: ${counts.join(', ')}. no new claims to deallocate, ${preemption}`;
}
