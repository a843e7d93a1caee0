import type {View} from '../../engine/control.ts';
import {asObject, asString} from '../../engine/json.ts';
import {annotationsOf} from '../../engine/objects.ts';
import {podTemplate} from '../../engine/pod-spec.ts';

/** DaemonSets, or containers of them, by which a network plugin is known; those that enforce come first. */
const plugins: readonly {readonly pattern: RegExp; readonly name: string; readonly enforces: boolean}[] = [
  {pattern: /^(cilium|anetd)(-agent)?$/, name: 'Cilium', enforces: true},
  {pattern: /^(calico-node|canal)$/, name: 'Calico', enforces: true},
  {pattern: /^antrea-agent$/, name: 'Antrea', enforces: true},
  {pattern: /^kube-router$/, name: 'kube-router', enforces: true},
  {pattern: /^weave-(net|npc)$/, name: 'Weave Net', enforces: true},
  {pattern: /^azure-npm$/, name: 'Azure NPM', enforces: true},
  {
    pattern: /^aws-(eks-)?(network-policy-agent|nodeagent)$/,
    name: 'The AWS network policy agent',
    enforces: true,
  },
  {pattern: /^(ovnkube-node|kube-ovn-cni|ovn-controller)$/, name: 'OVN', enforces: true},
  {pattern: /^kube-network-policies$/, name: 'kube-network-policies', enforces: true},
  {pattern: /^kindnet(-cni)?$/, name: 'kindnet', enforces: true},
  {pattern: /^(kube-flannel|kube-flannel-ds)$/, name: 'flannel', enforces: false},
];

/** The network plugin that is seen, and whether it enforces NetworkPolicies; an empty name where none is known. */
export function enforcer(view: View): {readonly name: string; readonly enforces: boolean} {
  const seen = view
    .list('DaemonSet')
    .flatMap((set) => [set.name, ...podTemplate(set).containers.map(({name}) => name)]);
  const found = plugins.find(({pattern}) => seen.some((name) => pattern.test(name)));
  if (found?.enforces) return found;
  // k3s and rke2 bring a controller of their own inside the node's process.
  const isK3s = view.list('Node').some(({object}) => {
    const info = asObject(asObject(object.status).nodeInfo);
    const isSwitchedOff = asString(annotationsOf(object)['k3s.io/node-args']).includes(
      '--disable-network-policy',
    );
    return asString(info.kubeletVersion).includes('+k3s') && !isSwitchedOff;
  });
  return isK3s ? {name: 'k3s', enforces: true} : (found ?? {name: '', enforces: false});
}
