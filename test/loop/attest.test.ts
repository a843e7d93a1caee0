import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {openProgram, temporaryFolder} from '../helpers/program.ts';
import {keys} from '../helpers/terminal.ts';

it('what only a person knows is attested with a name, a statement and an end, and never passes by that', {
  timeout: 120_000,
}, async () => {
  const home = temporaryFolder();
  const terminal = openProgram(['--practice', '--framework', 'kubekata'], {
    columns: 120,
    rows: 40,
    home,
    cwd: home,
  });
  await terminal.see(/kubekata .*\d+ not evaluated +\d+\.\d$/m, 60_000);
  const [, unseen = ''] = /(\d+ not evaluated) +\d+\.\d$/m.exec(terminal.text()) ?? [];

  terminal.press('/');
  await terminal.see('/ _');
  terminal.press('incident-plan');
  await terminal.see('/ incident-plan_');
  terminal.press(keys.enter);
  await terminal.see(/▸ incident-plan/);
  terminal.press(keys.enter);
  await terminal.see('? not evaluated');
  terminal.press(keys.tab);
  await terminal.see('Only a person knows');
  await terminal.see(/e attest/);

  terminal.press('e');
  await terminal.see('Attest incident-plan');
  // Nothing said: the form stays, at the field that is empty.
  terminal.press(keys.enter);
  await terminal.see(/Name +_/);
  terminal.press('mona');
  await terminal.see(/Name +mona_/);
  terminal.press(keys.enter);
  await terminal.see(/Statement +_/);
  terminal.press('tried in May');
  await terminal.see(/Statement +tried in May_/);
  terminal.press(keys.enter);
  await terminal.see('= attested, not evaluated', 30_000);
  await terminal.see(/= Attested by mona on .*, until .*: tried/);
  // The title counts it as before.
  await terminal.see(unseen);

  const file = readFileSync(join(home, 'kubekata.yaml'), 'utf8');
  expect(file).toMatch(
    /^attestations:\n {2}- control: incident-plan\n {4}statement: tried in May\n {4}by: mona\n {4}on: "?\d{4}-\d\d-\d\d"?\n {4}until: "?\d{4}-\d\d-\d\d"?\n$/,
  );
});
