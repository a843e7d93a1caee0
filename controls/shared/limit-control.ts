import {type ControlMeta, defineControl} from '../../src/engine/control.ts';
import {WORKLOADS} from '../../src/engine/pod-spec.ts';
import {workloadFix} from './fix.ts';
import {atEachContainer, limitMessages, limitReferences, missingLimits} from './limits.ts';
import {measuredUsage, type ResourceName} from './usage.ts';
import {overWorkloads} from './workload.ts';

/** A control that wants a limit of one resource in each container; no LimitRange stands in for it. */
export function limitControl(resource: ResourceName, names: Pick<ControlMeta, 'id' | 'title'>) {
  const meta = {
    ...names,
    practice: 'resource-policies',
    baseScore: 8,
    needs: WORKLOADS,
    messages: limitMessages,
    references: limitReferences,
  } satisfies ControlMeta;
  return defineControl<ResourceName>({
    meta,
    ...overWorkloads,
    keep: [
      {
        expression: `variables.pod.?resources.?limits.?${resource}.hasValue() || variables.own.all(c, c.?resources.?limits.?${resource}.hasValue())`,
        message: `Set a ${resource === 'cpu' ? 'CPU' : 'memory'} limit in every container.`,
      },
    ],
    check: (workload) => missingLimits(workload, [resource]),
    *fixes(failures, view) {
      const usage = measuredUsage(view);
      for (const failure of failures) {
        yield workloadFix(meta, failure, atEachContainer(failure, [resource], usage));
      }
    },
  });
}
