import {randomUUID} from 'node:crypto';
import {copyFile, mkdir, open, readFile, rename, rm} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {asArray, asObject, isObject, type Json, type JsonObject} from '../engine/json.ts';
import type {Memory} from './schedule.ts';

/** One try at a drill that was ended: solved, or left. */
export type Attempt = {
  readonly at: string;
  readonly seconds: number;
  readonly hints: number;
  /** Whether the solution was shown before it was solved. */
  readonly shown: boolean;
  /** Criteria met, of all. */
  readonly met: number;
  readonly of: number;
  readonly exam: boolean;
};

export type ExamTask = {
  readonly drill: string;
  readonly points: number;
  readonly seen: boolean;
  readonly done: boolean;
  readonly flagged: boolean;
};

/** An exam under way: what is needed to go on after a crash. */
export type Exam = {
  readonly started: string;
  readonly minutes: number;
  /** Milliseconds left when it was last written: while nothing runs, the clock stands still. */
  readonly left: number;
  readonly tasks: readonly ExamTask[];
  /** Drill of the task that was looked at last. */
  readonly current?: string;
};

export type TaskResult = {
  readonly drill: string;
  readonly points: number;
  readonly earned: number;
  readonly criteria: readonly {readonly id: string; readonly passed: boolean; readonly reason: string}[];
};

export type ExamResult = {
  readonly at: string;
  readonly minutes: number;
  readonly used: number;
  readonly score: number;
  readonly tasks: readonly TaskResult[];
};

/** What a learner did, in one readable file. */
export type Progress = {
  readonly version: 1;
  /** A day, `2027-01-16`; null where none is set. */
  readonly examDate: string | null;
  readonly passMark: number;
  /** Whether the questions of the first visit were answered, or left. */
  readonly placed: boolean;
  readonly cards: Readonly<Record<string, Memory>>;
  readonly drills: Readonly<Record<string, readonly Attempt[]>>;
  /** Lesson to when it was read last. */
  readonly lessons: Readonly<Record<string, string>>;
  /** Days on which something was practised, in order. */
  readonly days: readonly string[];
  readonly exams: readonly ExamResult[];
  readonly exam: Exam | null;
};

export const emptyProgress: Progress = {
  version: 1,
  examDate: null,
  passMark: 67,
  placed: false,
  cards: {},
  drills: {},
  lessons: {},
  days: [],
  exams: [],
  exam: null,
};

/** The file of progress can't be used: told in sentences. */
export class ProgressError extends Error {
  override readonly name = 'ProgressError';
}

export const progressFile = (stateDirectory: string): string =>
  join(stateDirectory, 'study', 'progress.json');

/**
 * Reads the progress; an empty one where there is no file. A file of an earlier version is copied beside itself before it
 * is taken over. @throws {ProgressError} when it can't be read; it is never written over then.
 */
export async function readProgress(file: string): Promise<Progress> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new ProgressError(`${file} can't be read: ${error.message}.`, {cause: error});
  });
  if (text === undefined) return emptyProgress;
  const progress = parseProgress(text, file);
  const {version = 0} = asObject(JSON.parse(text));
  if (version !== progress.version) {
    await copyFile(file, `${file}.v${String(version)}.backup`);
    await writeProgress(file, progress);
  }
  return progress;
}

/** @throws {ProgressError} */
export function parseProgress(text: string, file: string): Progress {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (cause) {
    throw new ProgressError(
      `${file} is no JSON, so nothing is written over it. Repair it, move it away, or import an export of yours.`,
      {cause},
    );
  }
  const known = migrate(value, file);
  for (const [key, like] of Object.entries(emptyProgress)) {
    const found = known[key];
    if (
      like === null ? found !== null && typeof found !== 'string' && !isObject(found) : !isLike(found, like)
    ) {
      throw new ProgressError(
        `${file} holds no progress of kubekata: its field ${key} is not as it should be.`,
      );
    }
  }
  return known as JsonObject & Progress;
}

const isLike = (found: Json | undefined, like: unknown): boolean =>
  Array.isArray(like) === Array.isArray(found) && typeof found === typeof like && found !== null;

/** Version 0, of the first trials, had the days of practice as an object and no pass mark. */
function migrate(value: Json, file: string): JsonObject {
  if (!isObject(value)) throw new ProgressError(`${file} holds no progress of kubekata.`);
  const {version = 0} = value;
  if (version === 1) return {...(emptyProgress as JsonObject & Progress), ...value};
  if (version !== 0) {
    throw new ProgressError(
      `${file} is of version ${String(version)}, this kubekata knows version 1. Use a newer kubekata.`,
    );
  }
  const days = isObject(value.days) ? Object.keys(value.days).sort() : asArray(value.days);
  return {...(emptyProgress as JsonObject & Progress), ...value, days, version: 1};
}

/** Writes the whole file beside itself, to the disk, then in place: a crash leaves the old one or the new one. */
export async function writeProgress(file: string, progress: Progress): Promise<void> {
  await mkdir(dirname(file), {recursive: true, mode: 0o700});
  const fresh = `${file}.${randomUUID()}`;
  try {
    const handle = await open(fresh, 'wx', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(progress, null, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, {force: true});
    throw new ProgressError(
      `Your progress could not be written to ${file}: ${error instanceof Error ? error.message : String(error)}. It is kept while kubekata runs.`,
      {cause: error},
    );
  }
}

/** The day of a moment where the learner is: `2026-11-23`. */
export function dayOf(now: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** The progress with this day among those of practice. */
export function practised(progress: Progress, now: Date): Progress {
  const day = dayOf(now);
  return progress.days.includes(day) ? progress : {...progress, days: [...progress.days, day].sort()};
}

export function withMemory(progress: Progress, card: string, memory: Memory, now: Date): Progress {
  return practised({...progress, cards: {...progress.cards, [card]: memory}}, now);
}

export function withAttempt(progress: Progress, drill: string, attempt: Attempt, now: Date): Progress {
  const drills = {...progress.drills, [drill]: [...(progress.drills[drill] ?? []), attempt]};
  return practised({...progress, drills}, now);
}

export const withLesson = (progress: Progress, lesson: string, now: Date): Progress =>
  practised({...progress, lessons: {...progress.lessons, [lesson]: now.toISOString()}}, now);

/** Days of practice among the last fourteen. */
export function recentDays({days}: Progress, now: Date): number {
  const first = dayOf(new Date(now.getFullYear(), now.getMonth(), now.getDate() - 13));
  return days.filter((day) => day >= first && day <= dayOf(now)).length;
}

/** Whole days until the exam; undefined where no date is set, negative when it is past. */
export function daysLeft({examDate}: Progress, now: Date): number | undefined {
  if (examDate === null) return undefined;
  const [year = 0, month = 1, day = 1] = examDate.split('-').map(Number);
  const today = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  return Math.round((new Date(year, month - 1, day).getTime() - today.getTime()) / 86_400_000);
}

/** A day that exists, as `2027-01-16`. */
export function isDay(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  if (year === undefined) return false;
  const date = new Date(Number(year), Number(month) - 1, Number(day));
  return dayOf(date) === text;
}
