import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {flagValue} from '../engine/derive.ts';
import {isObject} from '../engine/json.ts';
import {type Encryption, readEncryption} from './api/encryption/configuration.ts';
import type {ApiServer} from './api/server.ts';
import type {Store} from './api/store.ts';
import {nodeFiles} from './controllers/kubelet/node-files.ts';
import type {Container, Pod} from './controllers/types.ts';
import {parseKept} from './kept-yaml.ts';

const flag = 'encryption-provider-config';
const wordsOf = ({command = [], args = []}: Container): readonly string[] => [...command, ...args];
const isServer = (container: Container): boolean => wordsOf(container)[0] === 'kube-apiserver';

/** The configuration that the API server of this pod reads; none where it reads none, or can't. */
function encryptionOf(pod: Pod, nodesDirectory: string): Encryption {
  const container = pod.spec.containers.find(isServer);
  const file = container && flagValue(wordsOf(container), flag);
  if (container === undefined || file === undefined) return [];
  try {
    return readEncryption(nodeFiles(nodesDirectory, pod, container)(file) ?? '', file);
  } catch {
    // The server does not come up: the kubelet tells why.
    return [];
  }
}

/** What the manifest of the API server on the nodes' disk says, before anything runs. */
export function encryptionOnDisk(nodesDirectory: string): Encryption {
  for (const node of existsSync(nodesDirectory) ? readdirSync(nodesDirectory) : []) {
    const folder = join(nodesDirectory, node, 'etc/kubernetes/manifests');
    for (const name of existsSync(folder) ? readdirSync(folder) : []) {
      const pod = podIn(join(folder, name), nodesDirectory);
      if (pod?.spec?.containers?.some(isServer))
        return encryptionOf({...pod, spec: {...pod.spec, nodeName: node}}, nodesDirectory);
    }
  }
  return [];
}

function podIn(file: string, nodesDirectory: string): Pod | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    if (!text.includes(flag)) return undefined;
    const content: unknown = parseKept(text, nodesDirectory);
    return isObject(content) && content.kind === 'Pod' ? (content as Pod) : undefined;
  } catch {
    return undefined;
  }
}

/** Takes the configuration over each time that the API server has started anew. Returns the function that ends it. */
export function followEncryption(server: ApiServer, store: Store, nodesDirectory: string): () => void {
  let running: string | undefined;
  return server.subscribe(({resource, object, type}) => {
    if (resource !== 'pods' || object.metadata.namespace !== 'kube-system' || type === 'DELETED') return;
    const pod = object as Pod;
    const container = pod.spec.containers.find(isServer);
    const status = pod.status?.containerStatuses?.find(({name}) => name === container?.name);
    const id = status?.state.running === undefined ? undefined : String(status.containerID);
    if (container === undefined || id === undefined || id === running) return;
    running = id;
    store.atRest?.use(encryptionOf(pod, nodesDirectory));
    reopen(store);
  });
}

/** Objects whose key was missing when they were read are there again as soon as it is. */
function reopen(store: Store): void {
  for (const resource of store.resources()) {
    for (const stub of store.list(resource)) {
      const object = store.atRest?.reopened(resource, stub);
      if (object === undefined) continue;
      store.put(resource, {...object, metadata: {...object.metadata, resourceVersion: String(store.next)}});
    }
  }
}
