import {existsSync, type FSWatcher, mkdirSync, readdirSync, readFileSync, watch} from 'node:fs';
import {join} from 'node:path';
import {asObject, isObject, type Json, type JsonObject} from '../../../engine/json.ts';
import {parseKept} from '../../kept-yaml.ts';
import {timestamp} from '../clock.ts';
import {type Context, type Controller, hashOf, refusal, splitKey} from '../controller.ts';
import type {Node, Pod} from '../types.ts';
import {writeKubelet} from './node-logs.ts';

const component = 'static-pods';
const manifests = 'etc/kubernetes/manifests';
const hashAnnotation = 'kubernetes.io/config.hash';

export type StaticPods = {
  readonly controller: Controller;
  /** From now on, edits of the files are followed. */
  watch(): void;
  close(): void;
};

/** Shows the pods that a node's kubelet runs from its files as mirror pods. A file that can't be read is as if it were not there. */
export function staticPods(
  context: Context,
  nodeDirectory: string | undefined,
  logDirectory?: string,
  isDown: (node: string) => boolean = () => false,
): StaticPods {
  const {cache, machine, clock} = context;
  const watchers: FSWatcher[] = [];
  const told = new Map<string, readonly string[]>();

  /** The key is `/NODE`. */
  function reconcile(key: string): void {
    const [, name] = splitKey(key);
    const node = cache.get<Node>('nodes', '', name);
    if (!node || nodeDirectory === undefined || isDown(name)) return;
    const {pods: wanted, faults} = read(nodeDirectory, name);
    tellFaults(name, faults);
    const known = mirrorsOf(name);
    for (const [podName, manifest] of wanted) {
      const mirror = mirrorOf(podName, manifest, node);
      const before = known.find((pod) => pod.metadata.name === `${podName}-${name}`);
      if (before?.metadata.annotations?.[hashAnnotation] === mirror.hash) continue;
      if (before) remove(before);
      else machine.create('pods', mirror.namespace, mirror.pod, {user: `system:node:${name}`});
    }
    for (const pod of known) {
      if (![...wanted.keys()].some((podName) => `${podName}-${name}` === pod.metadata.name)) remove(pod);
    }
  }

  /** Each fault once: the folder is looked at more often than it changes. */
  function tellFaults(node: string, faults: readonly string[]): void {
    for (const fault of faults) {
      if (!(told.get(node) ?? []).includes(fault) && logDirectory !== undefined)
        writeKubelet(logDirectory, node, fault, clock.now());
    }
    told.set(node, faults);
  }

  const mirrorsOf = (node: string): readonly Pod[] =>
    cache
      .list<Pod>('pods')
      .filter(
        (pod) => pod.spec.nodeName === node && pod.metadata.annotations?.[hashAnnotation] !== undefined,
      );

  function mirrorOf(podName: string, manifest: JsonObject, node: Node) {
    const metadata = asObject(manifest.metadata);
    const namespace = typeof metadata.namespace === 'string' ? metadata.namespace : 'default';
    const hash = hashOf(manifest);
    const seen = timestamp(clock.now());
    const pod = {
      ...manifest,
      metadata: {
        ...metadata,
        name: `${podName}-${node.metadata.name}`,
        namespace,
        annotations: {
          ...asObject(metadata.annotations),
          [hashAnnotation]: hash,
          'kubernetes.io/config.mirror': hash,
          'kubernetes.io/config.seen': seen,
          'kubernetes.io/config.source': 'file',
        },
        ownerReferences: [
          {
            apiVersion: 'v1',
            kind: 'Node',
            name: node.metadata.name,
            uid: node.metadata.uid,
            controller: true,
          },
        ],
      },
      spec: {
        ...asObject(manifest.spec),
        nodeName: node.metadata.name,
        tolerations: [{operator: 'Exists', effect: 'NoExecute'}],
      },
    };
    return {pod, namespace, hash};
  }

  function remove(pod: Pod): void {
    if (pod.metadata.deletionTimestamp !== undefined) return;
    try {
      machine.delete('pods', pod.metadata.namespace ?? '', pod.metadata.name, {
        user: `system:node:${pod.spec.nodeName}`,
      });
    } catch (error) {
      if (refusal(error).code !== 404) throw error;
    }
  }

  function follow(): void {
    if (nodeDirectory === undefined) return;
    for (const node of readdirSync(nodeDirectory)) {
      const folder = join(nodeDirectory, node, manifests);
      if (!existsSync(folder)) mkdirSync(folder, {recursive: true, mode: 0o700});
      const watcher = watch(folder, () => context.enqueue(component, `/${node}`, 50));
      watcher.unref();
      watcher.on('error', () => watcher.close());
      watchers.push(watcher);
    }
  }

  return {
    controller: {
      name: component,
      level: 1,
      watches: {
        nodes: ({type, object}) => (type === 'ADDED' ? [`/${object.metadata.name}`] : []),
        pods: ({type, object}) => {
          const pod = object as Pod;
          const isMirror = pod.metadata.annotations?.[hashAnnotation] !== undefined;
          return type === 'DELETED' && isMirror ? [`/${pod.spec.nodeName}`] : [];
        },
      },
      reconcile,
    },
    watch: follow,
    close() {
      for (const watcher of watchers) watcher.close();
    },
  };
}

type Manifests = {
  /** By the name of the pod. */
  readonly pods: ReadonlyMap<string, JsonObject>;
  /** What the kubelet says of the files that it can't read. */
  readonly faults: readonly string[];
};

function read(nodeDirectory: string, node: string): Manifests {
  const folder = join(nodeDirectory, node, manifests);
  const pods = new Map<string, JsonObject>();
  const faults: string[] = [];
  if (!existsSync(folder)) return {pods, faults};
  for (const file of readdirSync(folder).sort()) {
    if (file.startsWith('.') || !/\.(ya?ml|json)$/.test(file)) continue;
    const path = `/${manifests}/${file}`;
    const fault = (why: string): void => {
      const text = `${path}: couldn't parse as pod(${why}), please check config file`;
      faults.push(
        `"Could not process manifest file" err=${JSON.stringify(text)} path=${JSON.stringify(path)}`,
      );
    };
    try {
      const manifest: unknown = parseKept(readFileSync(join(folder, file), 'utf8'), nodeDirectory);
      if (!isObject(manifest)) {
        fault("Object 'Kind' is missing in 'null'");
        continue;
      }
      const name: Json | undefined = asObject(manifest.metadata).name;
      if (manifest.kind !== 'Pod' || typeof name !== 'string' || !isObject(manifest.spec)) {
        fault(`unable to decode: no Pod with a name: ${String(manifest.kind)}`);
      } else pods.set(name, manifest);
    } catch (error) {
      fault(`yaml: ${(error as Error).message.split('\n')[0]}`);
    }
  }
  return {pods, faults};
}
