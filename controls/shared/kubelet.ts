import type {Fix} from '../../src/engine/change.ts';
import type {ControlMeta, Failure, View} from '../../src/engine/control.ts';
import {describeEvidence, kubeletEvidence} from '../../src/engine/evidence.ts';
import {type Kubelet, kubeletOf} from '../../src/engine/kubelet.ts';
import type {Resource} from '../../src/engine/objects.ts';

/** Nobody lists kubelets: what is known of them depends on the cluster, and on what the person allows. */
export const kubeletNeeds = ['kubelet configuration'] as const;

/** The best that is known of each node's kubelet: what runs, else what the node was given, else what all nodes get. */
function known(view: View): readonly Resource[] {
  const all = view.list('Kubelet');
  const of = (rung: Kubelet['rung']) => all.filter((one) => kubeletOf(one).rung === rung);
  const running = of('configz');
  const names = new Set(running.map(({name}) => name));
  const own = [...running, ...of('node-args').filter(({name}) => !names.has(name))];
  return own.length > 0 ? own : of('kubelet-config');
}

/** Counts the kubelets whose configuration is known; without any, the control is not evaluated. */
export const overKubelets = {
  kinds: ['Kubelet'],
  counts: (resource: Resource, view: View): boolean => known(view).includes(resource),
  unavailable(view: View): string | undefined {
    const found = known(view);
    const isComplete = found.every((one) => kubeletOf(one).rung !== 'configz');
    if (found.length > 0 && isComplete) return undefined;
    return (
      view.gap('Kubelet') ??
      (found.length > 0
        ? undefined
        : 'No kubelet configuration is known: it lies in a file of each node, and the API shows it only to who may use nodes/proxy, a permission as strong as exec into every pod.')
    );
  },
  evidence: (resource: Resource): string => describeEvidence(kubeletEvidence(kubeletOf(resource))),
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
