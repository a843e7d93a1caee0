import {type ControlMeta, defineControl} from '../src/engine/control.ts';
import {asArray, asObject, type JsonObject} from '../src/engine/json.ts';
import {type Resource, refOf} from '../src/engine/objects.ts';
import {isControlPlane} from './shared/agents.ts';
import {idsOf, set} from './shared/fix.ts';

const key = 'node-role.kubernetes.io/control-plane';

const meta = {
  id: 'control-plane-taint',
  title: 'Control-plane nodes kept free of other pods',
  practice: 'control-plane',
  baseScore: 5,
  needs: ['Node'],
  messages: {
    untainted:
      'Node {node} runs the control plane and takes any pod: its taints are {found}. A container that breaks out there is beside the keys of the cluster. Taint it.',
  },
  references: [
    'Kubernetes Hardening Guidance, Network separation and hardening: Control plane hardening',
    'https://kubernetes.io/docs/reference/labels-annotations-taints/#node-role-kubernetes-io-control-plane-taint',
  ],
} satisfies ControlMeta;

const taintsOf = ({object}: Resource): readonly JsonObject[] =>
  asArray(asObject(object.spec).taints).map(asObject);

/** Whether a taint keeps pods away that do not ask for such nodes; what Kubernetes sets for a while does not count. */
const keepsAway = ({key: name, effect}: JsonObject): boolean =>
  (effect === 'NoSchedule' || effect === 'NoExecute') && !String(name).startsWith('node.kubernetes.io/');

export const controlPlaneTaint = defineControl({
  meta,
  kinds: ['Node'],
  counts: isControlPlane,
  *check(resource) {
    const taints = taintsOf(resource);
    if (taints.some(keepsAway)) return;
    const found = taints.map((taint) => String(taint.key)).join(', ') || 'not set';
    yield {message: 'untainted', path: ['spec', 'taints'], found, data: {node: resource.name}};
  },
  fixes: (failures) =>
    failures.map((failure) => {
      const {resource} = failure;
      const edit = set(['spec', 'taints'], [...taintsOf(resource), {key, effect: 'NoSchedule'}]);
      return {
        approach: 'taint the node',
        summary: 'lets only pods start there that tolerate it; running ones stay',
        kind: 'review',
        scope: 'cluster',
        change: {
          id: `${meta.id} taint ${resource.key}`,
          steps: [{do: 'edit', object: refOf(resource), edits: [edit]}],
        },
        clears: idsOf(meta, failure),
        asks: [],
        consequence: `Pods of workloads that run on ${resource.name} today start elsewhere next time, and wait where no other node has room for them: a cluster of this one node would start nothing any more.`,
      };
    }),
});
