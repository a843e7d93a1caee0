import {annotationsOf, type OwnerReference, ownersOf, type Resource} from '../../src/engine/objects.ts';

/** Whether the kubelet of a node made it from a file: the API only mirrors it. */
export const isMirrorPod = ({kind, object}: Resource): boolean =>
  kind === 'Pod' &&
  ('kubernetes.io/config.mirror' in annotationsOf(object) ||
    ownersOf(object).some((owner) => owner.kind === 'Node' && owner.apiVersion === 'v1'));

/**
 * What makes an object whose pods can't be changed in place, and would make it anew: the Workflow of a Pod, the Rollout
 * of a ReplicaSet. Undefined where it stands alone, or where its template may be changed.
 */
export const makerOf = ({kind, object}: Resource): OwnerReference | undefined =>
  kind === 'Pod' || kind === 'Job' || kind === 'ReplicaSet' ? ownersOf(object)[0] : undefined;
