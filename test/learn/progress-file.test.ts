import {type ChildProcess, spawn} from 'node:child_process';
import {existsSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {createInterface} from 'node:readline';
import {expect, it, onTestFinished} from 'vitest';
import {
  emptyProgress,
  progressFile,
  readProgress,
  withLesson,
  writeProgress,
} from '../../src/learn/progress.ts';
import {ProgressFile} from '../../src/learn/progress-file.ts';
import {acquireLock, releaseLock} from '../../src/practice/api/lock.ts';
import {temporaryFolder} from '../helpers/program.ts';

const locks = {acquire: acquireLock, release: releaseLock};
const now = new Date(2026, 10, 23, 12);

/** A session in a process of its own, and the numbers of what it has saved. */
function writer(file: string, drill: string, count: number) {
  const script = join(import.meta.dirname, 'progress-writer.ts');
  const child: ChildProcess = spawn(process.execPath, [script, file, drill, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let saved = 0;
  const heard = createInterface({input: child.stdout!}).on('line', (line) => {
    saved = Number(line) || saved;
  });
  const begun = new Promise<void>((resolve) => heard.once('line', () => resolve()));
  const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)));
  return {child, begun, ended, saved: () => saved};
}

const secondsOf = async (file: string, drill: string) =>
  ((await readProgress(file)).drills[drill] ?? []).map(({seconds}) => seconds);
const upTo = (count: number) => Array.from({length: count}, (_, index) => index + 1);

it('loses nothing of two processes that write at once', {timeout: 120_000}, async () => {
  const file = progressFile(temporaryFolder());
  await writeProgress(file, withLesson(emptyProgress, 'rbac', now));
  const both = [writer(file, 'deny', 60), writer(file, 'audit', 60)];
  expect(await Promise.all(both.map(({ended}) => ended))).toEqual([0, 0]);
  expect(await secondsOf(file, 'deny')).toEqual(upTo(60));
  expect(await secondsOf(file, 'audit')).toEqual(upTo(60));
  expect((await readProgress(file)).lessons).toHaveProperty('rbac');
  expect(readdirSync(dirname(file))).toEqual(['progress.json']);
});

it('goes on when another process is killed in the middle, with all that it had saved', {
  timeout: 120_000,
}, async () => {
  const file = progressFile(temporaryFolder());
  const killed = writer(file, 'deny', 100_000);
  await killed.begun;
  const other = writer(file, 'audit', 40);
  await expect.poll(() => killed.saved(), {timeout: 30_000}).toBeGreaterThan(5);
  killed.child.kill('SIGKILL');
  await killed.ended;
  expect(await other.ended).toBe(0);
  expect(await secondsOf(file, 'audit')).toEqual(upTo(40));
  const seconds = await secondsOf(file, 'deny');
  expect(seconds).toEqual(upTo(seconds.length));
  expect(seconds.length).toBeGreaterThanOrEqual(killed.saved());
});

it('writes the whole again where somebody deleted the file, and nothing over one that is broken', async () => {
  const file = progressFile(temporaryFolder());
  const first = withLesson(emptyProgress, 'rbac', now);
  await writeProgress(file, first);
  const own = new ProgressFile(file, first, locks);
  rmSync(file);
  await own.save(withLesson(first, 'secrets', now));
  expect(Object.keys((await readProgress(file)).lessons).sort()).toEqual(['rbac', 'secrets']);
  writeFileSync(file, '{"version": 1,');
  await expect(own.save(withLesson(first, 'audit', now))).rejects.toThrow('is no JSON');
  expect(existsSync(join(dirname(file), 'lock.json'))).toBe(false);
});
