import {grantOf} from '../src/engine/derive.ts';
import type {Resource} from '../src/engine/objects.ts';
import {isMirrorPod} from './shared/owner.ts';

const systemNamespaces = /^(default|kube-system|kube-public|kube-node-lease)$/;
const systemWorkloads = /^(kube-proxy|coredns|metrics-server)$/;
const staticPods = /^(etcd|kube-scheduler|kube-controller-manager|kube-apiserver)-/;

/**
 * Why an object of the system itself is accepted by default in today's edition: what Kubernetes brings along and needs
 * as it is. Undefined for everything else.
 */
export function builtInException(controlId: string, resource: Resource): string | undefined {
  const {kind, namespace, name, id} = resource;
  if (kind === 'Namespace' && systemNamespaces.test(name)) {
    return 'The namespace belongs to Kubernetes itself.';
  }
  if (kind === 'Grant' && id.startsWith('Group//system:masters ')) {
    return 'The group system:masters is the way back in when everything else is locked.';
  }
  if (namespace !== 'kube-system') return undefined;
  if ((kind === 'Deployment' || kind === 'DaemonSet') && systemWorkloads.test(name)) {
    return 'The workload is a part of Kubernetes and needs what it asks for.';
  }
  // The API server's own pod may not open ports of the node that it has no need of.
  const isOpenPort = controlId === 'C-0044' && name.startsWith('kube-apiserver-');
  if (staticPods.test(name) && isMirrorPod(resource) && !isOpenPort) {
    return 'The pod is a part of the control plane, run by the kubelet from a file of its node.';
  }
  return undefined;
}

/** Controls that count the cluster once, by its namespace kube-system. */
const ofCluster = ['image-registries', 'alert-receivers', 'log-redundancy'];

/** Why one of our own controls accepts an object of the system itself; undefined for everything else. */
export function ownException(controlId: string, resource: Resource): string | undefined {
  if (resource.kind === 'Namespace' && ofCluster.includes(controlId)) return undefined;
  if (resource.kind === 'Grant') {
    const {role, subject} = grantOf(resource);
    const isOwn = role.name.startsWith('system:') || /^system:(kube-|node)/.test(subject.name);
    if (isOwn) return 'Kubernetes itself makes this grant, for a part of its own.';
  }
  return builtInException(controlId, resource);
}
