import {opendir, readFile} from 'node:fs/promises';
import {basename, join, relative, resolve} from 'node:path';
import {loadKubeconfig} from '../target/kubeconfig.ts';
import {TargetError} from '../target/target.ts';
import type {TargetChoice as TuiChoice} from '../tui/options.ts';
import type {TargetChoice} from './choice.ts';

/** What the start screen can offer, and sentences about what it can't. */
export type Choices = {readonly choices: readonly TuiChoice[]; readonly notes: readonly string[]};

export const practiceChoice: TuiChoice = {
  kind: 'practice',
  name: 'home',
  detail: '3 nodes, 44 pods, 6 namespaces',
};

const mostFiles = 200;

/** Practice, the contexts of the kubeconfig, the manifests of this folder. Contacts nothing. */
export async function findChoices(folder: string, environment: NodeJS.ProcessEnv): Promise<Choices> {
  const [live, files] = await Promise.all([contexts(environment), countManifests(folder)]);
  const here: readonly TuiChoice[] =
    files === 0
      ? []
      : [
          {
            kind: 'files',
            name: '.',
            detail: `${files}${files === mostFiles ? ' or more' : ''} ${files === 1 ? 'manifest' : 'manifests'} in this folder`,
          },
        ];
  return {choices: [practiceChoice, ...live.choices, ...here], notes: live.notes};
}

function contexts(environment: NodeJS.ProcessEnv): Choices {
  try {
    const {contexts: found} = loadKubeconfig(undefined, environment);
    const choices = found.map(
      ({name, server, current}): TuiChoice => ({
        kind: 'live',
        name,
        detail: `${server}${current ? ', current' : ''}`,
      }),
    );
    return {choices, notes: []};
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    const isMissing = error.message.startsWith('No kubeconfig');
    return {choices: [], notes: isMissing ? [] : [`${error.message} The other rows work.`]};
  }
}

/** Files that look like manifests, here and one folder down; at most 200 are counted. */
async function countManifests(folder: string, depth = 1): Promise<number> {
  const files: string[] = [];
  await collect(folder, depth, files);
  const found = await Promise.all(
    files.map(async (file) => /^kind:/m.test(await readFile(file, 'utf8').catch(() => ''))),
  );
  return found.filter(Boolean).length;
}

async function collect(folder: string, depth: number, files: string[]): Promise<void> {
  const entries = await opendir(folder).catch(() => undefined);
  if (entries === undefined) return;
  for await (const entry of entries) {
    if (files.length >= mostFiles) return;
    const path = join(folder, entry.name);
    if (entry.isDirectory() && depth > 0 && !entry.name.startsWith('.') && entry.name !== 'node_modules') {
      await collect(path, depth - 1, files);
    } else if (entry.isFile() && /\.ya?ml$/.test(entry.name)) {
      files.push(path);
    }
  }
}

/** A folder, as the start screen and the title name it. */
export function folderChoice(path: string, folder: string = process.cwd()): TuiChoice {
  const inside = relative(folder, resolve(folder, path));
  const name = inside === '' ? '.' : inside.startsWith('..') ? resolve(folder, path) : `./${inside}`;
  return {kind: 'files', name, detail: basename(resolve(folder, path))};
}

/** What the command line chose, as the screens name it. */
export function shownChoice(choice: TargetChoice): TuiChoice {
  if (choice.kind === 'practice') return practiceChoice;
  if (choice.kind === 'files') return folderChoice(choice.paths[0] ?? '.');
  return {kind: 'live', name: choice.context ?? '', detail: choice.kubeconfig ?? ''};
}
