import {equal, type Json} from '../engine/json.ts';
import type {Exam, Progress} from './progress.ts';

/**
 * What two sessions did, in one: `ours` and `theirs` both go back to `base`. Nothing that either of them learnt is lost;
 * of a card or lesson the later review counts, of a setting the one that was changed.
 */
export function mergeProgress(base: Progress, ours: Progress, theirs: Progress): Progress {
  const changed = <T>(key: keyof Progress & ('examDate' | 'passMark'), mine: T, other: T): T =>
    base[key] === mine ? other : mine;
  const drills = new Set([...Object.keys(theirs.drills), ...Object.keys(ours.drills)]);
  return {
    version: 1,
    examDate: changed('examDate', ours.examDate, theirs.examDate),
    passMark: changed('passMark', ours.passMark, theirs.passMark),
    placed: ours.placed || theirs.placed,
    cards: later(ours.cards, theirs.cards, ({last}) => last),
    drills: Object.fromEntries(
      [...drills].map((id) => [id, union(theirs.drills[id] ?? [], ours.drills[id] ?? [])]),
    ),
    lessons: later(ours.lessons, theirs.lessons, (at) => at),
    days: [...new Set([...theirs.days, ...ours.days])].sort(),
    exams: union(theirs.exams, ours.exams),
    exam: mergeExam(base.exam, ours.exam, theirs.exam),
  };
}

type Map<T> = Readonly<Record<string, T>>;

function later<T>(ours: Map<T>, theirs: Map<T>, at: (value: T) => string): Map<T> {
  const merged = {...theirs};
  for (const [id, mine] of Object.entries(ours)) {
    const other = theirs[id];
    if (other === undefined || Date.parse(at(mine)) >= Date.parse(at(other))) merged[id] = mine;
  }
  return merged;
}

/** What is in either list, by time. */
function union<T extends {readonly at: string}>(theirs: readonly T[], ours: readonly T[]): readonly T[] {
  const known = new Set(theirs.map((one) => JSON.stringify(one)));
  const added = ours.filter((one) => !known.has(JSON.stringify(one)));
  return [...theirs, ...added].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** One exam is under way at a time: who changed it has the say, and of two that began the one that was written first. */
function mergeExam(base: Exam | null, ours: Exam | null, theirs: Exam | null): Exam | null {
  if (equal(ours as Json, base as Json)) return theirs;
  if (theirs === null || theirs.started === ours?.started) return ours;
  return theirs.started === base?.started ? ours : theirs;
}
