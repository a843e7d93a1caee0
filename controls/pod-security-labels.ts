import {type ControlMeta, defineControl, type View} from '../src/engine/control.ts';
import {labelsOf, type Resource} from '../src/engine/objects.ts';
import {
  labelledLevel,
  POD_SECURITY_LEVELS,
  type PodSecurityLevel,
  podSecurityLabel,
  strictestLevel,
} from '../src/engine/pod-security.ts';
import {isTopLevel, podTemplate, WORKLOADS} from '../src/engine/pod-spec.ts';
import {labelFixes} from './shared/label-fixes.ts';

const enforce = podSecurityLabel('enforce');

const meta = {
  id: 'pod-security-labels',
  title: 'Namespaces below the Pod Security level in reach',
  practice: 'pod-security-enforcement',
  baseScore: 5,
  needs: ['Namespace', ...WORKLOADS],
  messages: {
    below:
      'Namespace {namespace} enforces less than it could: its label is {found}, and all its pods pass {reachable} today. Label it, so that no pod to come falls behind.',
    hardening:
      'Namespace {namespace} enforces nothing, its label is {found}, and some of its pods would be refused at baseline. Change these first, then label it.',
  },
  references: [
    'Kubernetes Hardening Guidance, Kubernetes Pod security: Pod security enforcement',
    'https://kubernetes.io/docs/concepts/security/pod-security-admission/',
  ],
} satisfies ControlMeta;

const rank = (level: PodSecurityLevel): number => POD_SECURITY_LEVELS.indexOf(level);

const podsOf = ({name}: Resource, view: View): readonly Resource[] =>
  WORKLOADS.flatMap((kind) => view.list(kind, name)).filter((one) => one.kind === 'Pod' || isTopLevel(one));

export const podSecurityLabels = defineControl({
  meta,
  kinds: ['Namespace'],
  // kube-system must start under all circumstances: nothing is enforced there.
  counts: ({name}) => name !== 'kube-system',
  *check(namespace, view) {
    const pods = podsOf(namespace, view);
    const reachable = strictestLevel(pods.map(podTemplate));
    const label = labelledLevel(namespace.object) ?? 'privileged';
    const isEmptyAndSafe = pods.length === 0 && rank(label) > 0;
    if (isEmptyAndSafe || (rank(label) >= rank(reachable) && rank(label) > 0)) return;
    const value = labelsOf(namespace.object)[enforce];
    yield {
      message: reachable === 'privileged' ? 'hardening' : 'below',
      path: ['metadata', 'labels', enforce],
      found: value === undefined ? 'not set' : String(value),
      data: {namespace: namespace.name, reachable},
    };
  },
  fixes: (failures, view) =>
    labelFixes(
      meta,
      failures,
      view,
      failures.map(({resource}) => resource),
    ),
});
