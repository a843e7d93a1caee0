import {type ControlMeta, defineControl, type Failure} from '../src/engine/control.ts';
import {WORKLOADS} from '../src/engine/pod-spec.ts';
import {workloadFix} from './shared/fix.ts';
import {
  atEachContainer,
  hasDefaultLimit,
  limitMessages,
  limitReferences,
  missingLimits,
} from './shared/limits.ts';
import {limitsForNamespace} from './shared/namespace-limits.ts';
import {measuredUsage} from './shared/usage.ts';
import {overWorkloads} from './shared/workload.ts';

const resources = ['cpu', 'memory'] as const;

const meta = {
  id: 'C-0009',
  title: 'Resource policies',
  practice: 'resource-policies',
  baseScore: 2,
  needs: [...WORKLOADS, 'LimitRange'],
  messages: limitMessages,
  references: [...limitReferences, 'https://kubernetes.io/docs/concepts/policy/resource-quotas/'],
} satisfies ControlMeta;

export const c0009 = defineControl({
  meta,
  ...overWorkloads,
  // A Pod is judged by its own spec: a LimitRange gives its defaults when a pod is admitted, so it would be in there.
  check: (resource, view) =>
    missingLimits(
      resource,
      resources.filter((one) => resource.kind === 'Pod' || !hasDefaultLimit(view, resource.namespace, one)),
    ),
  *fixes(failures, view) {
    const usage = measuredUsage(view);
    const byNamespace = Map.groupBy(failures.filter(mayBeDefaulted), ({resource}) => resource.namespace);
    for (const [namespace, some] of byNamespace) {
      yield limitsForNamespace(meta, namespace, some, view, usage);
    }
    for (const failure of failures) {
      yield workloadFix(meta, failure, atEachContainer(failure, missing(failure), usage));
    }
  },
});

/** What the cluster itself runs in kube-system must start under all circumstances: no defaults and no quota there. */
const mayBeDefaulted = ({resource: {kind, namespace}}: Failure): boolean =>
  kind !== 'Pod' && namespace !== 'kube-system';

const missing = ({findings}: Failure<'cpu' | 'memory'>) =>
  resources.filter((resource) => findings.some(({message}) => message === resource));
