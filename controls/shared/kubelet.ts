import type {Fix} from '../../src/engine/change.ts';
import type {ControlMeta, Failure, View} from '../../src/engine/control.ts';

/** Counts the kubelets whose configuration is known; without any, the control is not evaluated. */
export const overKubelets = {
  kinds: ['Kubelet'],
  unavailable: (view: View): string | undefined =>
    view.list('Kubelet').length > 0
      ? undefined
      : 'No kubelet configuration is known: it lies in a file of each node, and the API shows it only to who may use nodes/proxy, a permission as strong as exec into every pod.',
};

/** A fix in the kubelet's file of each node: steps only, because no API reaches that file. */
export const inKubeletFile = (
  meta: ControlMeta,
  failures: readonly Failure[],
  summary: string,
  edit: string,
  verify: (node: string) => string,
): readonly Fix[] =>
  failures.map(({resource}) => ({
    approach: 'in the file of the node',
    summary,
    kind: 'manual',
    scope: 'object',
    change: {id: `${meta.id} in the file of the node ${resource.key}`, steps: []},
    clears: [],
    asks: [],
    steps: [
      `Log in to node ${resource.name} and copy /var/lib/kubelet/config.yaml (ps -o args= -C kubelet names another one after --config).`,
      edit,
      'Restart the kubelet, running pods stay: systemctl restart kubelet && systemctl is-active kubelet',
      `See that the node is Ready again: kubectl get node ${resource.name}`,
      verify(resource.name),
    ],
  }));
