import {describe, expect, it} from 'vitest';
import {AnswerFilter, isAsked} from '../../src/cli/background.ts';
import {bin, temporaryFolder} from '../helpers/program.ts';
import {openTerminal, type Terminal} from '../helpers/terminal.ts';

function filter(isWaiting = true): AnswerFilter {
  const made = new AnswerFilter();
  if (!isWaiting) made.endWait();
  return made;
}

describe('answers of the terminal', () => {
  it('leave an Esc alone that nobody followed', () => {
    const one = filter();
    expect(one.take('j\u001B')).toBe('j');
    expect(one.endWait()).toBe('\u001B');
    expect(one.take('\u001B')).toBe('\u001B');
  });

  it.each([
    ['black', '\u001B]11;rgb:0000/0000/0000\u001B\\', 'dark'],
    ['white', '\u001B]11;rgb:ffff/ffff/ffff\u001B\\', 'light'],
    ['solarized dark, ended by BEL', '\u001B]11;rgb:0000/2b2b/3636\u0007', 'dark'],
    ['solarized light, two digits', '\u001B]11;rgb:fd/f6/e3\u0007', 'light'],
    ['nord, with an opacity', '\u001B]11;rgba:2e2e/3434/4040/ffff\u001B\\', 'dark'],
    ['gruvbox light, one digit', '\u001B]11;rgb:f/e/c\u0007', 'light'],
  ])('tell %s', (_, answer, wanted) => {
    const one = filter();
    expect(one.take(`${answer}\u001B[?62;22c`)).toBe('');
    expect([one.background, one.isDone]).toEqual([wanted, true]);
  });

  it('are taken out of what is typed, in pieces of any size', () => {
    const all = 'j\u001B]11;rgb:0000/0000/0000\u001B\\k\u001B[?1;2cq';
    for (let size = 1; size <= all.length; size += 1) {
      const one = filter();
      let typed = '';
      for (let at = 0; at < all.length; at += size) typed += one.take(all.slice(at, at + size));
      expect([size, typed, one.background]).toEqual([size, 'jkq', 'dark']);
    }
  });

  it('leave other sequences alone', () => {
    const one = filter(false);
    for (const keys of ['\u001B[A', '\u001B[1;5C', '\u001B', 'é', '\u001B[200~x\u001B[201~']) {
      expect(one.take(keys)).toBe(keys);
    }
    expect(one.background).toBeUndefined();
  });
});

it.each([
  ['dumb', false],
  ['linux', false],
  ['', false],
  ['xterm-256color', true],
  ['tmux-256color', true],
])('a terminal %j is asked: %s', (term, wanted) => {
  const tty = {isTTY: true} as NodeJS.ReadStream;
  const terminal = {stdin: tty, stdout: {isTTY: true, write: () => true}};
  const display = {theme: 'auto', screenReader: false} as const;
  expect(isAsked(display, terminal, {TERM: term, COLORTERM: 'truecolor'})).toBe(wanted);
  expect(isAsked(display, {...terminal, stdout: {...terminal.stdout, isTTY: false}}, {TERM: term})).toBe(
    false,
  );
});

describe('the background', () => {
  const open = (
    words: readonly string[] = [],
    environment: Record<string, string | undefined> = {},
  ): Terminal => {
    const home = temporaryFolder();
    return openTerminal(process.execPath, [bin, '--practice', ...words], {
      environment: {HOME: home, KUBEKATA_HOME: `${home}/state`, COLORTERM: 'truecolor', ...environment},
    });
  };
  const question = '\u001B]11;?';
  /** The accent of each theme, as the cursor's row begins. */
  const accent = {dark: '38;2;121;184;255', light: '38;2;5;80;174', auto: '38;2;6;113;236'};
  const usedIn = (terminal: Terminal): readonly string[] =>
    Object.entries(accent).flatMap(([name, code]) => (terminal.bytes().includes(code) ? [name] : []));
  const asked = async (terminal: Terminal): Promise<void> => {
    while (!terminal.bytes().includes(question)) await new Promise((resolve) => setImmediate(resolve));
  };
  const quit = async (terminal: Terminal): Promise<void> => {
    terminal.press('q');
    expect(await terminal.exited).toBe(0);
  };

  it.each([
    ['light', '\u001B]11;rgb:fdfd/f6f6/e3e3\u001B\\'],
    ['dark', '\u001B]11;rgb:2828/2c2c/3434\u0007'],
  ] as const)('is taken from the terminal: %s', async (wanted, answer) => {
    const terminal = open();
    await asked(terminal);
    terminal.press(`${answer}\u001B[?62c`);
    await terminal.see('C-0034', 30_000);
    expect(usedIn(terminal)).toEqual([wanted]);
    await quit(terminal);
  });

  it('is not waited for where nothing answers, and a late answer is no key', async () => {
    const terminal = open();
    await terminal.see(/nsa-2021 +67$/m, 30_000);
    await terminal.see(/▸ C-/);
    expect(usedIn(terminal)).toEqual(['auto']);
    const row = /▸ (C-\d+)/.exec(terminal.text())?.[1];
    terminal.press('\u001B]11;rgb:0000/0000/0000\u001B\\\u001B[?62c');
    terminal.press('j');
    await terminal.see((text) => /▸ C-/.test(text) && !text.includes(`▸ ${row}`));
    expect(terminal.text()).not.toContain('rgb');
    expect(usedIn(terminal)).toEqual(['auto']);
    await quit(terminal);
  });

  it('keys that were typed while it was asked come to the screen', async () => {
    const terminal = open();
    await asked(terminal);
    terminal.press('?');
    terminal.press('\u001B]11;rgb:0000/0000/0000\u001B\\\u001B[?62c');
    await terminal.see('Everywhere', 30_000);
    terminal.press('\u001B');
    await terminal.see('C-0034', 30_000);
    await quit(terminal);
  });

  it.each([
    ['a theme is chosen', ['--theme', 'dark'], {}],
    ['a screen reader reads', ['--screen-reader'], {}],
    ['the terminal shows no colour', [], {NO_COLOR: '1'}],
  ] as const)('is not asked for where %s', async (_, words, environment) => {
    const terminal = open(words, environment);
    await terminal.see('C-0034', 30_000);
    expect(terminal.bytes()).not.toContain(question);
    await quit(terminal);
  });
});
