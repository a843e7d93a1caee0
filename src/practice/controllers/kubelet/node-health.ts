import {existsSync, type FSWatcher, readdirSync, watch} from 'node:fs';
import {dirname, join} from 'node:path';
import {asArray, asObject, asString, equal, type JsonObject} from '../../../engine/json.ts';
import {timestamp} from '../clock.ts';
import {type Context, type Controller, keyOf, splitKey, systemUser, writeStatus} from '../controller.ts';
import type {Node, Pod, Taint} from '../types.ts';
import {configFault, configPath} from './config-fault.ts';
import {writeKubelet} from './node-logs.ts';

const component = 'node-lifecycle';
const source = 'node-controller';
const user = systemUser(source);
const unreachable = 'node.kubernetes.io/unreachable';
const lost = {
  reason: 'NodeStatusUnknown',
  message: 'Kubelet stopped posting node status.',
  status: 'Unknown',
};

/** What a kubelet says of a healthy node. */
const healthy: Readonly<Record<string, JsonObject>> = {
  MemoryPressure: {
    status: 'False',
    reason: 'KubeletHasSufficientMemory',
    message: 'kubelet has sufficient memory available',
  },
  DiskPressure: {
    status: 'False',
    reason: 'KubeletHasNoDiskPressure',
    message: 'kubelet has no disk pressure',
  },
  PIDPressure: {
    status: 'False',
    reason: 'KubeletHasSufficientPID',
    message: 'kubelet has sufficient PID available',
  },
  Ready: {status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status'},
};

export type NodeHealth = {
  readonly controller: Controller;
  /** Whether the kubelet of a node does not run: its pods stay as they are. */
  isDown(node: string): boolean;
  /** From now on, edits of the kubelets' configuration are followed. */
  watch(): void;
  close(): void;
};

/** A kubelet that can't read its configuration does not start: its node is lost until the file is mended. */
export function nodeHealth(
  context: Context,
  nodesFolder: string | undefined,
  logDirectory?: string,
): NodeHealth {
  const {cache, machine, events, clock} = context;
  const faults = new Map<string, string>();
  const watchers: FSWatcher[] = [];

  /** The key is `/NODE`. */
  function reconcile(key: string): void {
    const [, name] = splitKey(key);
    const node = cache.get<Node>('nodes', '', name);
    if (!node || nodesFolder === undefined) return;
    const fault = configFault(nodesFolder, name);
    const before = faults.get(name);
    if (fault === undefined) faults.delete(name);
    else faults.set(name, fault);
    if (fault !== undefined && fault !== before && logDirectory !== undefined)
      writeKubelet(logDirectory, name, fault, clock.now(), 'run.go:72');
    if (fault !== undefined) lose(node);
    else if (isLost(node) || before !== undefined) find(node);
  }

  function lose(node: Node): void {
    const {name} = node.metadata;
    const pods = podsOn(name);
    if (!isLost(node)) {
      events.normal(node, 'NodeNotReady', `Node ${name} status is now: NodeNotReady`, source);
      for (const pod of pods) events.warning(pod, 'NodeNotReady', 'Node is not ready', source);
    }
    writeConditions(node, () => lost);
    const added = timestamp(clock.now());
    const isAlone = cache.list<Node>('nodes').every((one) => faults.has(one.metadata.name));
    // Where no node answers, the fault may be the control plane's own: nothing is driven off.
    const effects = isAlone ? ['NoSchedule'] : ['NoSchedule', 'NoExecute'];
    const {taints = []} = node.spec;
    const missing = effects.filter(
      (effect) => !taints.some((taint) => taint.key === unreachable && taint.effect === effect),
    );
    if (missing.length > 0)
      writeTaints(node, [
        ...taints,
        ...missing.map((effect): Taint => ({key: unreachable, effect, timeAdded: added})),
      ]);
    for (const pod of pods) setReady(pod);
  }

  function find(node: Node): void {
    const {name} = node.metadata;
    const {taints = []} = node.spec;
    events.normal(node, 'Starting', 'Starting kubelet.', 'kubelet', name);
    events.normal(node, 'NodeReady', `Node ${name} status is now: NodeReady`, 'kubelet', name);
    writeConditions(node, (type) => healthy[type]);
    if (taints.some(({key}) => key === unreachable))
      writeTaints(
        node,
        taints.filter(({key}) => key !== unreachable),
      );
    for (const pod of podsOn(name)) context.enqueue('kubelet', keyOf(pod));
    context.enqueue('static-pods', `/${name}`);
  }

  const isLost = (node: Node): boolean =>
    asArray(node.status?.conditions).some(
      (one) => asObject(one).type === 'Ready' && asObject(one).reason === lost.reason,
    );

  const podsOn = (node: string): readonly Pod[] =>
    cache.list<Pod>('pods').filter((pod) => pod.spec.nodeName === node);

  function writeConditions(node: Node, wanted: (type: string) => JsonObject | undefined): void {
    const now = timestamp(clock.now());
    const conditions = asArray(node.status?.conditions).map((item) => {
      const condition = asObject(item);
      const type = asString(condition.type);
      const next = healthy[type] && wanted(type);
      if (!next || equal({...condition, ...next}, condition)) return condition;
      const isSame = condition.status === next.status;
      return {...condition, ...next, ...(isSame ? {} : {lastTransitionTime: now})};
    });
    const latest = cache.get<Node>('nodes', '', node.metadata.name) ?? node;
    writeStatus(context, 'nodes', latest, {...latest.status, conditions}, user);
  }

  function writeTaints(node: Node, taints: readonly Taint[]): void {
    const latest = cache.get<Node>('nodes', '', node.metadata.name) ?? node;
    const {taints: _, ...spec} = latest.spec;
    machine.update('nodes', {...latest, spec: taints.length > 0 ? {...spec, taints} : spec}, {user});
  }

  /** Nobody can say that it is ready: its Services leave it out. */
  function setReady(pod: Pod): void {
    const now = timestamp(clock.now());
    const conditions = asArray(pod.status?.conditions).map((item) => {
      const condition = asObject(item);
      if (condition.type !== 'Ready' || condition.status === 'False') return condition;
      return {...condition, status: 'False', lastTransitionTime: now};
    });
    if (pod.status) writeStatus(context, 'pods', pod, {...pod.status, conditions}, user);
  }

  return {
    controller: {
      name: component,
      level: 1,
      watches: {
        nodes: ({type, object}) => (type === 'ADDED' ? [`/${object.metadata.name}`] : []),
      },
      reconcile,
    },
    isDown: (node) => faults.has(node),
    watch() {
      if (nodesFolder === undefined || !existsSync(nodesFolder)) return;
      for (const node of readdirSync(nodesFolder)) {
        const folder = dirname(join(nodesFolder, node, configPath));
        if (!existsSync(folder)) continue;
        const watcher = watch(folder, () => context.enqueue(component, `/${node}`, 50));
        watcher.unref();
        watcher.on('error', () => watcher.close());
        watchers.push(watcher);
      }
    },
    close() {
      for (const watcher of watchers) watcher.close();
    },
  };
}
