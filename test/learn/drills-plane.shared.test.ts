import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {readDrills} from '../../src/learn/drill.ts';
import {type ControlPlane, startControlPlane} from '../helpers/control-plane.ts';
import {drillsFolder, type Gym, inLanes, openGym} from '../helpers/drills.ts';
import {hasShared} from '../helpers/shared.ts';

// One drill: DRILL=default-deny npx vitest run test/learn/drills-plane.shared.test.ts
describe.skipIf(!hasShared)('drills on a real control plane', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubekata-plane-drills-'));
  let plane: ControlPlane;
  let gym: Gym;

  beforeAll(async () => {
    plane = await startControlPlane();
    gym = await openGym(plane.kubeconfig, folder, undefined);
  }, 120_000);
  afterAll(async () => {
    await gym?.close();
    await plane?.stop();
    rmSync(folder, {recursive: true, force: true});
  });

  // Their namespaces are left behind: each takes ten seconds to go there.
  it('fail untouched and pass when solved, as on the practice cluster', async () => {
    const only = process.env.DRILL?.split(',');
    const drills = (await readDrills(drillsFolder)).filter(
      ({id, onNodes}) => !onNodes && (only?.includes(id) ?? true),
    );
    expect(drills).not.toEqual([]);
    const problems = await inLanes(drills, 4, async (drill) => {
      try {
        await gym.begin(drill);
        const untouched = await gym.judge(drill);
        await gym.script(drill, 'solution.sh');
        const solved = await gym.settle(drill, (results) => results.every(({passed}) => passed));
        return [
          ...untouched.filter(({passed}) => passed).map(({id}) => `${drill.id}: ${id} passes untouched`),
          ...solved
            .filter(({passed}) => !passed)
            .map(({id, reason}) => `${drill.id}: ${id} fails when solved: ${reason}`),
        ];
      } catch (error) {
        const {stderr} = error as {stderr?: string};
        return [`${drill.id}: ${stderr || (error instanceof Error ? error.message : String(error))}`];
      }
    });
    expect(problems.flat()).toEqual([]);
  }, 600_000);
});
