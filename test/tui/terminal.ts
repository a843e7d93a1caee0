import {EventEmitter} from 'node:events';
import {PassThrough} from 'node:stream';
import {Terminal} from '@xterm/headless';
import {onTestFinished} from 'vitest';
import {runTui} from '../../src/tui/run.tsx';
import {makeOptions, type Setup} from './harness.ts';

/** A terminal of a size with the real interface in it: what it writes goes through a terminal emulator. */
export function terminal(setup: Setup = {}) {
  const {columns = 80, rows = 24} = setup;
  const {options, target, folder} = makeOptions(setup);
  const screen = new Terminal({cols: columns, rows, allowProposedApi: true, convertEol: true});
  const drawn = new EventEmitter();
  const stdout = Object.assign(new PassThrough(), {columns, rows, isTTY: true});
  let written = '';
  stdout.on('data', (chunk: Buffer) => {
    written += chunk.toString();
    screen.write(chunk, () => drawn.emit('drawn'));
  });
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: () => stdin,
    ref: () => stdin,
    unref: () => stdin,
  });
  const ended = runTui(options, {
    stdout: stdout as unknown as NodeJS.WriteStream,
    stdin: stdin as unknown as NodeJS.ReadStream,
    stderr: process.stderr,
  });
  let left = false;
  const settled = ended.catch(() => undefined);
  settled.finally(() => {
    left = true;
  });
  onTestFinished(async () => {
    if (!left) stdin.write('\u0003');
    await settled;
  });

  const lines = (): string[] =>
    Array.from({length: screen.rows}, (_, row) => {
      const buffer = screen.buffer.active;
      return buffer.getLine(buffer.viewportY + row)?.translateToString(true) ?? '';
    });
  return {
    target,
    folder,
    ended,
    lines,
    written: () => written,
    isAlternate: () => screen.buffer.active.type === 'alternate',
    type: (text: string) => void stdin.write(text),
    resize(width: number, height: number) {
      screen.resize(width, height);
      Object.assign(stdout, {columns: width, rows: height});
      stdout.emit('resize');
    },
    /** Resolves with the screen once it shows a text, or fulfils a condition; the test's time limit tells else. */
    async sees(wanted: string | RegExp): Promise<string> {
      const isThere = () => {
        const text = lines().join('\n');
        return typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
      };
      while (!isThere()) await new Promise((resolve) => drawn.once('drawn', resolve));
      return lines().join('\n');
    },
  };
}
