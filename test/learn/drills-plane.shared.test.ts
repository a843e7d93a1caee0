import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {readDrills} from '../../src/learn/drill.ts';
import {type ControlPlane, startControlPlane} from '../helpers/control-plane.ts';
import {drillsFolder, type Gym, inLanes, openGym, problemsOf} from '../helpers/drills.ts';
import {hasShared} from '../helpers/shared.ts';

// A namespace takes five seconds to go there, whatever is in it: many drills wait for that at once, and a wrong solution
// begins from what is there. On the practice cluster each begins anew.
const lanes = 24;

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

  it('fail untouched, pass when solved, and each wrong solution fails its own criterion', async () => {
    const only = process.env.DRILL?.split(',');
    const drills = (await readDrills(drillsFolder))
      .filter(({id, onNodes}) => !onNodes && (only?.includes(id) ?? true))
      // Those with most to wait for begin first.
      .sort((a, b) => b.criteria.length - a.criteria.length);
    expect(drills).not.toEqual([]);
    // The cluster goes as a whole: the last try of each drill stays.
    const leaving: Gym = {...gym, end: async () => undefined};
    const problems = await inLanes(drills, lanes, (drill) => problemsOf(drill, leaving, {inPlace: true}));
    expect(problems.flat()).toEqual([]);
  }, 600_000);
});
