import {execFileSync, spawnSync} from 'node:child_process';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {bin, temporaryFolder} from '../helpers/program.ts';
import {openTerminal} from '../helpers/terminal.ts';

const has = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;
const completion = (shell: string): string =>
  execFileSync(process.execPath, [bin, 'completion', shell], {encoding: 'utf8'});

/** What is typed, and words that must and must not be offered; all shells agree on them. */
const cases: readonly (readonly [typed: string, offered: readonly string[], not: readonly string[]])[] = [
  ['kubekata s', ['scan', 'study'], ['fix']],
  ['kubekata --practice sc', ['scan'], ['study']],
  ['kubekata --theme ', ['auto', 'dark', 'light'], ['scan']],
  ['kubekata scan --fail-', ['--fail-on', '--fail-under'], ['--format']],
  ['kubekata scan --practice --fail-', ['--fail-on', '--fail-under'], ['--format']],
  ['kubekata scan --format ', ['sarif', 'junit', 'html'], ['--output']],
  ['kubekata fix --include ', ['review', 'recreate', 'owned'], ['--yes']],
  ['kubekata fix --keep po', ['pod-security', 'policy-warn', 'policy-deny'], ['--yes']],
  ['kubekata explain C-003', ['C-0030', 'C-0034', 'C-0038'], ['C-0016']],
  ['kubekata completion ', ['bash', 'zsh', 'fish'], ['scan']],
];

describe.skipIf(!has('fish'))('fish', () => {
  const folder = temporaryFolderOnce();
  it.each(cases)('completes %j', (typed, offered, not) => {
    const file = join(folder(), 'kubekata.fish');
    writeFileSync(file, completion('fish'));
    const {stdout, stderr} = spawnSync('fish', ['-N', '-c', `source ${file}; complete -C '${typed}'`], {
      encoding: 'utf8',
      env: {...process.env, HOME: folder()},
    });
    expect(stderr).toBe('');
    const words = stdout.split('\n').map((line) => line.split('\t')[0]);
    expect(words).toEqual(expect.arrayContaining([...offered]));
    for (const word of not) expect(words).not.toContain(word);
  });

  it('takes the value of an option for no command', () => {
    const file = join(folder(), 'kubekata.fish');
    writeFileSync(file, completion('fish'));
    const {stdout} = spawnSync(
      'fish',
      ['-N', '-c', `source ${file}; complete -C 'kubekata --context x sc'`],
      {
        encoding: 'utf8',
        env: {...process.env, HOME: folder()},
      },
    );
    expect(stdout).toMatch(/^scan\t/);
  });
});

describe.skipIf(!has('zsh'))('zsh', () => {
  it('completes, in an interactive shell', {timeout: 120_000}, async () => {
    const folder = temporaryFolder();
    const functions = join(folder, 'functions');
    mkdirSync(functions);
    writeFileSync(join(functions, '_kubekata'), completion('zsh'));
    writeFileSync(
      join(folder, '.zshrc'),
      `bindkey -e; PS1='> '; fpath=(${functions} $fpath); autoload -Uz compinit; compinit -u -D\nLISTMAX=1000; setopt auto_list no_auto_menu; unsetopt beep\nprint loaded\n`,
    );
    const shell = openTerminal('zsh', ['-i'], {
      columns: 100,
      rows: 50,
      cwd: folder,
      environment: {ZDOTDIR: folder, HOME: folder},
    });
    await shell.see(/loaded\n>/, 30_000);
    for (const [typed, offered, not] of cases) {
      // The rest that all offers begin with is filled in first; a second tab lists them.
      shell.press(`${typed}\t`);
      await shell.see((text) => text.includes(typed.trim()), 30_000);
      shell.press('\t');
      await shell.see((text) => offered.every((word) => text.includes(word)), 30_000);
      const lines = shell.text().split('\n').slice(1).join('\n');
      for (const word of not) expect(lines.split(/\s+/)).not.toContain(word);
      // The line goes, then the screen.
      shell.press('\u0015\u000C');
      await shell.see((text) => text.trim() === '>', 30_000);
    }
    shell.press('exit\r');
    expect(await shell.exited).toBe(0);
  });
});

/** One folder for all tests of a suite, made with the first. */
function temporaryFolderOnce(): () => string {
  let folder: string | undefined;
  return () => {
    folder ??= temporaryFolder();
    mkdirSync(folder, {recursive: true});
    return folder;
  };
}
