import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {parse, stringify} from 'yaml';
import {type ControlPlane, startControlPlane} from '../helpers/control-plane.ts';
import {makeWorkplace} from '../helpers/kubekata.ts';
import {openProgram, temporaryFolder} from '../helpers/program.ts';
import {hasShared} from '../helpers/shared.ts';
import {keys} from '../helpers/terminal.ts';
import {mark, openControl} from '../helpers/walk.ts';

const objects = `
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: main, image: "web:1"}]}
`;

describe.skipIf(!hasShared)('a user with view in one namespace', () => {
  let plane: ControlPlane;
  let kubeconfig: string;

  beforeAll(async () => {
    plane = await startControlPlane();
    await plane.load(objects);
    await plane.kubectl('-n', 'shop', 'create', 'rolebinding', 'v', '--clusterrole=view', '--user=viewer');
    kubeconfig = await plane.user('viewer');
  }, 120_000);
  afterAll(() => plane?.stop());

  it('gets a scan of it by scan --namespace, with what is missing and why', async () => {
    const place = makeWorkplace();
    const {stdout, code} = await place.run([
      'scan',
      '--kubeconfig',
      kubeconfig,
      '--namespace',
      'shop',
      '--format',
      'json',
    ]);
    place.remove();
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as {
      score: number;
      controls: readonly {id: string; status: string; reason?: string; all: number}[];
      incomplete: readonly string[];
    };
    expect(report.score).toBeGreaterThan(0);
    const of = (id: string) => report.controls.find((control) => control.id === id);
    expect(of('C-0016')).toMatchObject({status: 'failed'});
    expect(of('C-0034')).toMatchObject({status: 'failed'});
    expect(report.controls.filter(({status}) => status !== 'notEvaluated').length).toBeGreaterThan(8);
    expect(of('C-0035')).toMatchObject({
      status: 'notEvaluated',
      reason: expect.stringContaining('User viewer may not list') as string,
    });
  });

  it('is told how to name the namespace where none was', async () => {
    const place = makeWorkplace();
    const {stderr, code} = await place.run(['scan', '--kubeconfig', kubeconfig]);
    place.remove();
    expect(code).toBe(3);
    expect(stderr).toContain('kubekata scan --namespace NAME');
  });

  it('gets it by the namespace of the context alone: complete for that, and the title says so', async () => {
    const own = `${kubeconfig}-shop`;
    const {contexts, ...config} = parse(readFileSync(kubeconfig, 'utf8')) as {
      contexts: readonly {name: string; context: Record<string, string>}[];
    };
    const inShop = contexts.map((one) => ({...one, context: {...one.context, namespace: 'shop'}}));
    writeFileSync(own, stringify({...config, contexts: inShop}));
    const place = makeWorkplace();
    const json = await place.run(['scan', '--kubeconfig', own, '--format', 'json', '--fail-under', '1']);
    const table = await place.run(['scan', '--kubeconfig', own]);
    place.remove();
    expect([json.code, table.code]).toEqual([0, 0]);
    const report = JSON.parse(json.stdout) as {incomplete: readonly string[]; namespaces?: readonly string[]};
    expect(report).toMatchObject({incomplete: [], namespaces: ['shop']});
    expect(table.stdout).toMatch(/^kubekata \S+, \S+ \(LIVE\), namespace shop, framework nsa\n/);
    const terminal = openProgram(['--kubeconfig', own, '--framework', 'nsa'], {columns: 100, rows: 34});
    await terminal.see('You read namespace shop.', 30_000);
    terminal.press(keys.enter);
    await terminal.see('Lowest score first');
    await terminal.see(/\(LIVE\) namespace shop .*not evaluated/);
    expect(terminal.text()).not.toContain('not read');
    terminal.press('q');
    expect(await terminal.exited).toBe(0);
  }, 60_000);

  it('walks it: what one may see first, the missing permission before anything is written, more once granted', {
    timeout: 90_000,
  }, async () => {
    const folder = temporaryFolder();
    const terminal = openProgram(['--kubeconfig', kubeconfig, '--namespace', 'shop', '--framework', 'nsa'], {
      columns: 100,
      rows: 34,
      cwd: folder,
    });
    await terminal.see('You may see a part of local.', 30_000);
    await terminal.see('You read namespace shop.');
    await terminal.see(/\d+ of \d+ controls are not evaluated, because you may not list/);
    terminal.press('p');
    await terminal.see('Wrote kubekata-scan-role.yaml.');
    expect(readFileSync(join(folder, 'kubekata-scan-role.yaml'), 'utf8')).toContain('kind: ClusterRole');
    terminal.press(keys.enter);
    await terminal.see('Lowest score first');

    await openControl(terminal, 'C-0016');
    await mark(terminal, /web/);
    // Before anything is asked of the server; and as the server's own answer where that comes first.
    terminal.press('a');
    await terminal.see(/User viewer may not patch deployments\.apps in namespace shop of local|cannot patch/);
    if (terminal.text().includes('cannot patch')) {
      terminal.press(keys.escape);
      await terminal.see('[Failing');
      terminal.press('a');
      await terminal.see(/User viewer may not patch deployments\.apps in namespace shop of local/);
    }
    terminal.press(keys.escape);

    // An administrator applies what p wrote.
    await plane.kubectl('apply', '-f', join(folder, 'kubekata-scan-role.yaml'));
    await plane.kubectl('create', 'clusterrolebinding', 'k', '--clusterrole=kubekata-scan', '--user=viewer');
    await terminal.see('Lowest score first');
    const [, before = '0'] = /(\d+) not evaluated/.exec(terminal.text()) ?? [];
    terminal.press(keys.ctrlR);
    await terminal.see((text) => Number(/(\d+) not evaluated/.exec(text)?.[1] ?? 0) < Number(before), 30_000);
    terminal.press('q');
    expect(await terminal.exited).toBe(0);
  });
});
