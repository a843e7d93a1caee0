import {describe, expect, it} from 'vitest';
import {until} from '../helpers/control-plane.ts';
import {openProgram} from '../helpers/program.ts';
import type {Terminal} from '../helpers/terminal.ts';

// Ink encloses each frame in these.
const frames = (bytes: string): number => bytes.split('\x1b[?2026l').length - 1;

/** Waits until nothing was written for 400 ms: the practice cluster has settled. */
async function quiet(terminal: Terminal): Promise<void> {
  let length = -1;
  let since = Date.now();
  await until(() => {
    const now = terminal.bytes().length;
    if (now !== length) since = Date.now();
    length = now;
    return Date.now() - since > 400;
  }, 'the screen is still');
}

describe('the screen over a slow line', () => {
  it('draws a burst of keys as few frames, and a key in few bytes', {timeout: 60_000}, async () => {
    const terminal = openProgram(['--practice'], {columns: 120, rows: 40});
    await terminal.see(/C-0034.*\d+%/, 30_000);
    await quiet(terminal);
    const whole = terminal.bytes().length;

    terminal.press('j'.repeat(10));
    await terminal.see(/^▸ +C-0055/m);
    await quiet(terminal);
    const burst = terminal.bytes().slice(whole);
    expect(frames(burst)).toBeGreaterThan(0);
    expect(frames(burst)).toBeLessThanOrEqual(3);

    const before = terminal.bytes().length;
    terminal.press('k');
    await terminal.see(/^▸ +C-0016/m);
    await quiet(terminal);
    const key = terminal.bytes().slice(before);
    expect(frames(key)).toBeLessThanOrEqual(3);
    expect(Buffer.byteLength(key)).toBeLessThan(8000);
    // Never blank in between: no clearing of the screen.
    expect(key).not.toContain('\x1b[2J');
  });
});
