import {describe, expect, it} from 'vitest';
import {frame} from '../../src/tui/frame.ts';
import {lineText, widthOf} from '../../src/tui/layout.ts';
import {harness} from './harness.ts';

const sizes = [
  [60, 20],
  [80, 24],
  [120, 40],
  [200, 60],
] as const;

describe('frames at 80 by 24', () => {
  it('shows the walk, lowest score first, and what the chosen control is about', async () => {
    const tui = await harness();
    expect(tui.screen()).toBe(`\
  kubekata  home (practice)                                          two    16
  ╍╍╍╍╍╍╍╍╍╍╍╍╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌

  Lowest score first                         2 fail   0 pass   0 not evaluated
  Control                                      Failed  All           Score CKS
▸ T-0002  Namespaces without limits                 2    2  ╌╌╌╌╌╌╌╌╌    0%  1
  T-0001  Tokens that nobody needs                  3    4  ╍╍╌╌╌╌╌╌╌   25%  2











  Resource policies                                        CKS 1 Cluster Setup
  A container without limits may eat its node, by accident or on purpose.
  Limits keep the trouble where it began.
  Fix: to review first, limits for the namespace, clears 2 objects.

  enter open  a fix  n next  o order  / filter  d domains  ? help  q quit`);
  });

  it('shows failing objects, the safe ones marked, and what the fix would do', async () => {
    const tui = await harness();
    await tui.press('j', 'enter', 'tab');
    await tui.until(({screen}) => screen.name === 'control' && screen.forecast !== undefined);
    expect(tui.lines().slice(3, 15).join('\n')).toBe(`\
  Tokens that nobody needs                                     3 | 0 | 4 | 25%
  Lesson   [Failing 3]                                     2 marked   1-3 of 3

      Namespace    ServiceAccount  Roles  Found
▸ [x] home         backend             -  not set
  [x] home         frontend            -  not set
  [ ] kube-system  coredns             -  not set

  Field automountServiceAccountToken. Fix for 2 marked, 16 ➜ 50:
  [1] at the ServiceAccount  automatic  sets it to false, restarts nothing

`);
    expect(tui.lines().at(-1)).toBe(
      '  a preview  tab lesson  space mark  * all safe  n next  esc back  ? help',
    );
  });

  it('shows the difference and four answers before anything is written', async () => {
    const tui = await harness();
    await tui.press('j', 'enter', 'a');
    await tui.until(({details}) => details.size === 2);
    await tui.press('a');
    await tui.preview();
    expect(tui.lines().slice(3).join('\n')).toBe(`\
  2 ServiceAccounts                                        2 fields, automatic
▸ [x] home  backend   ✓
  [x] home  frontend  ✓

    apiVersion: v1
  + automountServiceAccountToken: false
    kind: ServiceAccount
    metadata:
    ⋯ 2 lines as they are

  Score      + T-0001: 3 ➜ 1 failing, 25% ➜ 75%. 16 ➜ 50 (+34).
  Server     ✓ It accepts both (dry run, strict) and gives no warning.
  May break  ✓ No role is bound to any of the 2 accounts: their tokens open
               nothing.
  Owner      ✓ Nobody else manages any of the 2.





  a apply 2  space leave out  jk object  p patch to a file  esc back  ? help`);
  });

  it('tells the scores before and now, what was done and what is next', async () => {
    const tui = await harness();
    await tui.press('j', 'enter');
    await tui.until(({details}) => details.size === 2);
    await tui.press('a');
    await tui.preview();
    await tui.press('a');
    await tui.until(({screen}) => screen.name === 'result');
    expect(tui.screen()).toBe(`\
  kubekata  home (practice) ▸ T-0001 ▸ Result                   two    50  +34
  ╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌

  16 ➜ 50   +34

  Tokens that nobody needs
             Failed   Excluded   All   Score
  before          3          0     4     25%   ╍╍╍╍╍╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌
  now             1          0     4     75%   ╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╌╌╌╌╌

  2 ServiceAccounts were changed, none refused, nothing restarted: change 1.
  1 still fails.

  What next
▸ T-0002    Namespaces without limits                         review, clears 2







  ✓ Score 16 ➜ 50. u takes change 1 back.
  enter open   n next in the walk   u undo   esc to the walk   ? help`);
  });

  it('asks for values with where each is from, and says what they would break', async () => {
    const tui = await harness();
    await tui.press('enter', 'a');
    await tui.until(
      ({screen}) =>
        screen.name === 'preview' && screen.phase.is === 'questions' && screen.phase.foresight !== undefined,
    );
    expect(tui.lines().slice(3, 10).join('\n')).toBe(`\
  T-0002 limits for the namespace
                              Where the value comes from
▸ CPU limit     500m_         largest use 310m and half again

  ✓ 500m is suggested: largest use 310m and half again.
  ✓ Nothing that runs now is touched by it.
`);
    await tui.press('x');
    expect(tui.screen()).toContain(
      '✗ x is no quantity for the CPU limit. Quantities look like 250m, 64Mi or 2.',
    );
  });
});

it('shows objects, before and after side by side, and the answers at 200 columns', async () => {
  const tui = await harness({columns: 200, rows: 60});
  await tui.press('j', 'enter');
  await tui.until(({details}) => details.size === 2);
  await tui.press('tab', 'a');
  await tui.preview();
  const panes = tui
    .lines()
    .slice(3, 9)
    .map((one) => one.split('╎').map((part) => part.trimEnd()));
  expect(panes.map(([left]) => left)).toEqual([
    '  2 ServiceAccounts               2 fields, automatic',
    '▸ [x] home  backend   ✓',
    '  [x] home  frontend  ✓',
    '',
    '',
    '',
  ]);
  expect(panes.map(([, middle]) => middle?.replace(/ {4,}/, '  |  '))).toEqual([
    ' Before  |  After',
    '   apiVersion: v1  |  apiVersion: v1',
    '  |  + automountServiceAccountToken: false',
    '   kind: ServiceAccount  |  kind: ServiceAccount',
    '   metadata:  |  metadata:',
    '   ⋯ 2 lines as they are  |  ⋯ 2 lines as they are',
  ]);
  expect(panes.map(([, , right]) => right)).toEqual([
    ' Score      + T-0001: 3 ➜ 1 failing, 25% ➜ 75%. 16 ➜',
    '              50 (+34).',
    ' Server     ✓ It accepts both (dry run, strict) and',
    '              gives no warning.',
    ' May break  ✓ No role is bound to any of the 2',
    '              accounts: their tokens open nothing.',
  ]);
});

it('fits every screen into every size, also while the window changes', async () => {
  const tui = await harness();
  const check = async () => {
    for (const [columns, rows] of [
      ...sizes,
      [61, 21],
      [79, 25],
      [109, 30],
      [110, 30],
      [180, 24],
      [40, 10],
    ] as const) {
      await tui.resize(columns, rows);
      const lines = frame(tui.state());
      expect(lines).toHaveLength(rows);
      for (const spans of lines) expect(widthOf(lineText(spans))).toBeLessThanOrEqual(columns);
    }
    await tui.resize(80, 24);
  };
  await check();
  await tui.press('?');
  await check();
  await tui.press('esc', ':', 'f');
  await check();
  await tui.press('esc', '/', 't');
  await check();
  await tui.press('esc', 'j', 'enter');
  await tui.until(({details}) => details.size === 2);
  await check();
  await tui.press('tab');
  await check();
  await tui.press('a');
  await tui.preview();
  await check();
  await tui.press('y');
  await check();
  await tui.press('y', 'a');
  await tui.until(({screen}) => screen.name === 'result');
  await check();
  await tui.press('u');
  await tui.until(({screen}) => screen.name === 'changes' && screen.undo.is === 'ready');
  await check();
  await tui.press('enter');
  await check();
  await tui.press('esc', 'esc', 'esc', 'd');
  await check();
});

it('leaves two columns empty at the right', async () => {
  for (const [columns, rows] of sizes) {
    const tui = await harness({columns, rows});
    await tui.press('j', 'enter', 'tab');
    for (const text of tui.lines()) expect(widthOf(text)).toBeLessThanOrEqual(columns - 2);
  }
});

describe('numbers of a large cluster', () => {
  const walk = async (columns: number, excluded: number) => {
    const tui = await harness({columns});
    const state = tui.state();
    const controls = state.scan!.controls.map((one) => ({...one, all: 123_456, failed: 120_000, excluded}));
    const many = {...state, scan: {...state.scan!, controls}};
    return frame(many).map((one) => lineText(one).trimEnd());
  };
  const of = (lines: readonly string[], wanted: RegExp): string =>
    lines.find((one) => wanted.test(one)) ?? '';

  it.each([
    [80, 0],
    [80, 3456],
    [120, 0],
  ])('stand apart, below their heads, at %i columns with %i accepted', async (columns, excluded) => {
    const lines = await walk(columns, excluded);
    const head = of(lines, /^ {2}Control/);
    const row = of(lines, /T-0001/);
    const numbers = excluded > 0 ? ['120000', String(excluded), '123456'] : ['120000', '123456'];
    expect(row).toMatch(new RegExp(` ${numbers.join(' +')} `));
    expect(row).toMatch(/ 25% +2/);
    const ends = (text: string, word: string) => text.indexOf(word) + word.length;
    expect(ends(row, '120000')).toBe(ends(head, 'Failed'));
    expect(ends(row, '123456')).toBe(ends(head, 'All'));
    expect(row.length).toBeLessThanOrEqual(columns - 2);
  });

  it('stand apart at 60 columns', async () => {
    expect(of(await walk(60, 0), /T-0001/)).toMatch(/[a-z.] +120000 of 123456 +25%$/);
  });
});
