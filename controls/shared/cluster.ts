import type {View} from '../../src/engine/control.ts';
import type {Resource} from '../../src/engine/objects.ts';

/** Whether an object stands for the cluster as a whole: the namespace that every cluster has, and whose uid names it. */
export const isCluster = ({kind, name}: Resource): boolean => kind === 'Namespace' && name === 'kube-system';

export const clusterUnseen =
  'Namespace kube-system is not among what was read, so what the cluster runs is not known: look at the cluster itself, not at its manifests.';

/** Counts the cluster once; manifests alone are no cluster. */
export const overCluster = {
  kinds: ['Namespace'],
  counts: isCluster,
  unavailable: (view: View): string | undefined =>
    view.get('Namespace', '', 'kube-system') === undefined ? clusterUnseen : undefined,
};
