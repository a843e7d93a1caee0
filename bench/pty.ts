import {readFileSync} from 'node:fs';
import {type IPty, spawn} from '@lydell/node-pty';
import xterm from '@xterm/headless';
import {within} from './measure.ts';
import {bin} from './program.ts';

// Ink encloses each frame in these.
const frameEnd = '\x1b[?2026l';

/** The built program in a pseudo-terminal, with the times at which it wrote. */
export class Screen {
  /** Bytes written so far. */
  bytes = 0;
  /** Whole frames drawn so far. */
  frames = 0;
  lastWrite = 0;
  readonly exited: Promise<void>;
  readonly #pty: IPty;
  readonly #emulator;
  readonly #watchers = new Set<() => void>();

  constructor(words: readonly string[], environment: NodeJS.ProcessEnv, columns = 120, rows = 40) {
    this.#emulator = new xterm.Terminal({cols: columns, rows, allowProposedApi: true});
    const {CI: _, NO_COLOR: __, ...inherited} = process.env;
    this.#pty = spawn(process.execPath, [bin, ...words], {
      name: 'xterm-256color',
      cols: columns,
      rows,
      env: {...inherited, TERM: 'xterm-256color', COLORTERM: 'truecolor', ...environment} as Record<
        string,
        string
      >,
    });
    this.exited = new Promise((resolve) => this.#pty.onExit(() => resolve()));
    this.#pty.onData((data) => {
      this.lastWrite = performance.now();
      this.bytes += Buffer.byteLength(data);
      this.frames += data.split(frameEnd).length - 1;
      this.#tell();
      // Every terminal says what it is when it is asked; the screens wait a moment for it.
      if (data.includes('\x1b[c')) this.#pty.write('\x1b[?1;2c');
      this.#emulator.write(data, () => this.#tell());
    });
  }

  get pid(): number {
    return this.#pty.pid;
  }

  text(): string {
    const {active} = this.#emulator.buffer;
    return Array.from({length: this.#emulator.rows}, (_, row) =>
      (active.getLine(active.baseY + row)?.translateToString(true) ?? '').trimEnd(),
    ).join('\n');
  }

  /** Waits at most `seconds`. @throws {Error} that tells what was waited for. */
  async until(isThere: () => boolean, what: string, seconds = 15): Promise<void> {
    if (isThere()) return;
    let look = (): void => undefined;
    const seen = new Promise<void>((resolve) => {
      look = () => {
        if (isThere()) resolve();
      };
      this.#watchers.add(look);
    });
    try {
      await within(seconds, what, seen);
    } catch (error) {
      throw new Error(`${(error as Error).message} The screen then:\n${this.text()}`, {cause: error});
    } finally {
      this.#watchers.delete(look);
    }
  }

  see(wanted: RegExp, seconds?: number): Promise<void> {
    return this.until(() => wanted.test(this.text()), `${wanted} on the screen`, seconds);
  }

  press(keys: string): void {
    this.#pty.write(keys);
  }

  /** Presses a key, and resolves with the milliseconds until the first byte of the answer, once its frame is whole. */
  async answer(key: string): Promise<number> {
    const {bytes} = this;
    const started = performance.now();
    this.press(key);
    await this.until(() => this.bytes > bytes, `a frame after ${JSON.stringify(key)}`, 5);
    const first = this.lastWrite - started;
    await this.quiet(25);
    return first;
  }

  /** Waits until nothing was written for a while, at most 5 s. */
  async quiet(milliseconds: number): Promise<void> {
    const end = performance.now() + 5000;
    for (let wait = milliseconds; wait > 0 && performance.now() < end; ) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      wait = this.lastWrite + milliseconds - performance.now();
    }
  }

  /** Resident memory now, MiB; undefined where there is no /proc. */
  memory(): number | undefined {
    try {
      const found = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'));
      return found ? Number(found[1]) / 1024 : undefined;
    } catch {
      return undefined;
    }
  }

  /** Leaves by the key, or ends the process when that takes more than 5 s. */
  async quit(): Promise<void> {
    this.press('q');
    await within(5, 'leaving', this.exited).catch(() => this.kill());
  }

  kill(): void {
    try {
      this.#pty.kill('SIGKILL');
    } catch {
      // It is gone.
    }
  }

  #tell(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}
