import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openPractice, type Practice, practiceDirectory} from '../../src/cli/practice-host.ts';
import {type Drill, readDrills} from '../../src/learn/drill.ts';
import {drillsFolder, type Gym, inLanes, openGym, problemsOf} from '../helpers/drills.ts';
import {hasShared} from '../helpers/shared.ts';

// One drill: DRILL=tokens-nobody-needs npx vitest run test/learn/drills.shared.test.ts
describe.skipIf(!hasShared)('every drill, with real kubectl, on the practice cluster', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubekata-drills-'));
  const before = process.env.KUBEKATA_HOME;
  let practice: Practice;
  let gym: Gym;
  let drills: readonly Drill[];

  beforeAll(async () => {
    process.env.KUBEKATA_HOME = folder;
    practice = await openPractice();
    gym = await openGym(practice.kubeconfig, folder, join(practiceDirectory(), 'nodes'));
    const only = process.env.DRILL?.split(',');
    drills = (await readDrills(drillsFolder)).filter(({id}) => only?.includes(id) ?? true);
  });
  afterAll(async () => {
    await gym?.close();
    await practice?.close();
    rmSync(folder, {recursive: true, force: true});
    if (before === undefined) delete process.env.KUBEKATA_HOME;
    else process.env.KUBEKATA_HOME = before;
  });

  it('fails untouched, passes when solved, and each wrong solution fails its own criterion', async () => {
    expect(drills).not.toEqual([]);
    const problems = await inLanes(
      drills.filter(({onNodes}) => !onNodes),
      6,
      (drill) => problemsOf(drill, gym),
    );
    // Wrong ones stop the API server, for everybody.
    const alone = drills.filter(({onNodes}) => onNodes);
    const others = await inLanes(alone, 1, (drill) => problemsOf(drill, gym));
    expect([...problems, ...others].flat()).toEqual([]);
  }, 600_000);
});
