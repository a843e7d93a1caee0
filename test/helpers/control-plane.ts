import {execFile} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {shared} from './shared.ts';

const run = promisify(execFile);

/** A real kube-apiserver with controllers and simulated nodes, from ../shared/cluster. */
export type ControlPlane = {
  readonly folder: string;
  readonly kubeconfig: string;
  kubectl(...words: readonly string[]): Promise<string>;
  /** With what it prints to stderr: the warnings of the server. */
  kubectlAll(...words: readonly string[]): Promise<{readonly stdout: string; readonly stderr: string}>;
  /** Applies YAML by kubectl. */
  load(yaml: string): Promise<void>;
  /** A kubeconfig for a user who may do only what RBAC grants. */
  user(name: string, ...groups: readonly string[]): Promise<string>;
  /** One of the pack's scripts, with this cluster's folder first. */
  script(name: 'restart.sh' | 'readonly.sh', ...words: readonly string[]): Promise<void>;
  stop(): Promise<void>;
};

export async function startControlPlane(environment: NodeJS.ProcessEnv = {}): Promise<ControlPlane> {
  const folder = mkdtempSync(join(tmpdir(), 'kubekata-plane-'));
  const script = (name: string): string => shared(`cluster/${name}`);
  const stop = async () => {
    await run(script('down.sh'), [folder]);
    rmSync(folder, {recursive: true, force: true});
  };
  await run(script('up.sh'), [folder], {env: {...process.env, ...environment}, timeout: 120_000});
  const programs = (await run(script('bin.sh'))).stdout.trim();
  const kubeconfig = join(folder, 'kubeconfig');
  const kubectlAll = (...words: readonly string[]) => {
    const env = {...process.env, HOME: folder, KUBECONFIG: kubeconfig};
    return run(join(programs, 'kubectl'), [...words], {env, maxBuffer: 1 << 28});
  };
  const kubectl = async (...words: readonly string[]) => (await kubectlAll(...words)).stdout;
  let files = 0;
  return {
    folder,
    kubeconfig,
    kubectl,
    kubectlAll,
    async load(yaml) {
      const file = join(folder, `load-${++files}.yaml`);
      writeFileSync(file, yaml);
      await kubectl('apply', '-f', file);
    },
    async user(name, ...groups) {
      const {stdout} = await run(script('user.sh'), [folder, name, ...groups]);
      const file = join(folder, `${name.replace(/\W/g, '-')}.kubeconfig`);
      writeFileSync(file, stdout, {mode: 0o600});
      return file;
    },
    async script(name, ...words) {
      await run(script(name), [folder, ...words], {timeout: 120_000});
    },
    stop,
  };
}

/** Waits until a condition holds, looked at each 20 ms; fails with the words after `seconds`. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  words: string,
  seconds = 20,
): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`After ${seconds} s still not: ${words}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
