import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {keys, openTerminal, type Terminal} from '../test/helpers/terminal.ts';
import type {Row} from './measure.ts';

const bin = join(import.meta.dirname, '../dist/kubekata.js');

function open(home: string, columns: number, rows: number): Terminal {
  return openTerminal(process.execPath, [bin, '--practice'], {
    columns,
    rows,
    environment: {KUBEKATA_HOME: home, HOME: home, KUBECONFIG: undefined, COLORTERM: 'truecolor'},
  });
}

async function quit(terminal: Terminal): Promise<void> {
  terminal.press('q');
  await terminal.exited;
}

/** Resolves with the milliseconds until the program writes something after `act`. */
function untilBytes(terminal: Terminal, act: () => void): Promise<number> {
  const before = terminal.bytes().length;
  const started = performance.now();
  return new Promise((resolve) => {
    const look = () => {
      if (terminal.bytes().length > before) resolve(performance.now() - started);
      else setImmediate(look);
    };
    act();
    look();
  });
}

/** Start to first frame and to scores, and key to frame, of the built program in a pseudo-terminal. */
export async function benchTerminal(times: number): Promise<readonly Row[]> {
  const home = mkdtempSync(join(tmpdir(), 'kubekata-bench-'));
  try {
    const warm = open(home, 120, 40);
    await warm.see(/C-0034/);
    await quit(warm);

    const firstFrame: number[] = [];
    const scores: number[] = [];
    for (let run = 0; run < times; run += 1) {
      const started = performance.now();
      const terminal = open(home, 120, 40);
      await terminal.see((text) => text.trim() !== '');
      firstFrame.push(performance.now() - started);
      await terminal.see(/C-0034.*\d+%/);
      scores.push(performance.now() - started);
      await quit(terminal);
    }

    const terminal = open(home, 120, 40);
    await terminal.see(/C-0034.*\d+%/);
    const key: number[] = [];
    for (let press = 0; press < 100; press += 1) {
      key.push(await untilBytes(terminal, () => terminal.press(press % 20 < 10 ? 'j' : 'k')));
      await settled(terminal);
    }
    terminal.press(keys.escape);
    await quit(terminal);
    return [
      {what: 'start to first frame', unit: 'ms', samples: firstFrame, budget: 150},
      {what: 'start to scores of the practice cluster', unit: 'ms', samples: scores, budget: 600},
      {what: 'key to frame, walk, 120x40', unit: 'ms', samples: key, budget: 12, budget95: 20},
    ];
  } finally {
    rmSync(home, {recursive: true, force: true});
  }
}

/** Resolves when nothing was written for 20 ms: the frame is whole. */
function settled(terminal: Terminal): Promise<void> {
  return new Promise((resolve) => {
    let length = terminal.bytes().length;
    const timer = setInterval(() => {
      const now = terminal.bytes().length;
      if (now === length) {
        clearInterval(timer);
        resolve();
      }
      length = now;
    }, 20);
  });
}
