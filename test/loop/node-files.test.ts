import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {openProgram, temporaryFolder} from '../helpers/program.ts';
import {keys} from '../helpers/terminal.ts';
import {openControl} from '../helpers/walk.ts';

it('a file of a node: its difference is shown, it is written, the score rises, and undo puts the text back', {
  timeout: 120_000,
}, async () => {
  const home = temporaryFolder();
  const terminal = openProgram(['--practice', '--framework', 'nsa'], {columns: 120, rows: 40, home});
  await terminal.see(/nsa +\d+\.\d$/m, 60_000);
  const score = /nsa +(\d+\.\d)$/m.exec(terminal.text())![1]!;
  const file = join(home, 'state/practice/nodes/rpi-3/var/lib/kubelet/config.yaml');
  const before = readFileSync(file, 'utf8');
  expect(before).toContain('anonymous: {enabled: true}');

  await openControl(terminal, 'C-0069');
  terminal.press(keys.tab);
  await terminal.see(/\[Failing 1\][\s\S]*▸ \[.\] rpi-3 +true/);
  await terminal.see(/\[1\] in the file of the node +review/);

  terminal.press('a');
  await terminal.see('rpi-3/var/lib/kubelet/config.yaml');
  await terminal.see(/- {3}anonymous: \{enabled: true\}[\s\S]*\+ {3}anonymous: \{enabled: false\}/);
  await terminal.see(/C-0069: 1 ➜ 0 failing, 66% ➜ 100%/);
  await terminal.see(/a apply/);
  expect(readFileSync(file, 'utf8')).toBe(before);

  terminal.press('a');
  await terminal.see(/1 NodeFile was changed, none refused/, 30_000);
  await terminal.see(/None fails any more/);
  await terminal.see((text) => Number(/nsa +(\d+\.\d) +\+/m.exec(text)?.[1] ?? 0) > Number(score));
  expect(readFileSync(file, 'utf8')).toBe(before.replace('{enabled: true}', '{enabled: false}'));

  terminal.press('u');
  await terminal.see(/u undo change 1/, 30_000);
  terminal.press('u');
  await terminal.see(`Change 1 is taken back.`, 30_000);
  await terminal.see(new RegExp(`nsa +${score.replace('.', '\\.')}$`, 'm'));
  expect(readFileSync(file, 'utf8')).toBe(before);
});

it('a flag that the API server does not know keeps it away: why is said, and an editor brings it back', {
  timeout: 150_000,
}, async () => {
  const home = temporaryFolder();
  const terminal = openProgram(['--practice', '--framework', 'nsa'], {columns: 120, rows: 40, home});
  await terminal.see(/nsa +\d+\.\d$/m, 60_000);
  const file = join(home, 'state/practice/nodes/rpi-1/etc/kubernetes/manifests/kube-apiserver.yaml');
  const before = readFileSync(file, 'utf8');
  writeFileSync(file, before.replace('--allow-privileged=true', '--allow-privilege=true'));
  await terminal.see(/stopped answering/, 60_000);
  await terminal.see(/The API server ended with:\s+Error:\s+unknown\s+flag:\s+--allow-privilege/, 60_000);
  writeFileSync(file, before);
  await terminal.see((text) => !text.includes('stopped answering'), 60_000);
  // It follows the cluster again.
  await openControl(terminal, 'C-0069');
  terminal.press(keys.ctrlR);
  await terminal.see(/C-0069 fails still: 1 of 3, known from configz of node rpi-\d/, 60_000);
});
