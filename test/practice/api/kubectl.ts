import {type ChildProcess, execFile, execFileSync} from 'node:child_process';
import {join} from 'node:path';
import {shared} from '../../helpers/shared.ts';

export type Printed = {readonly code: number; readonly stdout: string; readonly stderr: string};
export type Kubectl = (
  args: readonly string[],
  input?: string,
  more?: Readonly<Record<string, string>>,
) => Promise<Printed>;

export const kubectlProgram = (): string =>
  join(execFileSync(shared('cluster/bin.sh'), {encoding: 'utf8'}).trim(), 'kubectl');

/** Runs kubectl beside us: the practice cluster's server is in this process. */
export function kubectlFor(
  kubeconfig: string,
  home: string,
  namespace: string,
  environment: Readonly<Record<string, string>> = {},
  onStart: (child: ChildProcess) => void = () => undefined,
): Kubectl {
  const program = kubectlProgram();
  return (args, input = '', more = {}) =>
    new Promise((resolve) => {
      const env = {
        PATH: process.env.PATH,
        HOME: home,
        KUBECONFIG: kubeconfig,
        TMPDIR: home,
        ...environment,
        ...more,
      };
      const child = execFile(
        program,
        ['--namespace', namespace, ...args],
        {env, maxBuffer: 1 << 26},
        (error, stdout, stderr) => {
          const code = typeof error?.code === 'number' ? error.code : error ? 1 : 0;
          resolve({code, stdout, stderr});
        },
      );
      onStart(child);
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(input);
    });
}
