import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {openProgram, temporaryFolder} from '../../helpers/program.ts';
import {skipQuestions} from '../../helpers/study.ts';
import {harness} from '../harness.ts';

const pod =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: nginx}]}\n';

it('leaves the start screen for the study mode, and comes back', {timeout: 120_000}, async () => {
  const home = temporaryFolder();
  const cwd = join(home, 'deploy');
  mkdirSync(cwd);
  writeFileSync(join(cwd, 'pod.yaml'), pod);
  const tui = openProgram([], {home, cwd});
  await tui.see('another folder', 30_000);
  expect(tui.text()).toContain('Study for the CKS');
  tui.press('G');
  await tui.see('▸ today');
  tui.press('\r');
  await skipQuestions(tui);
  await tui.see('What you know');
  tui.press('q');
  await tui.see('another folder', 60_000);
  tui.press('q');
  expect(await tui.exited).toBe(0);
  expect(tui.buffer()).toBe('normal');
});

it('goes to the study mode by :study, from there to the walk and back', {timeout: 180_000}, async () => {
  const home = temporaryFolder();
  const tui = openProgram(['--practice'], {home});
  const isWalk = /Hardening|controls|nsa-2021/;
  await tui.see(isWalk, 60_000);
  tui.press(':');
  await tui.see(':_');
  tui.press('study\r');
  await skipQuestions(tui);
  await tui.see(/C-\d+ on the practice cluster/, 60_000);
  tui.press('G');
  await tui.see('▸ Control');
  tui.press('\r');
  await tui.see('nsa-2021', 60_000);
  tui.press(':');
  await tui.see(':_');
  tui.press('study\r');
  await tui.see('What you know', 60_000);
  tui.press('q');
  await tui.see('nsa-2021', 60_000);
  tui.press('q');
  expect(await tui.exited).toBe(0);
});

it('says where to study from where there is no way to it, and waits for a change that is written', async () => {
  const tui = await harness();
  await tui.press(':', ...'study', 'enter');
  expect(tui.screen()).toContain('Study from the command line: kubekata study.');
  expect(tui.hasExited()).toBe(false);
  let told = false;
  const study = () => {
    told = true;
  };
  const other = await harness({options: {study}});
  await other.press(':', ...'study', 'enter');
  expect(told).toBe(true);
  expect(other.hasExited()).toBe(true);
});
