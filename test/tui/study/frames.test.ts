import {describe, expect, it} from 'vitest';
import {emptyProgress} from '../../../src/learn/progress.ts';
import {toAscii} from '../../../src/tui/glyphs.ts';
import {lineText, lineWidth} from '../../../src/tui/layout.ts';
import {spoken} from '../../../src/tui/study/spoken.ts';
import {makePaint} from '../../../src/tui/theme.ts';
import {start, study} from './harness.ts';

const sizes = [
  [60, 20],
  [80, 24],
  [100, 30],
  [120, 40],
  [200, 60],
] as const;

type Tui = ReturnType<typeof study>;

const verdicts = (drill: string) => ({
  type: 'verdicts' as const,
  drill,
  now: start + 5_000,
  results: [
    {id: 'account', passed: true, reason: ''},
    {id: 'pods', passed: false, reason: '1 of kind Pod in payments has a token, wanted none, '.repeat(4)},
  ],
});

const drill = (tui: Tui): void => {
  tui.press('l', 'j', 'enter');
  tui.send({type: 'drill-ready', drill: 'payments', now: start});
  tui.send(verdicts('payments'));
  tui.send({
    type: 'happened',
    items: [{at: start, object: 'deployment ledger-with-a-very-long-name-indeed', what: 'changed'}],
  });
};
const exam = (tui: Tui): void => {
  tui.press('x', 'j', 'enter');
  tui.send({type: 'exam-ready', exam: tui.state().progress.exam!});
};
const result = (tui: Tui): void => {
  exam(tui);
  const tasks = tui.state().progress.exam!.tasks.map(({drill: id, points}) => ({
    ...{drill: id, points, earned: points / 3},
    criteria: verdicts(id).results,
  }));
  const one = {at: new Date(start).toISOString(), minutes: 60, used: 2_000_000, score: 33, tasks};
  tui.send({type: 'graded', result: one});
  tui.press('x', 'j', 'enter');
  tui.send({type: 'graded', result: one});
};

const screens: Readonly<Record<string, (tui: Tui) => void>> = {
  home: () => {},
  help: (tui) => tui.press('?'),
  domains: (tui) => tui.press('d', 'j'),
  'domains of 2021': (tui) => tui.press('t', 'd'),
  lesson: (tui) => tui.press('d', 'j', 'j', 'j', 'j', 'j', 'j', 'enter'),
  drills: (tui) => tui.press('l'),
  'drill begins': (tui) => tui.press('l', 'enter'),
  drill,
  'drill with hints': (tui) => {
    drill(tui);
    tui.press('h', 'h');
  },
  'what was found': (tui) => {
    drill(tui);
    tui.press('tab');
  },
  'drill asks': (tui) => {
    drill(tui);
    tui.press('x');
  },
  card: (tui) => tui.press('c', 'a'),
  'back of a card': (tui) => tui.press('c', 'a', 'enter'),
  'exam choice': (tui) => tui.press('x'),
  exam,
  documentation: (tui) => {
    exam(tui);
    tui.press('d');
  },
  'exam hands in': (tui) => {
    exam(tui);
    tui.press('H');
  },
  result,
  'what was checked': (tui) => {
    result(tui);
    tui.press('enter');
  },
};

const allowed = /^[\x20-\x7e▸✓✗╍╌⋅╏╎⋯➜╶╷╴╵⇡⇣]*$/;
const paint = makePaint({theme: 'dark', colourBlind: false, depth: 'truecolor'});
// biome-ignore lint/complexity/useRegexLiterals: escape codes
const codes = new RegExp('\u001B\\[[0-9;]*m', 'g');

describe.each(sizes)('at %d columns and %d rows', (columns, rows) => {
  it.each(Object.entries(screens))('%s fits', (_, open) => {
    const tui = study({columns, rows});
    open(tui);
    const lines = tui.spans();
    expect(lines).toHaveLength(rows);
    for (const one of lines) {
      const text = lineText(one);
      expect(text).toMatch(allowed);
      expect(lineWidth(one), text).toBeLessThanOrEqual(columns);
      // Two columns stay empty at the right, but for the background of what is chosen.
      expect(text.trimEnd().length, text).toBeLessThanOrEqual(columns - 2);
      const coloured = one.map((span) => paint(span.text, span)).join('');
      expect(coloured.replace(codes, '')).toBe(text);
      expect(toAscii(text)).toMatch(/^[\x20-\x7e]*$/);
    }
    expect(lineText(lines.at(-1)!)).toMatch(/\? help|esc|n no/);
  });

  it('welcome fits', () => {
    const lines = study({columns, rows}, emptyProgress).spans();
    expect(lines).toHaveLength(rows);
    for (const one of lines) expect(lineText(one).trimEnd().length).toBeLessThanOrEqual(columns - 2);
    expect(lines.map(lineText).join('\n')).toMatch(/enter answers six questions/);
  });
});

it('says what it needs where it does not fit', () => {
  expect(study({columns: 52, rows: 14}).screen().replaceAll(/\s+/g, ' ')).toContain(
    'kubekata needs 60 columns and 20 rows, this window has 52 by 14.',
  );
});

it('shows task, marks, hint and where to work at 80 by 24', () => {
  const tui = study();
  drill(tui);
  tui.press('h');
  const screen = tui.screen();
  expect(screen).toContain('In namespace payments, Deployment ledger never calls');
  expect(screen).toContain('✓ ServiceAccount ledger hands out no token.');
  expect(screen).toContain('✗ No pod of ledger has a token.');
  expect(screen).toContain('Hint 1 of 2   Both have a field of one name.');
  expect(screen).toContain('Work in a second terminal, or press s:');
});

it('speaks in words where nothing is seen', () => {
  const tui = study();
  drill(tui);
  const text = spoken(tui.state()).join('\n');
  expect(text).toContain('met: ServiceAccount ledger hands out no token.');
  expect(text).toContain('not met: No pod of ledger has a token.');
  expect(text).not.toMatch(/[▸✓✗╍╌⋅╏╎]/);
});
