import {afterEach, beforeEach, expect, it} from 'vitest';
import {makeWorkplace, type Workplace} from '../helpers/kubekata.ts';

let place: Workplace;
beforeEach(() => {
  place = makeWorkplace();
});
afterEach(() => place.remove());

it('keeps what was fixed by a policy that warns, in a change of its own', {timeout: 90_000}, async () => {
  const words = ['--practice', '--framework', 'nsa', '--control', 'C-0016', '--yes'];
  const {stderr, code} = await place.run(['fix', ...words, '--keep', 'policy-warn']);
  expect(stderr).toMatch(/Change 1 wrote \d+ objects\./);
  expect(stderr).toMatch(/Change 2 wrote 2 objects\. kubekata undo 2 --practice takes it back\./);
  expect(code).toBe(0);
  const again = await place.run(['fix', ...words, '--keep', 'policy-warn']);
  expect(again.stderr).not.toContain('Change 3');
  const list = await place.run(['undo', '--practice']);
  expect(list.stdout).toMatch(/2 {2}.* applied +2 {2}C-0016 keep it so/);
  const undone = await place.run(['undo', '2', '--practice', '--yes']);
  expect(undone.stderr).toContain('Change 2: 2 of 2 objects are as before');
});

it('keeps what was fixed by a label', {timeout: 90_000}, async () => {
  const words = ['--practice', '--framework', 'nsa', '--control', 'C-0016', '--yes'];
  const {stderr} = await place.run(['fix', ...words, '--keep', 'pod-security']);
  expect(stderr).toMatch(/Change 2 wrote \d objects?\./);
  const list = await place.run(['undo', '--practice']);
  expect(list.stdout).toMatch(/C-0068 keep it so/);
});

it('says where it means nothing', async () => {
  const files = await place.run(['fix', '--manifests', '.', '--yes', '--keep', 'policy-deny']);
  expect([files.code, files.stderr]).toEqual([
    2,
    expect.stringContaining('--keep is for clusters: labels and policies hold where pods are admitted.'),
  ]);
  const dry = await place.run(['fix', '--practice', '--dry-run', '--keep', 'policy-deny']);
  expect([dry.code, dry.stderr]).toEqual([2, expect.stringContaining('--keep looks at what the fixes left')]);
});
