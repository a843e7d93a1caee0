import {children, copy, type Draft, ensure} from './draft.ts';
import type {Stored} from './machine.ts';
import {timestamp} from './names.ts';

/** A pod that has its node, with the condition that says so. */
export function withScheduled(bound: Stored): Draft {
  const status = copy(bound);
  const conditions = children(ensure(status, 'status'), 'conditions').filter(
    ({type}) => type !== 'PodScheduled',
  );
  const scheduled: Draft = {
    type: 'PodScheduled',
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: timestamp(),
  };
  if (bound.metadata.generation) scheduled.observedGeneration = bound.metadata.generation as number;
  ensure(status, 'status').conditions = [...conditions, scheduled];
  return status;
}
