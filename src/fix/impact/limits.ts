import {describe, type Ref, type Resource, refOf} from '../../engine/objects.ts';
import {workloadsIn} from '../references.ts';
import {
  bound,
  type ContainerLimits,
  containerLimits,
  countedContainers,
  type Effective,
  effective,
  formatAmount,
  RESOURCES,
  type ResourceName,
  resourceWord,
} from './resources.ts';
import {type Consequence, listOf, type Situation, type Topic} from './situation.ts';
import {type Usage, usageIn} from './usage.ts';

/** Limits that are below what runs: pods that are killed, slowed or refused at their next start. */
export const limits: Topic = (situation) => {
  const {then, items, workloads} = situation;
  const found: Consequence[] = [];
  const ranges = new Map<string, Ref>();
  for (const {ref} of items) if (ref.kind === 'LimitRange') ranges.set(ref.namespace, ref);
  for (const [namespace, cause] of ranges) {
    const touched = workloadsIn(then, namespace).filter(({kind}) => kind !== 'ReplicaSet');
    found.push(...judge(situation, touched, namespace, cause));
  }
  for (const {ref, after, before} of workloads) {
    if (ranges.has(ref.namespace) || !setsResources(before, after)) continue;
    found.push(...judge(situation, [after], ref.namespace, ref));
  }
  return found;
};

const setsResources = (before: Resource | undefined, after: Resource): boolean =>
  JSON.stringify(before && countedContainers(before).map(({spec}) => spec.resources)) !==
  JSON.stringify(countedContainers(after).map(({spec}) => spec.resources));

function judge(
  situation: Situation,
  workloads: readonly Resource[],
  namespace: string,
  cause: Ref,
): readonly Consequence[] {
  const before = containerLimits(situation.now, namespace);
  const after = containerLimits(situation.then, namespace);
  const usage = usageIn(situation.now, namespace);
  const found: Consequence[] = [];
  const fine: string[] = [];
  const unknown: Resource[] = [];
  for (const workload of workloads) {
    const old = situation.now.get(workload.kind, workload.namespace, workload.name);
    const known = new Set(old ? problemsOf(usage, old, before).map(({text}) => text) : []);
    const problems = problemsOf(usage, workload, after).filter(({text}) => !known.has(text));
    found.push(...problems.map((problem) => ({...problem, object: refOf(workload), cause})));
    if (problems.length > 0) continue;
    const used = memoryOf(usage, workload, after);
    if (used === 'unknown') unknown.push(workload);
    else if (used !== undefined) fine.push(`${describe(workload)} uses ${used}`);
  }
  if (unknown.length > 0) {
    found.push({
      mark: 'look',
      text: `Nothing was measured of ${listOf(unknown.map(describe))}: whether the memory limit is enough, only their next start tells.`,
      cause,
    });
  }
  if (fine.length > 0)
    found.push({mark: 'passed', text: `${listOf(fine)}: the limits leave room for that.`, cause});
  return found;
}

type Problem = Pick<Consequence, 'mark' | 'text'>;

function problemsOf(
  usage: Usage,
  workload: Resource,
  ranges: readonly ContainerLimits[],
): readonly Problem[] {
  return countedContainers(workload).flatMap((container) =>
    RESOURCES.flatMap((resource): readonly Problem[] => {
      const given = effective(container, resource, ranges);
      const refusal = refusalOf(workload, given, resource, ranges);
      if (refusal) return [{mark: 'failed', text: refusal}];
      const used = container.type === 'containers' ? usage(workload, container.name, resource) : undefined;
      const tight = used === undefined ? undefined : tooTight(workload, given, resource, used);
      return tight ? [tight] : [];
    }),
  );
}

const several = (workload: Resource, {container}: Effective): string =>
  countedContainers(workload).length > 1
    ? `${describe(workload)}, container ${container.name},`
    : describe(workload);

/** Why the API server refuses its next pods. */
function refusalOf(
  workload: Resource,
  given: Effective,
  resource: ResourceName,
  ranges: readonly ContainerLimits[],
): string | undefined {
  const {limit, request, limitFrom} = given;
  const who = several(workload, given);
  const word = resourceWord(resource);
  const refused = 'The API server refuses its next pods; those that run stay.';
  const show = (value: number) => formatAmount(resource, value);
  if (limit !== undefined && request !== undefined && request > limit) {
    const from = limitFrom ? ` would get a limit of ${show(limit)}` : ` sets a limit of ${show(limit)}`;
    return `${who} requests ${show(request)} of ${word} and${from}. ${refused}`;
  }
  for (const {item, range} of ranges) {
    const max = bound(item, 'max', resource);
    const min = bound(item, 'min', resource);
    const asked = limit ?? request;
    if (max !== undefined && asked !== undefined && asked > max) {
      return `${who} sets a ${word} limit of ${show(asked)}, ${range.name} allows ${show(max)} at most. ${refused}`;
    }
    if (min !== undefined && request !== undefined && request < min) {
      return `${who} requests ${show(request)} of ${word}, ${range.name} wants ${show(min)} at least. ${refused}`;
    }
  }
  return undefined;
}

function tooTight(
  workload: Resource,
  given: Effective,
  resource: ResourceName,
  used: number,
): Problem | undefined {
  const {limit, limitFrom} = given;
  if (limit === undefined) return undefined;
  const use = formatAmount(resource, used);
  const verb = limitFrom ? 'would get a limit of' : 'is limited to';
  const start = `${several(workload, given)} uses ${use} of ${resourceWord(resource)} and ${verb} ${formatAmount(resource, limit)}.`;
  if (resource === 'cpu') {
    return used > limit ? {mark: 'look', text: `${start} It is slowed to that.`} : undefined;
  }
  if (used > limit) {
    return {mark: 'failed', text: `${start} At its next start it is killed (OOMKilled), again and again.`};
  }
  return used > limit * 0.8 ? {mark: 'look', text: `${start} That leaves little room.`} : undefined;
}

/** `58Mi`, the most that a container of it uses; unknown without measurement; undefined where no limit holds. */
function memoryOf(
  usage: Usage,
  workload: Resource,
  ranges: readonly ContainerLimits[],
): string | 'unknown' | undefined {
  const limited = countedContainers(workload).filter(
    (container) =>
      container.type === 'containers' && effective(container, 'memory', ranges).limitFrom !== undefined,
  );
  if (limited.length === 0) return undefined;
  const used = limited.map(({name}) => usage(workload, name, 'memory'));
  const most = used.reduce<number | undefined>(
    (max, value) => (value === undefined || max === undefined ? undefined : Math.max(max, value)),
    0,
  );
  return most === undefined ? 'unknown' : formatAmount('memory', most);
}
