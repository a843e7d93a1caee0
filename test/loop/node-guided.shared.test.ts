import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {type ControlPlane, startControlPlane} from '../helpers/control-plane.ts';
import {openProgram} from '../helpers/program.ts';
import {hasShared} from '../helpers/shared.ts';
import {keys} from '../helpers/terminal.ts';
import {openControl} from '../helpers/walk.ts';

describe.skipIf(!hasShared)('work on the nodes of a real control plane', () => {
  let plane: ControlPlane;
  beforeAll(async () => {
    plane = await startControlPlane({ENCRYPT: '1'});
  }, 120_000);
  afterAll(() => plane?.stop());

  /** Which provider writes is a matter of order. */
  async function order(first: 'identity' | 'secretbox'): Promise<void> {
    const file = join(plane.folder, 'pki/encryption.yaml');
    const text = readFileSync(file, 'utf8');
    const box = /^ +- secretbox:.*\n/m.exec(text)?.[0] ?? '';
    const identity = '  - identity: {}\n';
    const rest = text.replace(box, '').replace(identity, '');
    writeFileSync(file, rest + (first === 'identity' ? identity + box : box + identity));
    await plane.script('restart.sh', 'kube-apiserver', '0');
    await plane.kubectl('create', 'secret', 'generic', `after-${first}-${Date.now()}`, '--from-literal=a=b');
  }

  it('is told in steps, with the lines to change, by the command line', {timeout: 120_000}, async () => {
    const terminal = openProgram(
      [
        'fix',
        '--kubeconfig',
        plane.kubeconfig,
        '--framework',
        'kubekata',
        '--control',
        'server-profiling',
        '--dry-run',
      ],
      {columns: 120, rows: 60},
    );
    expect(await terminal.exited).toBe(0);
    const text = terminal.text();
    expect(text).toContain('By hand: server-profiling API server profiling, switches profiling off');
    expect(text).toMatch(
      /\/etc\/kubernetes\/manifests\/kube-apiserver\.yaml\n[\s\S]*- kube-apiserver\n +\+ +- --profiling=false/,
    );
    expect(text).toMatch(/Verify: kubectl get --raw \/debug\/pprof\/ answers NotFound/);
  });

  it('is verified through the API, in the terminal: failed, then passed, with where it is known from', {
    timeout: 240_000,
  }, async () => {
    await order('identity');
    const terminal = openProgram(['--kubeconfig', plane.kubeconfig, '--framework', 'nsa'], {
      columns: 120,
      rows: 40,
    });
    await terminal.see(/local \(LIVE\).*nsa .*not evaluated +\d+\.\d$/m, 60_000);
    await openControl(terminal, 'C-0066');
    terminal.press(keys.tab);
    await terminal.see(/\[Failing 1\][\s\S]*By hand:/);
    await terminal.see(/Write every Secret once more/);
    terminal.press(keys.ctrlR);
    await terminal.see(/✗ C-0066 fails still: 1 of 1, known from its \/flagz: in effect\./, 30_000);

    await order('secretbox');
    // The terminal follows the server again before it can be asked anew.
    await terminal.see(/Passing 1|Failing 1/, 60_000);
    await expect
      .poll(
        async () => {
          terminal.press(keys.ctrlR);
          return terminal
            .see(/✓ C-0066 passes now: none of 1 fails, known from its \/flagz: in effect\./, 5000)
            .then(() => true)
            .catch(() => terminal.text());
        },
        {timeout: 90_000},
      )
      .toBe(true);
  });
});
