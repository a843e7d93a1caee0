import {expect, it} from 'vitest';
import {openProgram} from '../helpers/program.ts';
import {keys} from '../helpers/terminal.ts';

it('after a fix of workloads, the label that keeps their namespace so is offered, and previewed by enter', {
  timeout: 60_000,
}, async () => {
  const terminal = openProgram(['--practice'], {columns: 120, rows: 40});
  await terminal.see(/nsa-2021 +67$/m, 30_000);
  terminal.press(':control C-0016\r');
  await terminal.see(/▸ C-0016/);
  terminal.press(keys.tab);
  await terminal.see(/\[Failing \d+\]/);
  await terminal.see(/\d+ marked/);
  terminal.press('a');
  await terminal.see(/It accepts/);
  await terminal.see(/a apply/);
  terminal.press('a');
  await terminal.see(/What next|y n|Rollout guard/);
  if (terminal.text().includes('y n')) terminal.press('y');
  await terminal.see('What next', 30_000);
  await terminal.see(/▸ C-0068 +Keep it so: enforce \w+ in [\w-]+/);
  terminal.press(keys.enter);
  await terminal.see(/pod-security\.kubernetes\.io\/enforce: \w+/);
  await terminal.see(/Namespace [\w-]+/);
  terminal.press('q');
  expect(await terminal.exited).toBe(0);
});

it('offers a policy too: its action is chosen, its change previewed, applied and taken back', {
  timeout: 90_000,
}, async () => {
  const terminal = openProgram(['--practice'], {columns: 120, rows: 40});
  await terminal.see(/nsa-2021 +67$/m, 30_000);
  terminal.press(':framework nsa\r');
  await terminal.see(/ nsa +\d/);
  terminal.press(':control C-0016\r');
  await terminal.see(/▸ C-0016/);
  terminal.press(keys.tab);
  await terminal.see(/\[Failing \d+\]/);
  await terminal.see(/\d+ marked/);
  terminal.press('a');
  await terminal.see(/It accepts/);
  await terminal.see(/a apply/);
  terminal.press('a');
  await terminal.see(/What next|y n|Rollout guard/, 30_000);
  if (terminal.text().includes('y n')) terminal.press('y');
  await terminal.see('What next', 60_000);
  await terminal.see(/C-0016 +Keep it so: a policy in /, 30_000);
  terminal.press('G');
  await terminal.see(/▸ C-0016 +Keep it so: a policy in /);
  terminal.press(keys.enter);
  await terminal.see(/what it does +Warn/);
  terminal.press('\x1b[C');
  await terminal.see(/what it does +Deny/);
  terminal.press(keys.enter);
  await terminal.see(/It accepts both/, 30_000);
  await terminal.see(/kubekata-c-0016/);
  await terminal.see(/a apply/);
  terminal.press('a');
  await terminal.see(/y n|were created/);
  if (terminal.text().includes('y n')) terminal.press('y');
  await terminal.see('2 objects were created, none refused, nothing restarted', 30_000);
  terminal.press('u');
  await terminal.see(/u undo change \d/);
  terminal.press('u');
  await terminal.see(/is taken back\./, 30_000);
  terminal.press('q');
  expect(await terminal.exited).toBe(0);
});
