import type {Change, Step} from '../engine/change.ts';
import type {View} from '../engine/control.ts';
import {type Ref, type Resource, refId, refOf, refOfObject} from '../engine/objects.ts';
import {podTemplate, serviceAccountName} from '../engine/pod-spec.ts';
import {restartedAt, restartedBy} from './guard.ts';

const rolling = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;

/** What pods take over when they start, and not before. */
const bitesAtStart: ReadonlySet<string> = new Set([
  'LimitRange',
  'ResourceQuota',
  'ServiceAccount',
  'Namespace',
]);

/** Workloads that a change reaches at the next start of their pods only, so that what it breaks shows later. */
export function reachedLater(view: View, change: Change): readonly Ref[] {
  const restarted = new Set(restartedBy(change).map(refId));
  const found = new Map<string, Resource>();
  const byNamespace = Map.groupBy(
    change.steps.flatMap((step) => refOfStep(step) ?? []).filter(({kind}) => bitesAtStart.has(kind)),
    ({kind, namespace, name}) => (kind === 'Namespace' ? name : namespace),
  );
  for (const [namespace, refs] of byNamespace) {
    const accounts = new Set(refs.filter(({kind}) => kind === 'ServiceAccount').map(({name}) => name));
    const isWhole = refs.some(({kind}) => kind !== 'ServiceAccount');
    for (const workload of rolling.flatMap((kind) => view.list(kind, namespace))) {
      if (isWhole || accounts.has(serviceAccountName(podTemplate(workload))))
        found.set(workload.id, workload);
    }
  }
  return [...found.values()].map(refOf).filter((ref) => !restarted.has(refId(ref)));
}

/** Whether what is changed here comes to the pods of a workload when they start. */
export function reaches(
  {kind, namespace, name}: Ref,
  workload: Pick<Ref, 'namespace'>,
  account: string,
): boolean {
  if (!bitesAtStart.has(kind)) return false;
  if ((kind === 'Namespace' ? name : namespace) !== workload.namespace) return false;
  return kind !== 'ServiceAccount' || name === account;
}

const refOfStep = (step: Step): Ref | undefined =>
  step.do === 'create' ? refOfObject(step.object.base) : 'object' in step ? step.object : undefined;

/** Whether a step does nothing but restart a workload. */
export const isRestart = (step: Step): boolean =>
  step.do === 'edit' &&
  step.edits.length > 0 &&
  step.edits.every(({path}) => path.includes(restartedAt) || path.at(-1) === 'annotations');
