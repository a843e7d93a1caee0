import {expect, it} from 'vitest';
import {speech} from '../../src/tui/speech/speech.ts';
import {harness} from './harness.ts';

type Tui = Awaited<ReturnType<typeof harness>>;
const spoken = (tui: Tui): readonly string[] => speech(tui.state());

/** What every screen says: where one is with the score first, the keys last, and nothing that is drawn. */
function whole(tui: Tui): string {
  const lines = spoken(tui);
  expect(lines[0]).toMatch(/^kubekata, practice cluster home.*\. Framework two, score \d+ of 100/);
  expect(lines.at(-1)).toMatch(/^Keys: .+\.$/);
  const text = lines.join('\n');
  expect(text).not.toMatch(/[╍╌⋅╏╎▸✓✗➜⋯╶╷╴╵]|\[[x ]\]| {2}|undefined/);
  return text;
}

it('says the walk: what it is, the control under the cursor, its place, its fix, the keys', async () => {
  const tui = await harness();
  whole(tui);
  expect(spoken(tui)).toEqual([
    'kubekata, practice cluster home. Framework two, score 16 of 100.',
    'Walk, lowest score first. 2 controls fail, 0 pass, 0 are not evaluated.',
    'Control 1 of 2, selected: T-0002, Namespaces without limits.',
    expect.stringMatching(/^2 of 2 objects fail, score 0 percent\./),
    expect.stringMatching(/^Lesson: /),
    'Fix: to review first, limits for the namespace, clears 2 objects.',
    expect.stringMatching(/^Keys: enter open, a fix, n next/),
  ]);
  await tui.press('j');
  expect(whole(tui)).toContain('Control 2 of 2, selected: T-0001, Tokens that nobody needs.');
});

it('says the filter, the command line with its completions, and the help', async () => {
  const tui = await harness();
  await tui.press('/', ...'token');
  expect(whole(tui)).toContain('token');
  expect(whole(tui)).toContain('Control 1 of 1, selected: T-0001');
  expect(whole(tui)).toContain('Keys: enter keep, esc clear');
  await tui.press('esc', ':', 't');
  expect(whole(tui)).toMatch(/Completion 1 of \d+, selected: t/);
  expect(whole(tui)).toContain('Keys: tab complete');
  await tui.press('esc', '?');
  expect(whole(tui)).toContain('preview');
});

it('says a control: its numbers, the lesson with its place, each object with its mark, the fixes', async () => {
  const tui = await harness();
  await tui.press('j', 'enter');
  await tui.until(({details}) => details.size === 2);
  expect(whole(tui)).toContain('Tokens that nobody needs, 3 failed, 0 excluded, 4 in all, 25 percent.');
  expect(whole(tui)).toMatch(/Tab Lesson, .*\. Lines 1 to \d+ of \d+, j reads on\./);
  await tui.press('tab');
  const text = whole(tui);
  expect(text).toContain('Tab Failing, 2 marked.');
  expect(text).toContain('Object 1 of 3, selected: marked, ServiceAccount home/backend');
  expect(text).toContain('found not set');
  expect(text).toMatch(/Fix 1, chosen: at the ServiceAccount/);
  await tui.press('j', 'space');
  expect(whole(tui)).toContain('Object 2 of 3, selected: not marked, ServiceAccount home/frontend');
});

it('says a preview: object, what is added, the four answers; then what was done, and the way back', async () => {
  const tui = await harness();
  await tui.press('j', 'enter');
  await tui.until(({details}) => details.size === 2);
  await tui.press('tab', 'a');
  await tui.preview();
  const preview = whole(tui);
  expect(preview).toContain('Object 1 of 2, selected: ServiceAccount home/backend.');
  expect(preview).toContain('added, automountServiceAccountToken: false');
  expect(preview).toContain('Score: T-0001: 3 to 1 failing, 25% to 75%. 16 to 50 (+34).');
  expect(preview).toContain('Server: passed: It accepts both (dry run, strict) and gives no warning.');
  expect(preview).toMatch(/May break: passed: .*\nOwner: passed: /);
  expect(preview).toContain('Keys: a apply 2');
  await tui.press('a');
  await tui.until(({screen}) => screen.name === 'result');
  const result = whole(tui);
  expect(result).toContain('Score 16 to 50, +34.');
  expect(result).toContain('Before: 3 failed, 0 excluded, 4 in all.\nNow: 1 failed, 0 excluded, 4 in all.');
  expect(result).toContain('2 ServiceAccounts were changed, none refused, nothing restarted: change 1.');
  expect(result).toContain('What next. Choice 1 of 1, selected: T-0002, Namespaces without limits');
  expect(result).toContain('passed: Score 16 to 50. u takes change 1 back.');
  await tui.press('u');
  await tui.until(({screen}) => screen.name === 'changes' && screen.undo.is === 'ready');
  const changes = whole(tui);
  expect(changes).toMatch(
    /Change 1 of 1, selected: number 1, T-0001 at the ServiceAccount, today \d\d:\d\d, 2 objects, score \+34, applied\./,
  );
  expect(changes).toContain('Undo of change 1: ServiceAccount home/frontend, ServiceAccount home/backend.');
  await tui.press('enter');
  expect(whole(tui)).toContain('passed: ServiceAccount home/backend done');
});

it('says a form field by field: its value, where it is from, what is wrong with it', async () => {
  const tui = await harness();
  await tui.press('enter', 'a');
  await tui.until(
    ({screen}) =>
      screen.name === 'preview' && screen.phase.is === 'questions' && screen.phase.foresight !== undefined,
  );
  expect(whole(tui)).toContain('Field 1 of 1, selected: CPU limit, 500m, largest use 310m and half again.');
  await tui.press('x');
  expect(whole(tui)).toContain('Field 1 of 1, selected: CPU limit, x, from you.');
  expect(whole(tui)).toContain('failed: x is no quantity for the CPU limit.');
  expect(whole(tui)).toContain('Keys: enter next');
});

it('says the domains, and what asks for a word or a key', async () => {
  const tui = await harness();
  await tui.press('d');
  await tui.until(({screen}) => screen.name === 'domains');
  expect(whole(tui)).toMatch(/Domain 1 of 6, selected: 1 Cluster Setup.* percent of the exam\./);
  const live = await harness({kind: 'live'});
  await live.press('j', 'enter');
  await live.until(({details}) => details.size === 2);
  await live.press('tab', 'a');
  await live.preview();
  await live.press('a');
  const text = spoken(live).join('\n');
  expect(text).toMatch(/^kubekata, LIVE cluster homelab/);
  expect(text).toMatch(/Keys: y apply/);
  expect(text).toMatch(/\?/);
});

it('says a message, a lost target and why one can not be read', async () => {
  const tui = await harness();
  await tui.press(':', ...'framwork', 'enter');
  expect(whole(tui)).toContain('failed: There is no :framwork. Did you mean :framework?');
  tui.target.emit({type: 'lost', message: 'home stopped answering.', retryAt: new Date()});
  await tui.until(({connection}) => connection?.status === 'lost');
  await tui.press('j');
  expect(whole(tui)).toContain('look closer: home stopped answering. ctrl-r tries now.');
});

it('says the start screen: the choice under the cursor and its place', async () => {
  const choices = [
    {kind: 'practice', name: 'home', detail: '3 nodes, 44 pods', last: '67'},
    {kind: 'live', name: 'homelab', detail: 'https://192.168.1.20:6443, current'},
  ] as const;
  const tui = await harness({options: {initial: undefined, choices}});
  const text = spoken(tui).join('\n');
  expect(text).toMatch(/^kubekata\./);
  expect(text).toMatch(/Target 1 of \d, selected: home, practice, 3 nodes, 44 pods, last scan 67\./);
  await tui.press('j');
  expect(spoken(tui).join('\n')).toMatch(/Target 2 of \d, selected: homelab, live, https:/);
});
