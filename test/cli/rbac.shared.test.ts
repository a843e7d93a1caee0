import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {ScanReport} from '../../src/report/scan-json.ts';
import {type ControlPlane, startControlPlane} from '../helpers/control-plane.ts';
import {makeWorkplace, type Workplace} from '../helpers/kubekata.ts';
import {hasShared} from '../helpers/shared.ts';
import {web} from './manifests.ts';

describe.skipIf(!hasShared)('the printed roles on a real server', () => {
  let plane: ControlPlane;
  let place: Workplace;
  beforeAll(async () => {
    place = makeWorkplace();
    plane = await startControlPlane();
    await plane.load(`apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n---\n${web}`);
  }, 120_000);
  afterAll(async () => {
    await plane?.stop();
    place.remove();
  });

  const userWith = async (purpose: 'scan' | 'fix'): Promise<string> => {
    const {stdout} = await place.run(['rbac', '--for', purpose]);
    await plane.load(stdout);
    await plane.kubectl(
      'create',
      'clusterrolebinding',
      purpose,
      `--clusterrole=kubekata-${purpose}`,
      `--user=${purpose}`,
    );
    return plane.user(purpose);
  };

  it('let a user scan everything, and nothing less does', async () => {
    const kubeconfig = await userWith('scan');
    const evaluated = async (file: string) => {
      const {stdout} = await place.run(['scan', '--kubeconfig', file, '--format', 'json']);
      return (JSON.parse(stdout) as ScanReport).controls.map(({id, status}) => `${id} ${status}`);
    };
    expect(await evaluated(kubeconfig)).toEqual(await evaluated(plane.kubeconfig));
    const nobody = await plane.user('nobody');
    const less = await place.run(['scan', '--kubeconfig', nobody, '--format', 'json']);
    expect(less.stdout === '' || /may not|forbidden/i.test(less.stdout)).toBe(true);
  });

  it('do not let the scanning user write', async () => {
    const kubeconfig = await plane.user('scan');
    const words = ['fix', '--kubeconfig', kubeconfig, '--control', 'C-0034', '--yes'];
    const {stderr} = await place.run(words);
    expect(stderr).toMatch(/forbidden|may not/i);
    expect(await plane.kubectl('-n', 'shop', 'get', 'deployment', 'web', '-o', 'yaml')).not.toContain(
      'automountServiceAccountToken',
    );
  });

  it('let a user fix and undo', async () => {
    const kubeconfig = await userWith('fix');
    const target = ['--kubeconfig', kubeconfig];
    const words = ['--control', 'C-0034', 'C-0057', '--namespace', 'shop', '--include', 'review', '--yes'];
    const fixed = await place.run(['fix', ...target, ...words]);
    expect(fixed.stderr).toMatch(/^2 of 2 failures of 2 controls got a fix\./);
    expect(fixed.code).toBe(0);
    const read = async () => [
      await plane.kubectl('-n', 'shop', 'get', 'serviceaccount', 'default', '-o', 'yaml'),
      await plane.kubectl('-n', 'shop', 'get', 'deployment', 'web', '-o', 'yaml'),
    ];
    const [account, deployment] = await read();
    expect(account).toContain('automountServiceAccountToken: false');
    expect(deployment).toContain('privileged: false');
    const undone = await place.run(['undo', '1', ...target, '--yes']);
    expect([undone.code, undone.stderr]).toEqual([0, expect.stringContaining('as before on')]);
    const [accountBefore, deploymentBefore] = await read();
    expect(accountBefore).not.toContain('automountServiceAccountToken');
    expect(deploymentBefore).toContain('privileged: true');
  });
});
