import {expect, it} from 'vitest';
import {openProgram} from '../helpers/program.ts';
import {keys} from '../helpers/terminal.ts';
import {answer, mark, openControl, row} from '../helpers/walk.ts';

it('the story, with keys alone: 12 ServiceAccounts, 67 to 69; then limits that break nothing', {
  timeout: 90_000,
}, async () => {
  const terminal = openProgram([], {columns: 120, rows: 40});
  // Nothing to choose: the walk opens at once, the lowest score first.
  await terminal.see(/C-0034 .* 63 +63 .* 0%/, 30_000);
  expect(terminal.buffer()).toBe('alternate');
  await terminal.see(/home \(practice\).*nsa-2021 +67$/m);
  await terminal.see((text) => /29 +35 .* 17%/.test(row(text, 'C-0009')));

  // Understand.
  terminal.press(keys.enter);
  await terminal.see('63 failed | 0 excluded | 63 in all | 0%');
  await terminal.see('CKS 1 Cluster Setup');
  await terminal.see('What the attacker gains');
  await terminal.see('12 marked');

  // Preview one ServiceAccount: the diff that the server would store.
  terminal.press('a');
  await terminal.see(/\+ automountServiceAccountToken: false/);
  await terminal.see(/0% ➜ 19%\. 67 ➜ 69/);
  await terminal.see(/It accepts all 12/);
  // Some belong to a Helm release or to Argo CD: asked once more.
  terminal.press('a');
  await terminal.see(/own 4 of these objects/);
  terminal.press('y');
  await terminal.see('67 ➜ 69   +2');
  await terminal.see(/51 +0 +63 +19%/);
  await terminal.see(/12 ServiceAccounts were changed, none refused/);
  await terminal.see(/nsa-2021 +69 +\+2$/m);

  // What the story's LimitRange would do to namespace argo.
  terminal.press(keys.escape);
  await terminal.see(/Lowest score first/);
  await terminal.see((text) => /51 +63 .* 19%/.test(row(text, 'C-0034')));
  await openControl(terminal, 'C-0009');
  await terminal.see('29 failed | 0 excluded | 35 in all | 17%');
  await mark(terminal, /argo +deploy minio /);
  terminal.press('a');
  await terminal.see('Where the value comes from');
  await answer(terminal, {
    'CPU limit': '500m',
    'CPU request': '50m',
    'memory limit': '256Mi',
    'memory request': '64Mi',
  });
  await terminal.see(/✗ Deployment argo\/minio/);
  await terminal.see(/256Mi/);

  // Better values break nothing, and the row rises.
  terminal.press(keys.escape);
  await terminal.see('29 failed | 0 excluded | 35 in all | 17%');
  terminal.press('a');
  await terminal.see('Where the value comes from');
  await answer(terminal, {
    'CPU limit': '2',
    'CPU request': '20m',
    'memory limit': '2Gi',
    'memory request': '32Mi',
    'CPU quota': '20',
    'memory quota': '16Gi',
  });
  await terminal.see(/29 ➜ 25 failing, 17% ➜ 28%/);
  expect(terminal.text()).not.toContain('✗ ');
  terminal.press('a');
  await terminal.see(/before +29 +0 +35 +17%/);
  await terminal.see(/now +25 +0 +35 +28%/);

  terminal.press('q');
  expect(await terminal.exited).toBe(0);
  await terminal.see(() => terminal.buffer() === 'normal');
  expect(terminal.bytes().endsWith('\x1b[?25h') || terminal.bytes().includes('\x1b[?25h')).toBe(true);
});
