import {execFile} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {emptyProgress, progressFile, withLesson, writeProgress} from '../../src/learn/progress.ts';
import {bin, temporaryFolder} from '../helpers/program.ts';

type Ended = {readonly code: number; readonly stdout: string; readonly stderr: string};

/** Runs `kubekata study` without a terminal. */
const study = (home: string, ...words: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const env = {...process.env, HOME: home, KUBEKATA_HOME: home};
    execFile(process.execPath, [bin, 'study', ...words], {env}, (error, stdout, stderr) =>
      resolve({code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr}),
    );
  });

it('lists what there is to learn for each competency, as JSON of a fixed shape', async () => {
  const {code, stdout} = await study(temporaryFolder(), '--list', '--format', 'json');
  expect(code).toBe(0);
  const {competencies} = JSON.parse(stdout);
  expect(competencies).toHaveLength(26);
  for (const one of competencies) {
    expect(Object.keys(one)).toEqual(['id', 'domain', 'title', 'lessons', 'cards', 'drills']);
    expect(one.cards).toBeGreaterThan(0);
    expect(one.drills.length).toBeGreaterThan(0);
  }
});

it('gives the progress out and takes it in again, what was there is kept', async () => {
  const [one, two] = [temporaryFolder(), temporaryFolder()];
  const progress = withLesson(emptyProgress, 'rbac', new Date(2026, 10, 23));
  await writeProgress(progressFile(one), progress);
  await writeProgress(progressFile(two), emptyProgress);
  const file = join(one, 'mine.json');
  expect((await study(one, '--export', file)).code).toBe(0);
  const {code, stderr} = await study(two, '--import', file);
  expect(code).toBe(0);
  expect(stderr).toContain('Before: ');
  expect(JSON.parse(readFileSync(progressFile(two), 'utf8'))).toEqual(progress);
  expect(JSON.parse(readFileSync(`${progressFile(two)}.before-import`, 'utf8'))).toEqual(emptyProgress);
  expect(JSON.parse((await study(two, '--export', '-')).stdout)).toEqual(progress);
});

it('says what it wants', async () => {
  const home = temporaryFolder();
  expect(await study(home)).toMatchObject({code: 2, stdout: ''});
  const missing = await study(home, '--import', join(home, 'nothing.json'));
  expect(missing).toMatchObject({code: 2, stdout: ''});
  expect(missing.stderr).toContain("nothing.json can't be read.");
});
