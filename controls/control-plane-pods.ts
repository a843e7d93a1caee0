import {type ControlMeta, defineControl, type View} from '../src/engine/control.ts';
import {asObject, asString} from '../src/engine/json.ts';
import {describe, ownersOf, type Resource} from '../src/engine/objects.ts';
import {podTemplate} from '../src/engine/pod-spec.ts';
import {isControlPlane} from './shared/agents.ts';
import {manualFix} from './shared/manual.ts';
import {isMirrorPod} from './shared/owner.ts';
import {perList} from './shared/per-list.ts';

const meta = {
  id: 'control-plane-pods',
  title: 'Pods beside the control plane',
  practice: 'control-plane',
  baseScore: 5,
  needs: ['Pod', 'Node'],
  messages: {
    beside:
      '{object} runs on {found}, beside the control plane: a break-out from its container ends at the keys of the cluster. Taint the node, and let it start elsewhere.',
  },
  references: [
    'Kubernetes Hardening Guidance, Network separation and hardening: Control plane hardening',
    'https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/',
  ],
} satisfies ControlMeta;

const controlPlane = (view: View): ReadonlySet<string> =>
  perList(
    view,
    'Node',
    'control plane',
    (list) => new Set(list.filter(isControlPlane).map(({name}) => name)),
  );

const nodeOf = (pod: Resource): string => asString(podTemplate(pod).spec.nodeName);

/** What has to run on each node, and what the kubelet of that node runs from its files, is there by design. */
const isByDesign = (pod: Resource): boolean =>
  pod.namespace === 'kube-system' ||
  isMirrorPod(pod) ||
  ownersOf(pod.object).some(({kind}) => kind === 'DaemonSet');

const hasEnded = ({object}: Resource): boolean =>
  /^(Succeeded|Failed)$/.test(asString(asObject(object.status).phase));

export const controlPlanePods = defineControl({
  meta,
  kinds: ['Pod'],
  counts: (pod, view) => nodeOf(pod) !== '' && !hasEnded(pod) && controlPlane(view).size > 0,
  *check(pod, view) {
    const found = nodeOf(pod);
    if (!controlPlane(view).has(found) || isByDesign(pod)) return;
    yield {message: 'beside', path: ['spec', 'nodeName'], found, data: {object: describe(pod)}};
  },
  fixes: (failures) =>
    failures.map(({resource}) => {
      const {namespace, name} = resource;
      const node = nodeOf(resource);
      return manualFix(meta, resource.key, {
        approach: 'start it elsewhere',
        summary: 'keeps new pods away from the node, then moves this one',
        steps: [
          `Taint the node first (control control-plane-taint does): kubectl taint node ${node} node-role.kubernetes.io/control-plane:NoSchedule`,
          'See that another node has room, and that its workload tolerates no such taint and selects no such node.',
          `Delete the pod, its workload makes it anew: kubectl -n ${namespace} delete pod ${name}. A volume of the node itself keeps it there: move its data first.`,
          `Verify: kubectl get pods -A -o wide --field-selector spec.nodeName=${node} shows kube-system and DaemonSets alone.`,
        ],
      });
    }),
});
