import {expect, it} from 'vitest';
import {terminal} from './terminal.ts';

it('goes the whole loop by keys, and gives the terminal back', async () => {
  const tui = terminal();
  await tui.sees('T-0001');
  expect(tui.isAlternate()).toBe(true);
  tui.type('j\r');
  await tui.sees('[Lesson]   Failing 3');
  tui.type('\t');
  await tui.sees('Fix for 2 marked, 16 ➜ 50:');
  tui.type('a');
  await tui.sees('a apply 2');
  await tui.sees('+ automountServiceAccountToken: false');
  tui.type('a');
  expect(await tui.sees('16 ➜ 50   +34')).toContain('2 ServiceAccounts were changed, none refused');
  expect(tui.target.objects.get('ServiceAccount/home/backend')).toMatchObject({
    automountServiceAccountToken: false,
  });
  tui.type('u');
  await tui.sees('u undo change 1');
  tui.type('u');
  await tui.sees('Change 1 is taken back. Score 50 ➜ 16.');
  expect(tui.target.objects.get('ServiceAccount/home/backend')).not.toHaveProperty(
    'automountServiceAccountToken',
  );
  tui.type('q');
  expect(await tui.ended).toBe(0);
  expect(tui.written()).toContain('\u001B[?1049l');
  expect(tui.written()).toContain('\u001B[?25h');
});

it('takes several characters of one delivery as keys', async () => {
  const tui = terminal();
  await tui.sees('T-0001');
  tui.type('jk');
  await tui.sees('▸ T-0002');
  tui.type('jjj');
  await tui.sees('▸ T-0001');
});

it('applies nothing when keys come before the preview was drawn', async () => {
  const tui = terminal();
  await tui.sees('T-0001');
  tui.type('j\r\t');
  await tui.sees('Fix for 2 marked, 16 ➜ 50:');
  tui.type('aaa');
  await tui.sees('a apply 2');
  expect(tui.target.objects.get('ServiceAccount/home/backend')).not.toHaveProperty(
    'automountServiceAccountToken',
  );
});

it('lays itself out anew when the window changes, with the cursor where it was', async () => {
  const tui = terminal();
  await tui.sees('T-0001');
  tui.type('j');
  await tui.sees('▸ T-0001');
  tui.resize(120, 40);
  await tui.sees('What you can do');
  expect(tui.lines().find((line) => line.startsWith('▸'))).toContain('T-0001');
  tui.resize(52, 14);
  await tui.sees(/window\s+has\s+52\s+by\s+14/);
  tui.resize(60, 20);
  await tui.sees('▸ T-0001');
});

it('shows changes of others by itself', async () => {
  const tui = terminal();
  await tui.sees('T-0001');
  tui.target.set(
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: {name: 'frontend', namespace: 'home'},
      automountServiceAccountToken: false,
    },
    'kubectl',
  );
  await tui.sees('ServiceAccount home/frontend was changed by kubectl');
  await tui.sees('  33  +17');
});

it('shows no escape codes of a cluster', async () => {
  const evil = '\u001B[31mred\u001B]0;title\u0007\u202Egnp';
  const tui = terminal({
    objects: [
      {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: {name: 'backend', namespace: 'home', annotations: {note: evil}},
        automountServiceAccountToken: evil,
      },
    ],
  });
  await tui.sees('T-0001');
  tui.type('\r\t');
  await tui.sees('redgnp');
  tui.type('y');
  await tui.sees('note:');
  expect(tui.written()).not.toContain('\u001B[31mred');
  expect(tui.written()).not.toContain('\u001B]0;');
  expect(tui.written()).not.toContain('\u202E');
});
