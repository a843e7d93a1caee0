import type {Edit, Fix, Step} from '../../src/engine/change.ts';
import type {ControlMeta, Failure, View} from '../../src/engine/control.ts';
import {describeEvidence, kubeletEvidence} from '../../src/engine/evidence.ts';
import {type Kubelet, kubeletOf} from '../../src/engine/kubelet.ts';
import {kubeletConfigFile} from '../../src/engine/node-file.ts';
import type {Resource} from '../../src/engine/objects.ts';
import {idsOf} from './fix.ts';

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

/** What a fix changes in the kubelet's file. */
export type KubeletChange = {
  readonly edits: readonly Edit[];
  /** What may behave differently, in a sentence. */
  readonly consequence: string;
};

/**
 * A fix in the kubelet's file of each node: by hand, because no API reaches that file; where the node's files are
 * readable, as on the practice cluster, they are edited.
 */
export const inKubeletFile = (
  meta: ControlMeta,
  failures: readonly Failure[],
  view: View,
  summary: string,
  edit: string,
  verify: (node: string) => string,
  change?: KubeletChange,
): readonly Fix[] =>
  failures.map((failure) => {
    const {resource} = failure;
    // The ConfigMap that kubeadm hands out stands for every node.
    const isOne = kubeletOf(resource).rung !== 'kubelet-config';
    const nodes = isOne ? [resource.name] : view.list('Node').map(({name}) => name);
    const steps = nodes.map(
      (node): Step => ({do: 'file', node, file: kubeletConfigFile, edits: change?.edits ?? []}),
    );
    const file = kubeletConfigFile.slice(1);
    const isHere = change !== undefined && isOne && view.get('NodeFile', resource.name, file) !== undefined;
    const where = isOne ? `node ${resource.name}` : 'each node';
    return {
      approach: 'in the file of the node',
      summary,
      kind: isHere ? 'review' : 'manual',
      scope: 'object',
      change: {
        id: `${meta.id} in the file of the node ${resource.key}`,
        steps: change === undefined ? [] : steps,
      },
      clears: isHere ? idsOf(meta, failure) : [],
      asks: [],
      ...(isHere ? {consequence: `${change.consequence} ${restart}`} : {}),
      steps: [
        `Log in to ${where} and copy ${kubeletConfigFile} (ps -o args= -C kubelet names another one after --config).`,
        edit,
        'Restart the kubelet, running pods stay: systemctl restart kubelet && systemctl is-active kubelet',
        `See that the node is Ready again: kubectl get node ${isOne ? resource.name : ''}`.trimEnd(),
        verify(isOne ? resource.name : 'NODE'),
      ],
    };
  });

const restart = 'The kubelet starts anew, running pods stay.';
