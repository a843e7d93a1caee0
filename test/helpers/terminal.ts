import {spawn} from '@lydell/node-pty';
import xterm from '@xterm/headless';

export type TerminalOptions = {
  readonly columns?: number;
  readonly rows?: number;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
};

/** A real pseudo-terminal with a terminal emulator behind it: what a person would see. */
export type Terminal = {
  /** The screen's lines, without trailing blanks. */
  readonly screen: () => readonly string[];
  readonly text: () => string;
  /** All bytes that the program wrote. */
  readonly bytes: () => string;
  readonly press: (keys: string) => void;
  readonly resize: (columns: number, rows: number) => void;
  /** Resolves when the screen shows it; rejects with the screen when it does not in time. */
  readonly see: (wanted: string | RegExp | ((text: string) => boolean), timeout?: number) => Promise<void>;
  /** Resolves with the exit code. */
  readonly exited: Promise<number>;
  /** Which buffer the terminal shows: the alternate one while a full-screen program runs. */
  readonly buffer: () => 'normal' | 'alternate';
  readonly kill: (signal?: string) => void;
};

export const keys = {
  enter: '\r',
  escape: '\x1b',
  tab: '\t',
  up: '\x1b[A',
  down: '\x1b[B',
  ctrlC: '\x03',
  ctrlR: '\x12',
};

export function openTerminal(
  file: string,
  words: readonly string[],
  options: TerminalOptions = {},
): Terminal {
  const {columns = 80, rows = 24} = options;
  const emulator = new xterm.Terminal({cols: columns, rows, allowProposedApi: true, scrollback: 1000});
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries({
    TERM: 'xterm-256color',
    ...process.env,
    ...options.environment,
  })) {
    if (value !== undefined && name !== 'CI' && name !== 'NO_COLOR') environment[name] = value;
  }
  for (const [name, value] of Object.entries(options.environment ?? {})) {
    if (value !== undefined) environment[name] = value;
  }
  const child = spawn(file, [...words], {
    name: 'xterm-256color',
    cols: columns,
    rows,
    cwd: options.cwd ?? process.cwd(),
    env: environment,
  });
  let bytes = '';
  const watchers = new Set<() => void>();
  child.onData((data) => {
    bytes += data;
    emulator.write(data, () => {
      for (const watcher of watchers) watcher();
    });
  });
  const exited = new Promise<number>((resolve) => child.onExit(({exitCode}) => resolve(exitCode)));
  const screen = () => {
    const {active} = emulator.buffer;
    return Array.from({length: emulator.rows}, (_, row) =>
      (active.getLine(active.baseY + row)?.translateToString(true) ?? '').trimEnd(),
    );
  };
  const text = () => screen().join('\n');
  const see: Terminal['see'] = (wanted, timeout = 15_000) => {
    const matches = () =>
      typeof wanted === 'string'
        ? text().includes(wanted)
        : wanted instanceof RegExp
          ? wanted.test(text())
          : wanted(text());
    return new Promise((resolve, reject) => {
      const settle = (error?: Error) => {
        clearTimeout(timer);
        watchers.delete(check);
        if (error) reject(error);
        else resolve();
      };
      const check = () => {
        if (matches()) settle();
      };
      const timer = setTimeout(
        () => settle(new Error(`The screen never showed ${String(wanted)}. It shows:\n${text()}`)),
        timeout,
      );
      watchers.add(check);
      check();
    });
  };
  return {
    screen,
    text,
    bytes: () => bytes,
    press: (pressed) => child.write(pressed),
    resize: (newColumns, newRows) => {
      emulator.resize(newColumns, newRows);
      child.resize(newColumns, newRows);
    },
    see,
    exited,
    buffer: () => emulator.buffer.active.type,
    kill: (signal) => child.kill(signal),
  };
}
