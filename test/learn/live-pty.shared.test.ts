import {execFile, execFileSync} from 'node:child_process';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {type ControlPlane, startControlPlane} from '../helpers/control-plane.ts';
import {drillsFolder} from '../helpers/drills.ts';
import {openProgram, temporaryFolder} from '../helpers/program.ts';
import {hasShared, shared} from '../helpers/shared.ts';
import {escapeTo, skipQuestions} from '../helpers/study.ts';

const run = promisify(execFile);

describe.skipIf(!hasShared)('study on a cluster of your own', () => {
  let plane: ControlPlane;
  let path: string;
  let context: string;

  beforeAll(async () => {
    plane = await startControlPlane();
    path = `${execFileSync(shared('cluster/bin.sh'), {encoding: 'utf8'}).trim()}:${process.env.PATH}`;
    context = (await plane.kubectl('config', 'current-context')).trim();
  }, 180_000);
  afterAll(() => plane?.stop());

  const open = (home: string) =>
    openProgram(['study', '--kubeconfig', plane.kubeconfig, '--context', context], {
      home,
      environment: {PATH: path},
    });
  const names = async () =>
    (
      await plane.kubectl(
        ...['get', '-o', 'name'],
        'namespaces,clusterroles,clusterrolebindings,validatingadmissionpolicies,runtimeclasses',
      )
    )
      .trim()
      .split('\n')
      .sort();

  it('asks for its name, and takes nothing else for it', {timeout: 120_000}, async () => {
    const before = await names();
    const tui = open(temporaryFolder());
    await tui.see(`Type ${context} to go on:`);
    expect(tui.text()).toContain('Take a cluster that you can throw away: kind, minikube, k3s.');
    tui.press('practice\r');
    await tui.see('That is not its name. Nothing was changed.');
    expect(await tui.exited).toBe(0);
    expect(await names()).toEqual(before);
  });

  it('does a drill there, and takes away what the drill made, nothing else', {timeout: 300_000}, async () => {
    const home = temporaryFolder();
    // What somebody has there already: a namespace with a drill's name, and an object that a drill asks for.
    await plane.kubectl('create', 'namespace', 'payments');
    await plane.kubectl('-n', 'payments', 'create', 'configmap', 'mine', '--from-literal=a=b');
    const before = await names();

    const tui = open(home);
    await tui.see(`Type ${context} to go on:`);
    tui.press(`${context}\r`);
    await skipQuestions(tui);
    await tui.see(new RegExp(`C-\\d+ on ${context}`), 60_000);

    tui.press('l');
    await tui.see('Level');
    tui.press('/that nobody\r');
    await tui.see('▸   Tokens that nobody needs');
    tui.press('\r');
    await tui.see('Namespace payments is there already, and no drill made it', 60_000);
    await escapeTo(tui, 'Level');

    tui.press('/no way up hard\r');
    await tui.see('▸   No way up');
    tui.press('\r');
    await tui.see(/LIVE.* 0 of \d\b/, 60_000);
    expect(tui.text()).toContain(`${context} (LIVE)`);
    expect(await names()).toContain('namespace/press');
    const folder = join(drillsFolder, 'no-way-up');
    const work = join(home, 'state/study/work/no-way-up');
    const env = {PATH: path, HOME: home, KUBECONFIG: plane.kubeconfig, WORK: work, DRILL: folder};
    await run('bash', ['-euo', 'pipefail', join(folder, 'solution.sh')], {cwd: work, env});
    await tui.see(/Solved in \d+:\d\d without a hint/, 60_000);
    await escapeTo(tui, 'solved');
    tui.press('q');
    expect(await tui.exited).toBe(0);
    expect(await names()).toEqual(before);
    expect(
      await plane.kubectl('-n', 'payments', 'get', 'configmap', 'mine', '-o', 'jsonpath={.data.a}'),
    ).toBe('b');
  });

  it('leaves an object outside of namespaces that was there before', {timeout: 300_000}, async () => {
    const home = temporaryFolder();
    await plane.kubectl('create', 'clusterrole', 'press-editor', '--verb=get', '--resource=pods');
    const before = await names();
    const tui = open(home);
    await tui.see(`Type ${context} to go on:`);
    tui.press(`${context}\r`);
    await skipQuestions(tui);
    await tui.see(new RegExp(`C-\\d+ on ${context}`), 60_000);
    tui.press('l');
    await tui.see('Level');
    tui.press('/no way up hard\r');
    await tui.see('▸   No way up');
    tui.press('\r');
    await tui.see('ClusterRole press-editor is there already', 60_000);
    tui.press('q');
    expect(await tui.exited).toBe(0);
    expect(await names()).toEqual(before);
  });
});
