import {existsSync} from 'node:fs';
import {homedir} from 'node:os';
import {dirname, join} from 'node:path';

/** Where kubekata keeps its state: KUBEKATA_HOME, else XDG_STATE_HOME/kubekata, else ~/.local/state/kubekata. */
export function stateDirectory(environment: NodeJS.ProcessEnv): string {
  if (environment.KUBEKATA_HOME) return environment.KUBEKATA_HOME;
  return join(environment.XDG_STATE_HOME || join(homedir(), '.local/state'), 'kubekata');
}

/** The folder that holds package.json, also from a chunk in dist. */
export function packageRoot(from: string = import.meta.dirname): string {
  if (existsSync(join(from, 'package.json'))) return from;
  const parent = dirname(from);
  if (parent === from) throw new Error('kubekata is not installed whole: its package.json is missing.');
  return packageRoot(parent);
}
