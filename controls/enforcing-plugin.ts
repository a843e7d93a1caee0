import {type ControlMeta, defineControl, type View} from '../src/engine/control.ts';
import {asObject, asString} from '../src/engine/json.ts';
import {annotationsOf, type Resource} from '../src/engine/objects.ts';
import {running, uncovered} from './shared/agents.ts';
import {manualFix} from './shared/manual.ts';

const meta = {
  id: 'enforcing-plugin',
  title: 'A network plugin that enforces policies',
  practice: 'network-policies',
  baseScore: 6,
  needs: ['Node', 'DaemonSet'],
  messages: {
    unenforced:
      'On node {node} nothing enforces network policies: {found}. The API server stores them all the same, and every pod stays open. Run a plugin that enforces.',
  },
  references: [
    'Kubernetes Hardening Guidance, Network separation and hardening: Network policies',
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/#prerequisites',
  ],
} satisfies ControlMeta;

/** Images of agents that turn policies into rules of the node; flannel and the bridge plugins do not. */
const agents =
  /(^|\/)(cilium|calico\/node|calico-node|antrea-(agent|ubuntu|ubi)(-.*)?|kube-router|weave-npc|azure-npm|aws-network-policy-agent|network-policy-agent|ovn-kube(-u|-f)?|kube-ovn|kube-network-policies|kindnetd)$/;

/** k3s brings a controller of its own inside the process of the node, unless it is told not to. */
const isOwn = ({object}: Resource): boolean =>
  asString(asObject(asObject(object.status).nodeInfo).kubeletVersion).includes('+k3s') &&
  !asString(annotationsOf(object)['k3s.io/node-args']).includes('--disable-network-policy');

const enforcers = (view: View): readonly Resource[] =>
  running(view, agents).filter(({kind}) => kind === 'DaemonSet');

export const enforcingPlugin = defineControl({
  meta,
  kinds: ['Node'],
  *check(node, view) {
    if (isOwn(node)) return;
    const found = enforcers(view);
    if (uncovered(found, [node]).length === 0) return;
    yield {
      message: 'unenforced',
      path: ['metadata', 'name'],
      found:
        found.length === 0
          ? 'no DaemonSet of a plugin known to'
          : `${found.map(({name}) => name).join(', ')} does not run there`,
      data: {node: node.name},
    };
  },
  fixes: () => [
    manualFix(meta, 'all nodes', {
      approach: 'a plugin that enforces',
      summary: 'adds an agent that turns policies into rules on every node',
      scope: 'cluster',
      steps: [
        'Where the provider manages the network, switch its enforcement on: Dataplane V2 on GKE, the network policy agent of the VPC plugin on EKS, Cilium on AKS.',
        'Else run one beside the plugin that is there: kube-network-policies enforces and changes nothing else. Changing the plugin itself (to Cilium or Calico) interrupts all pods: drain node by node.',
        'Policies that were stored long ago begin to hold at that moment: read them first with kubectl get networkpolicies -A',
        'Verify: kubectl create namespace probe, deny all ingress in it, and a request from another namespace to a pod there fails.',
      ],
    }),
  ],
});
