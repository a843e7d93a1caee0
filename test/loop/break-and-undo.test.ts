import {expect, it} from 'vitest';
import {openProgram} from '../helpers/program.ts';
import {keys, type Terminal} from '../helpers/terminal.ts';
import {answer, mark, openControl} from '../helpers/walk.ts';

const stingy = {
  'CPU limit': '500m',
  'CPU request': '50m',
  'memory limit': '64Mi',
  'memory request': '32Mi',
};

/** Previews limits that one workload of argo can't live with. */
async function previewStingyLimits(terminal: Terminal): Promise<void> {
  await terminal.see(/C-0034 .* 63 +63 .* 0%/, 30_000);
  await openControl(terminal, 'C-0009');
  await mark(terminal, /argo +(Deployment|deploy) minio /);
  terminal.press('a');
  await terminal.see('Where the value comes from');
  await answer(terminal, stingy);
  // Seen coming, by name, before anything is written.
  await terminal.see(/✗ Deployment argo\/argo-server\b/);
  await terminal.see('r restart');
  terminal.press('r');
  await terminal.see(/restartedAt|no restart/);
  await terminal.see(/a apply \d+/);
  terminal.press('a');
  await terminal.see(/y n/);
  terminal.press('y');
  await terminal.see('Rollout guard');
}

it('breaks a workload by limits: seen coming, applied all the same, noticed, taken back, healthy', {
  timeout: 90_000,
}, async () => {
  const terminal = openProgram(['--practice'], {columns: 120, rows: 40});
  await previewStingyLimits(terminal);
  await terminal.see(/✗ Deployment argo\/argo-server /, 30_000);
  await terminal.see(/OOMKilled/, 30_000);
  await terminal.see('u takes change 1 back.');
  terminal.press('u');
  await terminal.see('u undo change 1');
  terminal.press('u');
  await terminal.see(/Undo of change 1/);
  await terminal.see('Change 1 is taken back.', 30_000);
  await terminal.see(/ 1 .* undone/);
  expect(terminal.text()).not.toContain('does not start');
  terminal.press(keys.escape);
  await terminal.see('Lowest score first');
  await terminal.see((text) => /29 +35 .* 17%/.test(text));
  terminal.press('q');
  expect(await terminal.exited).toBe(0);
});

it('with --guard it is taken back without a key', {timeout: 90_000}, async () => {
  const terminal = openProgram(['--practice', '--guard'], {columns: 120, rows: 40});
  await previewStingyLimits(terminal);
  await terminal.see(/Takes change 1 back in \d s\. esc keeps it\./, 30_000);
  await terminal.see('Change 1 is taken back.', 45_000);
  await terminal.see(/ 1 .* undone/);
  terminal.press('q');
  expect(await terminal.exited).toBe(0);
});

it('offers the safe values instead of what breaks, and takes them', {timeout: 60_000}, async () => {
  const terminal = openProgram(['--practice'], {columns: 120, rows: 40});
  await terminal.see(/C-0034 .* 63 +63 .* 0%/, 30_000);
  await openControl(terminal, 'C-0009');
  await mark(terminal, /argo +(Deployment|deploy) minio /);
  terminal.press('a');
  await terminal.see('Where the value comes from');
  await answer(terminal, stingy);
  await terminal.see(/✗ Deployment argo\/argo-server\b/);
  await terminal.see(/Instead +=/);
  terminal.press('v');
  await terminal.see(
    (text) => /a apply \d+/.test(text) && !text.includes('✗ Deployment') && !text.includes('Instead'),
  );
  // Enter opens the form, with the safe values in it.
  terminal.press(keys.enter);
  await terminal.see('Where the value comes from');
  await terminal.see((text) => /memory limit +(?!64Mi)\d+\S* +(?!from you)\w/.test(text));
  terminal.press('q');
  terminal.press(keys.ctrlC);
  expect(await terminal.exited).toBe(0);
});
