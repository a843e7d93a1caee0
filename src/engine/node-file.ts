import type {JsonObject} from './json.ts';
import {objectId, type Ref, type Resource} from './objects.ts';

/** Where a node's kubelet reads static pods from, and its own configuration, as kubeadm puts them. */
export const manifestsFolder = '/etc/kubernetes/manifests';
export const kubeletConfigFile = '/var/lib/kubelet/config.yaml';

/** What is known of the manifest of an API server that nobody shows: that it runs one. */
export const unseenManifest: JsonObject = {
  spec: {containers: [{name: 'kube-apiserver', command: ['kube-apiserver']}]},
};

/** Names a file of a node as an object: `NodeFile rpi-1/etc/kubernetes/manifests/etcd.yaml`. `file` is absolute. */
export const nodeFileRef = (node: string, file: string): Ref => ({
  apiVersion: 'kubekata/v1',
  kind: 'NodeFile',
  namespace: node,
  name: file.replace(/^\/+/, ''),
});

/** The absolute path on the node that a reference to a node file names. */
export const filePathOf = ({name}: Pick<Ref, 'name'>): string => `/${name}`;

/** A YAML file of a node as an object that controls see like any other. `content` holds no credential. */
export function nodeFileResource(node: string, file: string, content: JsonObject): Resource {
  const ref = nodeFileRef(node, file);
  const id = objectId(ref.kind, ref.namespace, ref.name);
  return {...ref, key: id, id, object: content, source: 'live'};
}
