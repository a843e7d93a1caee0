import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openPractice, type Practice, practiceDirectory} from '../../src/cli/practice-host.ts';
import {readDrill} from '../../src/learn/drill.ts';
import {drillsFolder, type Gym, openGym} from '../helpers/drills.ts';
import {hasShared} from '../helpers/shared.ts';

describe.skipIf(!hasShared)('a drill whose learner broke the API server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubekata-broken-'));
  const before = process.env.KUBEKATA_HOME;
  let practice: Practice;
  let gym: Gym;

  beforeAll(async () => {
    process.env.KUBEKATA_HOME = folder;
    practice = await openPractice();
    gym = await openGym(practice.kubeconfig, folder, join(practiceDirectory(), 'nodes'));
  });
  afterAll(async () => {
    await gym?.close();
    await practice?.close();
    rmSync(folder, {recursive: true, force: true});
    if (before === undefined) delete process.env.KUBEKATA_HOME;
    else process.env.KUBEKATA_HOME = before;
  });

  it('begins anew, can be solved, and is left as the cluster was', {timeout: 180_000}, async () => {
    const drill = await readDrill(drillsFolder, 'api-server-asks-first');
    const file = join(practiceDirectory(), 'nodes/rpi-1/etc/kubernetes/manifests/kube-apiserver.yaml');
    const original = readFileSync(file, 'utf8');
    const ready = () =>
      gym.answers().then(
        () => true,
        () => false,
      );
    const breakIt = async () => {
      writeFileSync(
        file,
        readFileSync(file, 'utf8').replace(
          '- kube-apiserver\n',
          '- kube-apiserver\n    - --no-such-flag=1\n',
        ),
      );
      await expect.poll(ready, {timeout: 30_000}).toBe(false);
    };
    await gym.begin(drill);
    await breakIt();
    await gym.begin(drill);
    expect(await ready()).toBe(true);
    expect((await gym.judge(drill)).filter(({passed}) => passed)).toEqual([]);
    await gym.script(drill, 'solution.sh');
    const solved = await gym.settle(drill, (results) => results.every(({passed}) => passed));
    expect(solved.filter(({passed}) => !passed)).toEqual([]);
    await breakIt();
    await gym.end(drill);
    expect(await ready()).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe(original);
  });
});
