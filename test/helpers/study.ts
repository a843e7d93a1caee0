import {execFile, execFileSync} from 'node:child_process';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {promisify} from 'node:util';
import type {Progress} from '../../src/learn/progress.ts';
import {drillsFolder} from './drills.ts';
import {openProgram} from './program.ts';
import {shared} from './shared.ts';
import type {Terminal} from './terminal.ts';

const run = promisify(execFile);

/** `kubekata study` in a terminal with kubectl on its path, on the practice cluster, and what it keeps below a home. */
export function studyAt(home: string) {
  const programs = execFileSync(shared('cluster/bin.sh'), {encoding: 'utf8'}).trim();
  const path = `${programs}:${process.env.PATH}`;
  const practice = join(home, 'state/practice');
  const kubeconfig = join(practice, 'kubeconfig');
  const work = join(practice, 'work');
  return {
    open: (size: {readonly columns?: number; readonly rows?: number} = {}) =>
      openProgram(['study'], {home, environment: {PATH: path}, ...size}),
    progress: () => JSON.parse(readFileSync(join(home, 'state/study/progress.json'), 'utf8')) as Progress,
    /** Ids of the drills that are set up, whole or in part. */
    begun: (): readonly string[] =>
      (existsSync(work) ? readdirSync(work) : [])
        .flatMap((name) => /^\.(.+)\.json$/.exec(name)?.[1] ?? [])
        .sort(),
    /** Runs the solution of a drill with real kubectl. */
    async solve(drill: string) {
      const folder = join(work, drill);
      const env = {
        ...{PATH: path, HOME: home, WORK: folder, NODES: join(practice, 'nodes')},
        ...{KUBECONFIG: kubeconfig, DRILL: join(drillsFolder, drill)},
      };
      await run('bash', ['-euo', 'pipefail', join(drillsFolder, drill, 'solution.sh')], {cwd: folder, env});
    },
    async kubectl(...words: readonly string[]): Promise<string> {
      const env = {PATH: path, HOME: home, KUBECONFIG: kubeconfig};
      return (await run('kubectl', [...words], {env})).stdout;
    },
  };
}

/** Shown once the cluster is open and read. */
export const isRead = /C-\d+ on the practice cluster/;

/** Presses escape until the screen shows something: one that comes while a screen begins may be lost. */
export async function escapeTo(tui: Terminal, wanted: Parameters<Terminal['see']>[0]): Promise<void> {
  for (let tries = 0; tries < 4; tries += 1) {
    tui.press('\u001B');
    const isShown = await tui.see(wanted, 5_000).then(
      () => true,
      () => false,
    );
    if (isShown) return;
  }
  await tui.see(wanted);
}

/** Goes past the first visit's questions. */
export async function skipQuestions(tui: Terminal): Promise<void> {
  await tui.see('answers six questions', 60_000);
  await escapeTo(tui, (text) => text.includes('What you know'));
}
