import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {openProgram, temporaryFolder} from '../helpers/program.ts';
import {keys, type Terminal} from '../helpers/terminal.ts';
import {moveTo, openControl} from '../helpers/walk.ts';

async function openFailing(terminal: Terminal): Promise<void> {
  await terminal.see(/nsa-2021 +67$/m, 30_000);
  await openControl(terminal, 'C-0034');
  terminal.press(keys.tab);
  await terminal.see(/\[Failing \d+\] .*marked/);
}

it('e accepts a finding with a reason and an end: excluded from then on, also for the next start', {
  timeout: 60_000,
}, async () => {
  const folder = temporaryFolder();
  const terminal = openProgram(['--practice'], {columns: 80, rows: 24, cwd: folder});
  await openFailing(terminal);
  await moveTo(terminal, /argo-server/);
  terminal.press('e');
  await terminal.see('Accept ServiceAccount argo/argo-server for C-0034');
  // Without a reason nothing is accepted.
  terminal.press(keys.enter);
  await terminal.see('who reads it later wants to know why');
  expect(existsSync(join(folder, 'kubekata.yaml'))).toBe(false);
  terminal.press('Calls the API serverr');
  terminal.press('\x17');
  terminal.press('server.');
  await terminal.see('Calls the API server._');
  terminal.press(keys.enter);
  await terminal.see('Accepted, with 1 entry in kubekata.yaml.');
  await terminal.see(/62 \| 1 \| 63 \| 1%/);
  await terminal.see('1 accepted: Calls the API server. (accepted until');
  expect(readFileSync(join(folder, 'kubekata.yaml'), 'utf8')).toMatch(
    /control: C-0034[\s\S]*name: argo-server[\s\S]*reason: Calls the API server\.[\s\S]*until: "?\d{4}-\d\d-\d\d/,
  );
  terminal.press('q');
  await terminal.exited;
});

it('an accepted finding whose date has passed fails again, and says so', {timeout: 60_000}, async () => {
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, 'kubekata.yaml'),
    'exceptions:\n- control: C-0034\n  kind: ServiceAccount\n  name: argo-server\n  reason: Calls the API.\n  until: 2024-05-23\n  by: mona\n',
  );
  const terminal = openProgram(['--practice'], {columns: 80, rows: 24, cwd: folder});
  await openFailing(terminal);
  await terminal.see(/63 \| 0 \| 63 \| 0%/);
  await moveTo(terminal, /argo-server/);
  terminal.press(keys.enter);
  await terminal.see('Accepted until 23 May 2024 by mona: the date has passed.');
  terminal.press('q');
  await terminal.exited;
});
