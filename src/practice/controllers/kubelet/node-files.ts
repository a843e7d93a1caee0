import {readFileSync} from 'node:fs';
import {join, normalize} from 'node:path';
import {asObject, asString} from '../../../engine/json.ts';
import type {Container, Pod} from '../types.ts';

/** Reads files of a pod's node through the container's hostPath mounts; undefined where nothing is mounted or there. */
export function nodeFiles(
  nodeDirectory: string | undefined,
  pod: Pod,
  container: Container,
): (path: string) => string | undefined {
  return (path) => {
    const file = hostPathOf(nodeDirectory, pod, container, path);
    if (file === undefined) return undefined;
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return undefined;
    }
  };
}

/** Where a path of the container is on our disk; undefined where nothing of the node is mounted. */
export function hostPathOf(
  nodeDirectory: string | undefined,
  pod: Pod,
  container: Container,
  path: string,
): string | undefined {
  const {nodeName} = pod.spec;
  if (nodeDirectory === undefined || !nodeName || !/^[a-z0-9][a-z0-9.-]*$/.test(nodeName)) return undefined;
  const mounts = [...(container.volumeMounts ?? [])].sort((a, b) => b.mountPath.length - a.mountPath.length);
  const mount = mounts.find(
    ({mountPath}) => path === mountPath || path.startsWith(`${mountPath.replace(/\/$/, '')}/`),
  );
  const volume = (pod.spec.volumes ?? []).find(({name}) => name === mount?.name);
  const host = asString(asObject(volume?.hostPath).path);
  if (!mount || !host) return undefined;
  // The leading slash keeps `..` inside of the node's folder.
  const inside = normalize(`/${host}/${path.slice(mount.mountPath.replace(/\/$/, '').length)}`);
  return join(nodeDirectory, nodeName, inside);
}
