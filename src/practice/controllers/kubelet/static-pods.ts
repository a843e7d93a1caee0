import {existsSync, type FSWatcher, mkdirSync, readdirSync, readFileSync, watch} from 'node:fs';
import {join} from 'node:path';
import {parse} from 'yaml';
import {asObject, isObject, type Json, type JsonObject} from '../../../engine/json.ts';
import {timestamp} from '../clock.ts';
import {type Context, type Controller, hashOf, refusal, splitKey} from '../controller.ts';
import type {Node, Pod} from '../types.ts';

const component = 'static-pods';
const manifests = 'etc/kubernetes/manifests';
const hashAnnotation = 'kubernetes.io/config.hash';

export type StaticPods = {
  readonly controller: Controller;
  /** From now on, edits of the files are followed. */
  watch(): void;
  close(): void;
};

/** Shows the pods that a node's kubelet runs from its files as mirror pods. A file that can't be read changes nothing. */
export function staticPods(context: Context, nodeDirectory: string | undefined): StaticPods {
  const {cache, machine, clock} = context;
  const watchers: FSWatcher[] = [];

  /** The key is `/NODE`. */
  function reconcile(key: string): void {
    const [, name] = splitKey(key);
    const node = cache.get<Node>('nodes', '', name);
    if (!node || nodeDirectory === undefined) return;
    const wanted = read(join(nodeDirectory, name, manifests));
    if (!wanted) return;
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

/** The manifests of a folder by pod name; undefined when one of them can't be read. */
function read(folder: string): ReadonlyMap<string, JsonObject> | undefined {
  const found = new Map<string, JsonObject>();
  if (!existsSync(folder)) return found;
  for (const file of readdirSync(folder).sort()) {
    if (file.startsWith('.') || !/\.(ya?ml|json)$/.test(file)) continue;
    try {
      const manifest: unknown = parse(readFileSync(join(folder, file), 'utf8'));
      if (!isObject(manifest)) return undefined;
      const name: Json | undefined = asObject(manifest.metadata).name;
      if (manifest.kind !== 'Pod' || typeof name !== 'string') return undefined;
      found.set(name, manifest);
    } catch {
      return undefined;
    }
  }
  return found;
}
