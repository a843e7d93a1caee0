import {asObject, equal} from '../../engine/json.ts';
import {describe, type Resource, refOf} from '../../engine/objects.ts';
import {podTemplate} from '../../engine/pod-spec.ts';
import {replicasOf} from './resources.ts';
import {type Consequence, countOf, listOf, type Topic} from './situation.ts';

/** Pods that a change starts anew, and whether somebody serves meanwhile. */
export const restarts: Topic = ({kind, now, workloads, items}) => {
  const rolling: Resource[] = [];
  const away: Resource[] = [];
  const steps = new Map(items.map((item) => [item.ref, item.step]));
  for (const {ref, before, after} of workloads) {
    const step = steps.get(ref);
    if (step?.do === 'recreate') away.push(after);
    else if (
      before &&
      ['Deployment', 'StatefulSet', 'DaemonSet'].includes(ref.kind) &&
      isChanged(before, after)
    ) {
      (isGapless(now, after) ? rolling : away).push(after);
    }
  }
  if (kind === 'files') return atNextRollout(rolling, away);
  const found: Consequence[] = [];
  for (const workload of away) {
    const what =
      workload.kind === 'Pod' || workload.kind === 'Job' ? 'is deleted and made again' : 'restarts';
    const text = `${describe(workload)} ${what}: it does not answer for a moment.`;
    found.push({mark: 'look', text, object: refOf(workload), cause: refOf(workload)});
  }
  if (rolling.length > 0) {
    const pods = rolling.reduce((sum, one) => sum + replicasOf(now, one), 0);
    const text = rollingText(rolling, pods);
    found.push({mark: 'look', text});
  }
  return found;
};

function rollingText(rolling: readonly Resource[], pods: number): string {
  const who = listOf(rolling.map(describe));
  const isOne = rolling.length === 1;
  if (pods === 0) return `${who} ${isOne ? 'has' : 'have'} no pods now: the next ones start with the change.`;
  const own = isOne ? 'restarts its' : 'restart their';
  return pods === 1
    ? `${who} ${own} pod; the old one serves until the new one is ready.`
    : `${who} ${own} ${countOf(pods, 'pod')} one after the other; the old ones serve until new ones are ready.`;
}

/** Nothing runs from files: what is told happens where they are rolled out. */
function atNextRollout(rolling: readonly Resource[], away: readonly Resource[]): readonly Consequence[] {
  const isOne = ({kind}: Resource) => kind === 'Pod' || kind === 'Job';
  const restarting = [...rolling, ...away.filter((workload) => !isOne(workload))];
  const found = away.filter(isOne).map((workload): Consequence => {
    const text = `${describe(workload)} has to be deleted and made again at the next rollout of these files.`;
    return {mark: 'look', text, object: refOf(workload), cause: refOf(workload)};
  });
  if (restarting.length === 0) return found;
  const verb = restarting.length === 1 ? 'restarts its pods' : 'restart their pods';
  const text = `${listOf(restarting.map(describe))} ${verb} at the next rollout of these files.`;
  return [...found, {mark: 'look', text}];
}

function isChanged(before: Resource, after: Resource): boolean {
  const was = podTemplate(before);
  const is = podTemplate(after);
  return !equal(was.spec, is.spec) || !equal(was.metadata, is.metadata);
}

/** A new pod comes before an old one goes. */
function isGapless(view: Parameters<typeof replicasOf>[0], workload: Resource): boolean {
  const spec = asObject(workload.object.spec);
  if (workload.kind === 'Deployment') return asObject(spec.strategy).type !== 'Recreate';
  const strategy = asObject(spec.updateStrategy).type;
  if (strategy === 'OnDelete') return true;
  return workload.kind === 'StatefulSet' && replicasOf(view, workload) > 1;
}
