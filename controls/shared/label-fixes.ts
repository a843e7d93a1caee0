import type {Fix} from '../../src/engine/change.ts';
import {type ControlMeta, type Failure, findingId, type View} from '../../src/engine/control.ts';
import {asObject} from '../../src/engine/json.ts';
import {labelsOf, type Resource, refOf} from '../../src/engine/objects.ts';
import {
  describeRefusals,
  podSecurityLabel,
  podSecurityRefusals,
  strictestLevel,
} from '../../src/engine/pod-security.ts';
import {isTopLevel, podTemplate, WORKLOADS} from '../../src/engine/pod-spec.ts';
import {set} from './fix.ts';

const enforce = podSecurityLabel('enforce');

/** For each namespace the label that its pods pass today, or what has to change before there is one. */
export function labelFixes(
  meta: ControlMeta,
  failures: readonly Failure[],
  view: View,
  namespaces: readonly Resource[],
): readonly Fix[] {
  const levels = new Map(namespaces.map((one) => [one, strictestLevel(podsOf(one, view).map(podTemplate))]));
  const ready = namespaces.filter((one) => levels.get(one) !== 'privileged');
  const unready = namespaces.filter((one) => levels.get(one) === 'privileged');
  return [
    ...ready.map((one) => labelling(meta, one, levels.get(one)!, failures)),
    ...unready.map((one) => hardeningFirst(meta, one, view)),
  ];
}

/** The running pods of a namespace, and what its workloads would start next. */
const podsOf = ({name}: Resource, view: View): readonly Resource[] =>
  WORKLOADS.flatMap((kind) => view.list(kind, name)).filter((one) => one.kind === 'Pod' || isTopLevel(one));

function labelling(meta: ControlMeta, namespace: Resource, level: string, failures: readonly Failure[]): Fix {
  const approach = 'label the namespace';
  const labels = ['metadata', 'labels'];
  const strictest =
    podSecurityLabel('warn') in asObject(labelsOf(namespace.object)) || level === 'restricted';
  const edits = [
    set([...labels, enforce], level),
    ...(strictest ? [] : [set([...labels, podSecurityLabel('warn')], 'restricted')]),
  ];
  return {
    approach,
    summary: `enforces ${level}, the strictest level that all its pods and workloads pass today`,
    kind: 'review',
    scope: 'namespace',
    change: {
      id: `${meta.id} ${approach} ${namespace.key}`,
      steps: [{do: 'edit', object: refOf(namespace), edits}],
    },
    clears: clearing(meta, namespace, failures),
    asks: [],
    consequence: `A pod of namespace ${namespace.name} that breaks ${level} is refused from now on; running ones stay. Pods that something starts now and then, and that nobody sees today (workflows, kubectl debug), count as well.`,
  };
}

const clearing = (meta: ControlMeta, namespace: Resource, failures: readonly Failure[]): readonly string[] =>
  failures.flatMap(({resource, findings}) =>
    findings
      .filter(({data}) => data?.namespace === namespace.name)
      .map((finding) => findingId(meta.id, resource, finding)),
  );

function hardeningFirst(meta: ControlMeta, namespace: Resource, view: View): Fix {
  const approach = 'harden its pods first';
  const {name} = namespace;
  const refused = podsOf(namespace, view).flatMap((one) => {
    const reasons = podSecurityRefusals('baseline', podTemplate(one));
    const isCopy = one.kind === 'Pod' && !isTopLevel(one);
    return reasons.length === 0 || isCopy ? [] : [`${one.kind} ${one.name}: ${describeRefusals(reasons)}`];
  });
  return {
    approach,
    summary: 'takes away what the baseline level refuses, then labels the namespace',
    kind: 'manual',
    scope: 'namespace',
    change: {id: `${meta.id} ${approach} ${namespace.key}`, steps: []},
    clears: [],
    asks: [],
    steps: [
      `In namespace ${name} the baseline level refuses ${refused.join('; ') || 'a pod that its owner has changed since'}.`,
      'Take that away. What really needs it belongs in a namespace of its own, which stays privileged and is accepted with the reason.',
      `See what is left: kubectl label --dry-run=server --overwrite namespace ${name} ${enforce}=baseline`,
      `Then label it: kubectl label --overwrite namespace ${name} ${enforce}=baseline ${podSecurityLabel('warn')}=restricted`,
      `Verify: kubectl -n ${name} run probe --image=busybox --privileged --dry-run=server is refused.`,
    ],
  };
}

/** Before there was Pod Security Admission, and without its forerunner: only a newer version helps. */
export const upgrading = (meta: ControlMeta, {resource}: Failure): Fix => ({
  approach: 'a newer Kubernetes',
  summary: 'upgrades to a version with Pod Security Admission',
  kind: 'manual',
  scope: 'cluster',
  change: {id: `${meta.id} a newer Kubernetes ${resource.key}`, steps: []},
  clears: [],
  asks: [],
  steps: [
    'Upgrade the control plane one minor version at a time to one that is maintained: PodSecurityPolicy is gone from 1.25 on, so take no time for it.',
    `Then label each namespace: kubectl label namespace NAME ${enforce}=baseline`,
    'Verify: kubectl version, and kubectl get namespaces -L pod-security.kubernetes.io/enforce',
  ],
});
