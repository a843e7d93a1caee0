import {DOMAINS, type DomainId} from '../engine/curriculum.ts';
import type {Check} from './checks.ts';
import {type Drill, domainOfDrill, outsideOf} from './drill.ts';
import type {Exam, ExamResult, ExamTask, TaskResult} from './progress.ts';
import {shuffled} from './random.ts';
import type {CriterionResult} from './verify.ts';

/** Minutes of an exam task, on average: sixteen in two hours. */
const minutesPerTask = 7.5;
const fewest = 2;

/**
 * Draws an exam: tasks by the weights of the domains, none that gets in another's way, points that sum up to 100. The
 * same seed gives the same exam.
 */
export function drawExam(drills: readonly Drill[], minutes: number, seed: number, now: Date): Exam {
  const wanted = Math.max(fewest, Math.round(minutes / minutesPerTask));
  const chosen: Drill[] = [];
  const taken = new Set<string>();
  const take = (domain: DomainId | undefined): boolean => {
    const drill = shuffled(drills, seed).find(
      (one) =>
        !chosen.includes(one) &&
        (domain === undefined || domainOfDrill(one).id === domain) &&
        placesOf(one).every((place) => !taken.has(place)),
    );
    if (drill === undefined) return false;
    chosen.push(drill);
    for (const place of placesOf(drill)) taken.add(place);
    return true;
  };
  for (const [id, count] of shares(wanted, seed)) for (let n = 0; n < count; n += 1) take(id);
  while (chosen.length < wanted && take(undefined));
  const points = pointsOf(chosen);
  const tasks = shuffled(chosen, seed + 1).map(
    (drill): ExamTask => ({
      drill: drill.id,
      points: points.get(drill.id) ?? 0,
      seen: false,
      done: false,
      flagged: false,
    }),
  );
  return {started: now.toISOString(), minutes, left: minutes * 60_000, tasks};
}

const placesOf = (drill: Drill): readonly string[] => [
  ...drill.namespaces,
  ...outsideOf(drill).map(({kind, namespace, name}) => `${kind}/${namespace}/${name}`),
  ...drill.criteria.flatMap(({check}) => nodeFilesOf(check)),
];

/** Two tasks on one file of a node would undo each other: one wants a flag gone that the other sets. */
function nodeFilesOf(check: Check): readonly string[] {
  if (check.is === 'file') return check.file.startsWith('nodes/') ? [check.file] : [];
  if (check.is === 'all' || check.is === 'any') return check.checks.flatMap(nodeFilesOf);
  return check.is === 'not' ? nodeFilesOf(check.check) : [];
}

/** How many tasks each domain gets: by its weight, what is left to the largest remainders. */
function shares(count: number, seed: number): readonly (readonly [DomainId, number])[] {
  const exact = shuffled(DOMAINS, seed).map(({id, weight}) => ({id, share: (count * weight.today) / 100}));
  let left = count - exact.reduce((sum, {share}) => sum + Math.floor(share), 0);
  return [...exact]
    .sort((a, b) => (b.share % 1) - (a.share % 1))
    .map(({id, share}) => {
      const more = left > 0 ? 1 : 0;
      left -= more;
      return [id, Math.floor(share) + more] as const;
    });
}

/** Points of each task: the weight of its domain, shared by minutes; whole numbers with the sum of 100. */
function pointsOf(drills: readonly Drill[]): ReadonlyMap<string, number> {
  const exact = drills.map((drill) => {
    const domain = domainOfDrill(drill);
    const same = drills.filter((one) => domainOfDrill(one).id === domain.id);
    const minutes = same.reduce((sum, one) => sum + one.minutes, 0);
    return {id: drill.id, share: (domain.weight.today * drill.minutes) / minutes};
  });
  const all = exact.reduce((sum, {share}) => sum + share, 0);
  const scaled = exact.map(({id, share}) => ({id, share: (100 * share) / all}));
  let left = 100 - scaled.reduce((sum, {share}) => sum + Math.floor(share), 0);
  return new Map(
    [...scaled]
      .sort((a, b) => (b.share % 1) - (a.share % 1))
      .map(({id, share}) => {
        const more = left > 0 ? 1 : 0;
        left -= more;
        return [id, Math.floor(share) + more];
      }),
  );
}

/** The result of an exam: each criterion that is met earns its part of the task's points. */
export function gradeExam(
  exam: Exam,
  results: ReadonlyMap<string, readonly CriterionResult[]>,
  now: Date,
): ExamResult {
  const tasks = exam.tasks.map(({drill, points}): TaskResult => {
    const criteria = results.get(drill) ?? [];
    const met = criteria.filter(({passed}) => passed).length;
    return {drill, points, earned: criteria.length === 0 ? 0 : (points * met) / criteria.length, criteria};
  });
  return {
    at: now.toISOString(),
    minutes: exam.minutes,
    used: exam.minutes * 60_000 - exam.left,
    score: Math.floor(tasks.reduce((sum, {earned}) => sum + earned, 0) + 1e-9),
    tasks,
  };
}

/** Whether a drill has to wait for an exam that is under way: a task of it, or one that works on the same node files. */
export function isKeptForExam(drill: Drill, exam: Exam | null, drills: readonly Drill[]): boolean {
  const tasks = exam?.tasks.map((task) => task.drill) ?? [];
  if (tasks.includes(drill.id)) return true;
  return drill.onNodes && drills.some(({id, onNodes}) => onNodes && tasks.includes(id));
}

export type DomainScore = {readonly earned: number; readonly points: number};

/** Points of a result by domain; domains without a task are left out. */
export function scoreByDomain(
  result: ExamResult,
  drills: readonly Drill[],
): ReadonlyMap<DomainId, DomainScore> {
  const scores = new Map<DomainId, DomainScore>();
  for (const task of result.tasks) {
    const drill = drills.find(({id}) => id === task.drill);
    if (drill === undefined) continue;
    const {id} = domainOfDrill(drill);
    const {earned, points} = scores.get(id) ?? {earned: 0, points: 0};
    scores.set(id, {earned: earned + task.earned, points: points + task.points});
  }
  return scores;
}

export const changeTask = (exam: Exam, drill: string, change: Partial<ExamTask>): Exam => ({
  ...exam,
  tasks: exam.tasks.map((task) => (task.drill === drill ? {...task, ...change} : task)),
});
