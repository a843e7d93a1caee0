import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {onTestFinished} from 'vitest';
import {openTerminal, type Terminal, type TerminalOptions} from './terminal.ts';

/** The built program, as `npm test` made it. */
export const bin = join(import.meta.dirname, '../../dist/kubekata.js');

/** A folder of its own for the state of a test, gone after it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kubekata-test-'));
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
  return folder;
}

/** Runs the built program in a pseudo-terminal, with an empty home of its own; ended after the test. */
export function openProgram(
  words: readonly string[],
  options: TerminalOptions & {home?: string} = {},
): Terminal {
  const home = options.home ?? temporaryFolder();
  const terminal = openTerminal(process.execPath, [bin, ...words], {
    ...options,
    environment: {
      HOME: home,
      KUBEKATA_HOME: join(home, 'state'),
      KUBECONFIG: undefined,
      COLORTERM: 'truecolor',
      NODE_COMPILE_CACHE: undefined,
      ...options.environment,
    },
  });
  onTestFinished(() => terminal.kill('SIGKILL'));
  return terminal;
}
