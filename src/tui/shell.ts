import {spawn} from 'node:child_process';
import type {Target} from '../target/target.ts';

/** Runs the person's shell on a target, until they leave it. */
export function runShell(target: Target, env: Readonly<Record<string, string | undefined>>): Promise<void> {
  const shell = env.SHELL || '/bin/sh';
  const where = target.kind === 'live' ? `${target.name}, a LIVE cluster` : target.name;
  process.stdout.write(`A shell on ${where}. KUBECONFIG is set; exit comes back to kubekata.\n`);
  return new Promise((resolve) => {
    const child = spawn(shell, [], {
      stdio: 'inherit',
      env: {...env, ...target.environment},
      ...(target.kind === 'files' ? {cwd: target.address} : {}),
    });
    child.on('error', (error) => {
      process.stdout.write(`${shell} can't be started: ${error.message}\n`);
      resolve();
    });
    child.on('exit', () => resolve());
  });
}
