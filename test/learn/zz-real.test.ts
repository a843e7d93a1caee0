import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {readDrills} from '../../src/learn/drill.ts';
import {drillsFolder, type Gym, inLanes, openGym, problemsOf} from '../helpers/drills.ts';

const folder = mkdtempSync(join(tmpdir(), 'kk-real-'));
let gym: Gym;
beforeAll(async () => {
  gym = await openGym('/tmp/gen/real/kubeconfig', folder, undefined);
});
afterAll(async () => {
  await gym?.close();
  rmSync(folder, {recursive: true, force: true});
});
it('real', async () => {
  const only = process.env.DRILL?.split(',');
  const drills = (await readDrills(drillsFolder)).filter((d) => !d.onNodes && (only?.includes(d.id) ?? true));
  const bad = await inLanes(drills, 5, (d) => problemsOf(d, gym));
  expect(bad.flat()).toEqual([]);
}, 580000);
