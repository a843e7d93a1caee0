import type {JsonObject} from './json.ts';
import {objectId, type Resource} from './objects.ts';

/** What the object of a KubeconfigFile resource holds: never what is in the file. */
export type KubeconfigFile = JsonObject & {
  /** Empty: the machine that kubekata runs on. */
  readonly node: string;
  /** Absolute. */
  readonly path: string;
  /** Permission bits as `0600`. */
  readonly mode: string;
};

/** A kubeconfig on a disk as an object that controls see like any other. `mode`: as a stat of the file tells it. */
export function kubeconfigFileResource(node: string, path: string, mode: number): Resource {
  const name = path.replace(/^\/+/, '');
  const id = objectId('KubeconfigFile', node, name);
  const object: KubeconfigFile = {node, path, mode: (mode & 0o7777).toString(8).padStart(4, '0')};
  return {
    key: id,
    id,
    apiVersion: 'kubekata/v1',
    kind: 'KubeconfigFile',
    namespace: node,
    name,
    object,
    source: 'live',
  };
}

export const kubeconfigFileOf = (resource: Resource): KubeconfigFile => resource.object as KubeconfigFile;
