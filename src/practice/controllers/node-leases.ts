import {type Context, type Controller, itself, splitKey} from './controller.ts';
import type {Node} from './types.ts';

const namespace = 'kube-node-lease';
const resource = 'leases.coordination.k8s.io';
const seconds = 40;

/** Each kubelet holds a lease on its node. Who reads it sees it renewed: the disk is left alone. */
export function nodeLeases(context: Context): Controller {
  const {cache, machine, clock} = context;

  function reconcile(key: string): void {
    const [, name] = splitKey(key);
    const node = cache.get<Node>('nodes', '', name);
    if (!node || machine.get(resource, namespace, name) || !machine.get('namespaces', '', namespace)) return;
    const {uid} = node.metadata;
    machine.create(
      resource,
      namespace,
      {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: {name, namespace, ownerReferences: [{apiVersion: 'v1', kind: 'Node', name, uid}]},
        spec: {
          holderIdentity: name,
          leaseDurationSeconds: seconds,
          renewTime: `${new Date(clock.now()).toISOString().slice(0, 19)}.000000Z`,
        },
      },
      {user: `system:node:${name}`},
    );
  }

  return {name: 'node-leases', level: 1, watches: {nodes: itself}, reconcile};
}
