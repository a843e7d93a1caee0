import {mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {
  daysLeft,
  emptyProgress,
  isDay,
  type Progress,
  progressFile,
  readProgress,
  recentDays,
  withAttempt,
  withMemory,
  writeProgress,
} from '../../src/learn/progress.ts';
import {intervals, retrievability, review, spanText} from '../../src/learn/schedule.ts';
import {temporaryFolder} from '../helpers/program.ts';

const now = new Date(2026, 10, 23, 12);
const later = (days: number) => new Date(now.getTime() + days * 86_400_000);
const files = (file: string) => readdirSync(dirname(file)).sort();

describe('the file of progress', () => {
  const begin = (text?: string) => {
    const file = progressFile(temporaryFolder());
    if (text !== undefined) {
      mkdirSync(dirname(file), {recursive: true});
      writeFileSync(file, text);
    }
    return file;
  };

  it('is empty where there is none, and keeps what is written', async () => {
    const file = begin();
    expect(await readProgress(file)).toEqual(emptyProgress);
    const progress = withMemory(emptyProgress, 'a-card', review(undefined, 3, now), now);
    await writeProgress(file, progress);
    expect(await readProgress(file)).toEqual(progress);
    expect(progress.days).toEqual(['2026-11-23']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(files(file)).toEqual(['progress.json']);
  });

  it('is never written over when it is broken', async () => {
    const file = begin('{"version": 1, "cards"');
    await expect(readProgress(file)).rejects.toThrow(/no JSON, so nothing is written over it/);
    expect(readFileSync(file, 'utf8')).toBe('{"version": 1, "cards"');
  });

  it.each([
    ['[]', 'holds no progress'],
    ['{"version": 1, "cards": []}', 'its field cards'],
    ['{"version": 1, "days": {}}', 'its field days'],
    ['{"version": 2}', 'of version 2, this kubekata knows version 1'],
  ])('refuses %s', async (text, message) => {
    await expect(readProgress(begin(text))).rejects.toThrow(message);
  });

  it('backs a file of an earlier version up before it is taken over', async () => {
    const old = '{"placed": true, "days": {"2026-11-20": 2}}';
    const file = begin(old);
    const progress = await readProgress(file);
    expect(progress).toEqual({...emptyProgress, placed: true, days: ['2026-11-20']});
    expect(readFileSync(`${file}.v0.backup`, 'utf8')).toBe(old);
    expect(await readProgress(file)).toEqual(progress);
  });

  it('leaves the old file when the disk refuses the new one', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'study'), 'a file where the folder would be');
    await expect(writeProgress(progressFile(folder), emptyProgress)).rejects.toThrow();
  });

  it('counts days', () => {
    const progress: Progress = {...emptyProgress, days: ['2026-11-09', '2026-11-10', '2026-11-23']};
    expect(recentDays(progress, now)).toBe(2);
    expect(daysLeft({...progress, examDate: '2027-01-16'}, now)).toBe(54);
    expect(daysLeft(progress, now)).toBeUndefined();
    expect(['2027-01-16', '2027-02-30', 'soon', '2027-1-6'].map(isDay)).toEqual([true, false, false, false]);
  });

  it('adds attempts in order', () => {
    const attempt = {at: now.toISOString(), seconds: 60, hints: 0, shown: false, met: 1, of: 2, exam: false};
    const progress = withAttempt(
      withAttempt(emptyProgress, 'd', attempt, now),
      'd',
      {...attempt, met: 2},
      now,
    );
    expect(progress.drills.d?.map(({met}) => met)).toEqual([1, 2]);
  });
});

describe('the schedule of cards', () => {
  it('asks sooner what was forgotten, later what was easy', () => {
    const spans = intervals(undefined, now);
    expect(spans[1]).toBeLessThan(spans[2]);
    expect(spans[2]).toBeLessThan(spans[3]);
    expect(spans[3]).toBeLessThan(spans[4]);
  });

  it('grows with each success, and remembers through JSON', () => {
    let memory = review(undefined, 4, now);
    const first = Date.parse(memory.due) - now.getTime();
    const due = new Date(memory.due);
    memory = review(JSON.parse(JSON.stringify(memory)), 3, due);
    expect(Date.parse(memory.due) - due.getTime()).toBeGreaterThan(first);
    expect(memory).toMatchObject({reps: 2, lapses: 0});
  });

  it('knows less with time', () => {
    const memory = review(undefined, 4, now);
    expect(retrievability(undefined, now)).toBe(0);
    expect(retrievability(memory, later(1))).toBeGreaterThan(retrievability(memory, later(60)));
  });

  it.each([
    [20_000, '1 min'],
    [600_000, '10 min'],
    [3_600_000, '1 hour'],
    [86_400_000, '1 day'],
    [5 * 86_400_000, '5 days'],
  ])('%d ms are %s', (span, text) => {
    expect(spanText(span)).toBe(text);
  });
});
