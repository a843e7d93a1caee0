import {expect, it} from 'vitest';
import {mergeProgress} from '../../src/learn/merge-progress.ts';
import {
  type Attempt,
  type Exam,
  emptyProgress,
  type Progress,
  withAttempt,
  withLesson,
  withMemory,
} from '../../src/learn/progress.ts';
import {review} from '../../src/learn/schedule.ts';

const now = new Date(2026, 10, 23, 12);
const later = new Date(2026, 10, 24, 12);
const attempt = (at: Date, met = 2): Attempt => ({
  ...{at: at.toISOString(), seconds: 60, hints: 0, shown: false},
  ...{met, of: 2, exam: false},
});
const exam = (started: Date, more: Partial<Exam> = {}): Exam => ({
  ...{started: started.toISOString(), minutes: 15, left: 900_000},
  tasks: [{drill: 'deny', points: 100, seen: true, done: false, flagged: false}],
  ...more,
});
const base = withAttempt(
  withMemory(emptyProgress, 'old', review(undefined, 3, now), now),
  'deny',
  attempt(now),
  now,
);

it('keeps what each session learnt', () => {
  const ours = withLesson(
    withAttempt(
      withMemory(base, 'mine', review(undefined, 3, later), later),
      'deny',
      attempt(later, 1),
      later,
    ),
    'rbac',
    later,
  );
  const theirs = withAttempt(
    withMemory(base, 'other', review(undefined, 1, now), now),
    'audit',
    attempt(now),
    now,
  );
  const merged = mergeProgress(base, ours, theirs);
  expect(Object.keys(merged.cards).sort()).toEqual(['mine', 'old', 'other']);
  expect(merged.drills).toEqual({deny: [attempt(now), attempt(later, 1)], audit: [attempt(now)]});
  expect(Object.keys(merged.lessons)).toEqual(['rbac']);
  expect(merged.days).toEqual(['2026-11-23', '2026-11-24']);
  expect(mergeProgress(base, ours, merged)).toEqual(merged);
});

it('takes the later review of a card, whoever writes first', () => {
  const [early, late] = [now, later].map((at) => withMemory(base, 'old', review(undefined, 3, at), at));
  expect(mergeProgress(base, early!, late!).cards).toEqual(late!.cards);
  expect(mergeProgress(base, late!, early!).cards).toEqual(late!.cards);
});

it('takes a setting from who changed it', () => {
  const dated: Progress = {...base, examDate: '2027-01-16'};
  expect(mergeProgress(base, base, dated).examDate).toBe('2027-01-16');
  expect(mergeProgress(base, dated, base).examDate).toBe('2027-01-16');
  expect(mergeProgress(dated, base, dated).examDate).toBeNull();
});

it('keeps the exam of who changed it: begun, gone on with, handed in', () => {
  const begun: Progress = {...base, exam: exam(now)};
  const gone: Progress = {...base, exam: exam(now, {left: 1000})};
  expect(mergeProgress(base, base, begun).exam).toEqual(begun.exam);
  expect(mergeProgress(base, begun, base).exam).toEqual(begun.exam);
  expect(mergeProgress(begun, begun, gone).exam).toEqual(gone.exam);
  expect(mergeProgress(begun, gone, begun).exam).toEqual(gone.exam);
  expect(mergeProgress(begun, base, begun).exam).toBeNull();
  expect(mergeProgress(begun, begun, base).exam).toBeNull();
});

it('keeps the exam that was written first, until it is handed in', () => {
  const [first, second] = [now, later].map((at): Progress => ({...base, exam: exam(at)}));
  expect(mergeProgress(base, second!, first!).exam).toEqual(first!.exam);
  // The session with the second one gives it up.
  expect(mergeProgress(second!, base, first!).exam).toEqual(first!.exam);
});
