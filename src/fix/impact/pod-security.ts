import {asObject} from '../../engine/json.ts';
import {describe, refOf} from '../../engine/objects.ts';
import {describeRefusals, labelledLevel, podSecurityRefusals} from '../../engine/pod-security.ts';
import {podTemplate} from '../../engine/pod-spec.ts';
import {workloadsIn} from '../references.ts';
import {type Consequence, countOf, type Topic} from './situation.ts';

/** The whole list of what a Pod Security level keeps out: the server's own warning names one pod. */
export const podSecurity: Topic = ({now, then, items}) => {
  const found: Consequence[] = [];
  for (const {ref, after} of items) {
    if (ref.kind !== 'Namespace' || after === undefined) continue;
    const level = labelledLevel(after);
    const old = labelledLevel(now.get('Namespace', '', ref.name)?.object ?? {});
    if (level === undefined || level === old) continue;
    const workloads = workloadsIn(then, ref.name);
    let kept = 0;
    for (const workload of workloads) {
      const {metadata, spec} = podTemplate(workload);
      const refusals = podSecurityRefusals(level, {metadata, spec: asObject(spec)});
      const before = old ? podSecurityRefusals(old, {metadata, spec: asObject(spec)}) : [];
      if (refusals.length === 0) kept += 1;
      if (refusals.length === 0 || before.length > 0) continue;
      const text = `${describe(workload)} does not meet ${level}: ${describeRefusals(refusals)}. Its next pods are refused; those that run stay.`;
      found.push({mark: 'failed', text, object: refOf(workload), cause: ref});
    }
    if (kept === workloads.length) {
      const what = kept === 0 ? 'Nothing runs' : `${countOf(kept, 'workload')} run${kept === 1 ? 's' : ''}`;
      const text = `${what} in ${ref.name}${kept === 0 ? '' : `, and ${level} lets ${kept === 1 ? 'it' : 'all of them'} in`}.`;
      found.push({mark: 'passed', text, cause: ref});
    }
  }
  return found;
};
