import {asArray, asObject, asString} from '../../../engine/json.ts';
import type {Stored} from '../machine.ts';
import type {ResourceInfo} from '../resources.ts';
import type {ApiServer} from '../server.ts';

/** How often a kubelet renews its lease. */
const every = 10_000;

/** A node's lease as its kubelet would have renewed it by now: a node that is ready does so, and nothing is stored. */
export function renewed(server: ApiServer, info: ResourceInfo, object: Stored): Stored {
  if (info.id !== 'leases.coordination.k8s.io' || object.metadata.namespace !== 'kube-node-lease')
    return object;
  const spec = asObject(object.spec);
  const node = server.get('nodes', '', asString(spec.holderIdentity));
  const isReady = asArray(asObject(node?.status).conditions)
    .map(asObject)
    .some(({type, status}) => type === 'Ready' && status === 'True');
  const now = Math.floor(Date.now() / every) * every;
  if (!isReady || now <= Date.parse(asString(spec.renewTime))) return object;
  return {...object, spec: {...spec, renewTime: `${new Date(now).toISOString().slice(0, 19)}.000000Z`}};
}
