import {spawn} from 'node:child_process';
import {cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';

/** The built program. `npm test` builds it first. */
export const program = join(import.meta.dirname, '../../dist/kubekata.js');

export type Run = {readonly code: number | null; readonly stdout: string; readonly stderr: string};

export type RunOptions = {
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
};

/** A folder of its own for manifests and state; gone after `remove`. */
export type Workplace = {
  readonly folder: string;
  readonly path: (name: string) => string;
  readonly write: (name: string, text: string) => string;
  readonly copy: (from: string, name: string) => string;
  /** Runs kubekata in the folder, its state below it. */
  readonly run: (words: readonly string[], options?: RunOptions) => Promise<Run>;
  readonly environment: Readonly<Record<string, string>>;
  readonly remove: () => void;
};

export function makeWorkplace(): Workplace {
  const root = mkdtempSync(join(tmpdir(), 'kubekata-cli-'));
  const folder = join(root, 'work');
  mkdirSync(folder);
  const environment = {KUBEKATA_HOME: join(root, 'state')};
  const path = (name: string) => join(folder, name);
  return {
    folder,
    path,
    environment,
    write(name, text) {
      mkdirSync(dirname(path(name)), {recursive: true});
      writeFileSync(path(name), text);
      return path(name);
    },
    copy(from, name) {
      cpSync(from, path(name), {recursive: true});
      return path(name);
    },
    run: (words, options = {}) =>
      runProgram(process.execPath, [program, ...words], {
        cwd: folder,
        ...options,
        environment: {...environment, ...options.environment},
      }),
    remove: () => rmSync(root, {recursive: true, force: true}),
  };
}

/** Runs a program to its end, without a terminal. */
export function runProgram(file: string, words: readonly string[], options: RunOptions = {}): Promise<Run> {
  const {NO_COLOR: _, FORCE_COLOR: __, CI: ___, ...inherited} = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(file, [...words], {
      cwd: options.cwd,
      env: {...inherited, ...options.environment},
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({code, stdout, stderr}));
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}
