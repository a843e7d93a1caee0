import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {type ControlPlane, startControlPlane, until} from '../helpers/control-plane.ts';
import {type FaultProxy, startFaultProxy} from '../helpers/fault-proxy.ts';
import {openProgram, temporaryFolder} from '../helpers/program.ts';
import {hasShared} from '../helpers/shared.ts';
import {keys, type Terminal} from '../helpers/terminal.ts';
import {applyAndConfirm, mark, openControl} from '../helpers/walk.ts';

const accounts = ['a1', 'a2', 'a3', 'a4', 'a5'];
const objects = `
apiVersion: v1
kind: Namespace
metadata: {name: shop}
${accounts.map((name) => `---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: ${name}, namespace: shop}`).join('\n')}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: frail, namespace: shop}
spec:
  replicas: 2
  progressDeadlineSeconds: 600
  selector: {matchLabels: {app: frail}}
  template:
    metadata:
      labels: {app: frail}
      annotations: {sim/fail: CreateContainerConfigError, sim/message: 'configmap "settings" not found'}
    spec:
      serviceAccountName: a1
      containers: [{name: main, image: "web:1"}]
`;

describe.skipIf(!hasShared)('faults, in a real terminal on a real control plane', () => {
  let plane: ControlPlane;
  let proxy: FaultProxy;
  const open = (home = temporaryFolder()): Terminal =>
    openProgram(['--kubeconfig', proxy.kubeconfig, '--framework', 'nsa-2021'], {
      columns: 120,
      rows: 40,
      home,
    });
  const off = async (): Promise<readonly string[]> => {
    const {items} = JSON.parse(await plane.kubectl('-n', 'shop', 'get', 'serviceaccounts', '-o', 'json')) as {
      items: readonly {metadata: {name: string}; automountServiceAccountToken?: boolean}[];
    };
    return items
      .filter(({automountServiceAccountToken}) => automountServiceAccountToken === false)
      .map(({metadata}) => metadata.name);
  };
  const isWrite = ({method = '', url = ''}: {method?: string | undefined; url?: string | undefined}) =>
    method === 'PATCH' && url.includes('/namespaces/shop/serviceaccounts/a') && !url.includes('dryRun');

  /** Goes to the preview of the tokens of shop, and applies it. */
  async function applyTokens(terminal: Terminal): Promise<void> {
    await terminal.see(/proxied \(LIVE\).*not evaluated +\d+$/m, 30_000);
    await openControl(terminal, 'C-0034');
    await terminal.see(/\d+ marked/);
    terminal.press('\t');
    terminal.press('/');
    terminal.press('ns:shop');
    await terminal.see(/ns:shop_/);
    terminal.press(keys.enter);
    terminal.press('*');
    await terminal.see('6 marked');
    terminal.press('a');
    await terminal.see('a apply 6');
    await terminal.see(/It accepts all 6/);
    await applyAndConfirm(terminal);
  }

  beforeAll(async () => {
    plane = await startControlPlane();
    proxy = await startFaultProxy(plane);
    await plane.load(objects);
    // The pods that run now are healed: only what is rolled out next fails.
    await until(
      async () =>
        (await plane.kubectl('-n', 'shop', 'get', 'pods', '-o', 'name')).trim().split('\n').length === 2,
      'two pods',
    );
    await plane.kubectl('-n', 'shop', 'annotate', 'pods', '--all', 'sim/fail-');
    await plane.kubectl(
      '-n',
      'shop',
      'wait',
      '--for=condition=Available',
      'deployment/frail',
      '--timeout=30s',
    );
  }, 120_000);

  beforeEach(async () => {
    proxy.fault = () => undefined;
    const names = [...accounts, 'default'];
    for (const name of names) {
      await plane.kubectl(
        '-n',
        'shop',
        'patch',
        'serviceaccount',
        name,
        '-p',
        '{"automountServiceAccountToken":null}',
      );
    }
  }, 30_000);

  afterAll(async () => {
    await proxy?.stop();
    await plane?.stop();
  });

  it('a rollout fails: the guard says why, undo makes it well again', {timeout: 90_000}, async () => {
    const terminal = open();
    await terminal.see(/proxied \(LIVE\).*not evaluated +\d+$/m, 30_000);
    await openControl(terminal, 'C-0016');
    await mark(terminal, /frail/);
    terminal.press('a');
    await terminal.see(/It accepts the change/);
    await applyAndConfirm(terminal);
    await terminal.see('Rollout guard');
    await terminal.see(/✗ Deployment shop\/frail/, 30_000);
    await terminal.see(/CreateContainerConfigError:\s+configmap "settings"/);
    await terminal.see('Deployment shop/frail does not start since change 1.');
    terminal.press('u');
    await terminal.see('u undo change 1');
    terminal.press('u');
    await terminal.see(/y n/);
    terminal.press('y');
    await terminal.see('Change 1 is taken back.', 30_000);
    expect(terminal.text()).not.toContain('does not start');
    await plane.kubectl('-n', 'shop', 'rollout', 'status', 'deployment/frail', '--timeout=30s');
    terminal.press('q');
    expect(await terminal.exited).toBe(0);
  });

  it('q while writing asks, and esc stays', {timeout: 60_000}, async () => {
    proxy.fault = (request) => (isWrite(request) ? {delay: 600} : undefined);
    const terminal = open();
    await applyTokens(terminal);
    await terminal.see('Applying');
    terminal.press('q');
    await terminal.see(/A change is being applied: \d of 6 objects are written\./);
    await terminal.see('enter wait, then quit');
    terminal.press(keys.escape);
    await terminal.see('6 ServiceAccounts were changed, none refused', 20_000);
    expect(await off()).toHaveLength(6);
    terminal.press('q');
    expect(await terminal.exited).toBe(0);
  });

  it('ctrl-c in the middle, then enter: everything is written, then it ends', {timeout: 60_000}, async () => {
    proxy.fault = (request) => (isWrite(request) ? {delay: 600} : undefined);
    const terminal = open();
    await applyTokens(terminal);
    await terminal.see('Applying');
    terminal.press(keys.ctrlC);
    await terminal.see(/A change is being applied/);
    terminal.press(keys.enter);
    expect(await terminal.exited).toBe(0);
    expect(await off()).toHaveLength(6);
  });

  it('ctrl-c in the middle, then u: what was written goes back, the rest is never written', {
    timeout: 60_000,
  }, async () => {
    proxy.fault = (request) => (isWrite(request) ? {delay: 600} : undefined);
    const home = temporaryFolder();
    const terminal = open(home);
    await applyTokens(terminal);
    await terminal.see('Applying');
    await terminal.see(/✓ ServiceAccount shop\/a1 +changed/);
    terminal.press(keys.ctrlC);
    await terminal.see('u undo, then quit');
    terminal.press('u');
    expect(await terminal.exited).toBe(0);
    expect(await off()).toEqual([]);
    // Nothing is left to be finished.
    proxy.fault = () => undefined;
    const again = open(home);
    await again.see(/proxied \(LIVE\).*not evaluated +\d+$/m, 30_000);
    expect(again.text()).not.toContain('was not finished');
    again.press('u');
    await again.see(/ 1 .* undone/);
  });

  it('killed in the middle: told at the next start, and enter writes the rest', {
    timeout: 60_000,
  }, async () => {
    proxy.fault = (request) => (isWrite(request) ? {delay: 600} : undefined);
    const home = temporaryFolder();
    const terminal = open(home);
    await applyTokens(terminal);
    await terminal.see(/✓ ServiceAccount shop\/a1 +changed/);
    terminal.kill('SIGKILL');
    await terminal.exited;
    proxy.fault = () => undefined;
    const again = open(home);
    await again.see(
      /Change 1, C-0034 .* was not finished: \d of 6 objects are known to be written\./,
      30_000,
    );
    again.press('u');
    await again.see('unfinished');
    await again.see('enter write the rest');
    again.press(keys.enter);
    await again.see('Change 1 is finished.', 20_000);
    expect(await off()).toHaveLength(6);
  });

  it('the cluster is away at the start: said, and ctrl-r goes on', {timeout: 60_000}, async () => {
    proxy.fault = ({url = ''}) => (url.includes('pods') ? 'reset' : undefined);
    const terminal = open();
    await terminal.see(/proxied does not answer\./, 30_000);
    proxy.fault = () => undefined;
    terminal.press(keys.ctrlR);
    await terminal.see(/proxied \(LIVE\).*not evaluated +\d+$/m, 30_000);
  });

  it('the cluster goes away while one looks: said, applying waits, and it comes back', {
    timeout: 90_000,
  }, async () => {
    const terminal = open();
    await terminal.see(/proxied \(LIVE\).*not evaluated +\d+$/m, 30_000);
    const [, score = ''] = /not evaluated +(\d+)$/m.exec(terminal.text()) ?? [];
    await openControl(terminal, 'C-0034');
    terminal.press('a');
    await terminal.see(/It accepts all/);
    proxy.fault = () => 'reset';
    proxy.cut();
    await terminal.see(/proxied stopped answering at \d\d:\d\d\. What you see is from then\./, 20_000);
    terminal.press('a');
    await terminal.see('Applying waits until it is back.');
    expect(terminal.text()).toMatch(new RegExp(` ${score}$`, 'm'));
    proxy.fault = () => undefined;
    await terminal.see((text) => !text.includes('stopped answering'), 30_000);
    terminal.press(keys.escape);
    await plane.kubectl(
      '-n',
      'shop',
      'patch',
      'serviceaccount',
      'a5',
      '-p',
      '{"automountServiceAccountToken":false}',
    );
    await terminal.see(/ServiceAccount shop\/a5 was changed/, 20_000);
  });

  it('the cluster goes away in the middle of a change: nothing twice, nothing lost', {
    timeout: 90_000,
  }, async () => {
    let writes = 0;
    let away = false;
    proxy.fault = (request) => {
      if (isWrite(request)) writes += 1;
      if (writes === 3 && !away) {
        away = true;
        setTimeout(() => {
          proxy.fault = () => undefined;
        }, 3000);
      }
      return away ? 'reset' : undefined;
    };
    const terminal = open();
    await applyTokens(terminal);
    await terminal.see(/6 ServiceAccounts were changed, none refused/, 40_000);
    expect(await off()).toHaveLength(6);
    const managed = await plane.kubectl(
      '-n',
      'shop',
      'get',
      'serviceaccount',
      'a3',
      '-o',
      'jsonpath={.metadata.resourceVersion}',
    );
    expect(managed).not.toBe('');
  });
});
