import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {type ControlPlane, startControlPlane} from '../helpers/control-plane.ts';
import {openProgram} from '../helpers/program.ts';
import {hasShared, shared} from '../helpers/shared.ts';
import {keys} from '../helpers/terminal.ts';
import {answer, lines, mark, openControl, row} from '../helpers/walk.ts';

describe.skipIf(!hasShared)('the walk on a real control plane', () => {
  let plane: ControlPlane;

  beforeAll(async () => {
    plane = await startControlPlane();
    for (const [namespace, files] of [
      ['shop', 'online-boutique/manifests'],
      ['argo-events', 'argo-events/manifests/install.yaml'],
    ] as const) {
      await plane.kubectl('create', 'namespace', namespace);
      await plane
        .kubectl('apply', '-n', namespace, '-f', shared(`conformance/files/${files}`))
        .catch((error: unknown) => {
          // The custom resources of Argo Events come without their definitions here; the rest is applied.
          if (!String(error).includes('no matches for kind')) throw error;
        });
    }
    await plane.kubectl(
      '-n',
      'shop',
      'wait',
      '--for=condition=Available',
      'deployment',
      '--all',
      '--timeout=60s',
    );
  }, 120_000);
  afterAll(() => plane?.stop());

  it('opens, explains, previews, applies, rescans, follows kubectl, takes back', {
    timeout: 120_000,
  }, async () => {
    const terminal = openProgram(['--kubeconfig', plane.kubeconfig, '--framework', 'nsa-2021'], {
      columns: 120,
      rows: 40,
    });
    await terminal.see(/local \(LIVE\).*nsa-2021 .*not evaluated +\d+$/m, 30_000);
    await terminal.see(/You read local/);
    const [, failed = '', all = ''] = /(\d+) +(\d+) /.exec(row(terminal.text(), 'C-0034').slice(48)) ?? [];
    expect(Number(failed)).toBe(Number(all));
    const accounts = (await plane.kubectl('get', 'serviceaccounts', '-A', '-o', 'name'))
      .trim()
      .split('\n').length;
    expect(Number(all)).toBe(accounts);

    // Understand, preview as the server would store it, apply to those that no role is bound to.
    await openControl(terminal, 'C-0034');
    await terminal.see('What the attacker gains');
    await terminal.see(/\d+ marked/);
    terminal.press('a');
    const [, marked = ''] = (await seen(terminal, /It accepts all (\d+)/)) ?? [];
    await terminal.see('+ automountServiceAccountToken: false');
    terminal.press('a');
    await terminal.see(/y n/);
    terminal.press('y');
    await terminal.see(`${marked} ServiceAccounts were changed, none refused`);
    const left = Number(failed) - Number(marked);
    await terminal.see(new RegExp(`now +${left} +0 +${all} `));
    expect(await offAccounts(plane)).toBe(Number(marked));

    // What somebody else changes moves the score by itself.
    terminal.press(keys.escape);
    await terminal.see('Lowest score first');
    await plane.kubectl(
      '-n',
      'kube-system',
      'patch',
      'serviceaccount',
      'default',
      '-p',
      '{"automountServiceAccountToken":false}',
    );
    await terminal.see((text) => new RegExp(` ${left - 1} +${all} `).test(row(text, 'C-0034')));
    await terminal.see(/kube-system\/default was changed/);

    // Limits for the namespace of the one workload without them.
    await openControl(terminal, 'C-0009');
    await mark(terminal, /argo-events/);
    terminal.press('a');
    await terminal.see('Where the value comes from');
    await answer(terminal, {
      'CPU limit': '500m',
      'CPU request': '50m',
      'memory limit': '256Mi',
      'memory request': '64Mi',
      'CPU quota': '4',
      'memory quota': '2Gi',
    });
    await terminal.see('kind: LimitRange');
    await terminal.see(/It accepts/);
    terminal.press('a');
    await terminal.see(/y n/);
    terminal.press('y');
    await terminal.see(/before +1 +0 +13/);
    await terminal.see(/now +0 +0 +13 +100%/);
    const limits = await plane.kubectl('-n', 'argo-events', 'get', 'limitrange,resourcequota', '-o', 'name');
    expect(limits.trim().split('\n')).toHaveLength(2);

    // Taken back: the objects are gone.
    terminal.press('u');
    await terminal.see('Undo of change 2');
    await terminal.see('u undo change 2');
    terminal.press('u');
    await terminal.see(/y n/);
    terminal.press('y');
    await terminal.see(/Change 2 is taken back/);
    expect(await plane.kubectl('-n', 'argo-events', 'get', 'limitrange,resourcequota', '-o', 'name')).toBe(
      '',
    );

    terminal.press('q');
    expect(await terminal.exited).toBe(0);
    await terminal.see(() => terminal.buffer() === 'normal');
  });

  it('shows a diff as the server would store it', {timeout: 60_000}, async () => {
    const terminal = openProgram(['--kubeconfig', plane.kubeconfig], {columns: 120, rows: 40});
    await terminal.see(/local \(LIVE\)/, 30_000);
    await terminal.see(/C-0016/);
    await openControl(terminal, 'C-0016');
    await mark(terminal, /controller-manager/);
    terminal.press('a');
    await terminal.see('allowPrivilegeEscalation: false');
    await terminal.see(/It accepts the change \(dry run, strict\)/);
    expect(lines(terminal.text()).some((line) => line.includes('managedFields'))).toBe(false);
    terminal.press(keys.ctrlC);
    expect(await terminal.exited).toBe(0);
  });
});

async function offAccounts(plane: ControlPlane): Promise<number> {
  const {items} = JSON.parse(await plane.kubectl('get', 'serviceaccounts', '-A', '-o', 'json')) as {
    items: readonly {automountServiceAccountToken?: boolean}[];
  };
  return items.filter(({automountServiceAccountToken}) => automountServiceAccountToken === false).length;
}

async function seen(
  terminal: ReturnType<typeof openProgram>,
  wanted: RegExp,
): Promise<RegExpExecArray | null> {
  await terminal.see(wanted);
  return wanted.exec(terminal.text());
}
