import {type Dirent, globSync, readdirSync, realpathSync, statSync} from 'node:fs';
import {basename, dirname, extname, isAbsolute, join, relative, resolve, sep} from 'node:path';
import {TargetError} from '../target.ts';
import {kustomizationNames} from './kustomization.ts';
import type {Problem} from './problems.ts';

/** Where objects go that a fix adds, beside the files of their namespace. */
export const addedFile = 'kubekata-added.yaml';

/** What is to be read: files, folders and patterns, all below one root. */
export type Selection = {
  /** Absolute. */
  readonly root: string;
  /** Absolute paths that exist. */
  readonly starts: readonly string[];
  /** Absolute patterns, looked up anew on each walk. */
  readonly patterns: readonly string[];
};

export type Walk = {
  /** Absolute paths of manifests, in a stable order, each file once. */
  readonly files: readonly string[];
  /** Folders that were read: what to watch. */
  readonly folders: readonly string[];
  /** Folders with a Helm chart or a kustomization. */
  readonly charts: readonly string[];
  readonly kustomizations: readonly string[];
  readonly problems: readonly Problem[];
};

const extensions = new Set(['.yaml', '.yml', '.json']);
const skipped = new Set(['node_modules', '.git', '.hg', '.svn']);

export const isManifestName = (name: string): boolean => extensions.has(extname(name).toLowerCase());

/** @throws {TargetError} for a path that is not there. */
export function select(paths: readonly string[], folder: string, root?: string): Selection {
  const starts: string[] = [];
  const patterns: string[] = [];
  const bases: string[] = [];
  for (const path of paths) {
    const absolute = resolve(folder, path);
    const stat = statSync(absolute, {throwIfNoEntry: false});
    if (stat) {
      starts.push(absolute);
      bases.push(stat.isDirectory() ? absolute : dirname(absolute));
    } else if (/[*?[{]/.test(path)) {
      patterns.push(absolute);
      bases.push(absolute.slice(0, absolute.search(/[^/\\]*[*?[{]/)) || sep);
    } else {
      throw new TargetError('unreadable', `${path} does not exist.`, [
        `Looked for ${absolute}. Name a file, a folder, or a pattern in quotes.`,
      ]);
    }
  }
  return {root: root === undefined ? common(bases) : resolve(folder, root), starts, patterns};
}

function common(folders: readonly string[]): string {
  const [first = sep, ...others] = folders.map((folder) => resolve(folder));
  let base = first;
  while (others.some((folder) => !isInside(base, folder))) base = dirname(base);
  return base;
}

export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** Reads the folders of a selection. Links are followed inside the root only, each target once. */
export function walk({root, starts, patterns}: Selection): Walk {
  const files: string[] = [];
  const folders: string[] = [];
  const charts: string[] = [];
  const kustomizations: string[] = [];
  const problems: Problem[] = [];
  const links: string[] = [];
  const seen = new Set<string>();
  const realRoot = realpathSync(root);
  const name = (path: string) => relative(root, path).split(sep).join('/') || '.';

  const found = [...starts, ...patterns.flatMap((pattern) => globSync(pattern).sort())];
  for (const path of found) {
    if (statSync(path, {throwIfNoEntry: false})?.isDirectory()) readFolder(path);
    else {
      addFile(path);
      const added = join(dirname(path), addedFile);
      if (statSync(added, {throwIfNoEntry: false})) addFile(added);
      folders.push(dirname(path));
    }
  }
  for (let link = links.shift(); link !== undefined; link = links.shift()) follow(link);
  return {files, folders: [...new Set(folders)], charts, kustomizations, problems};

  function addFile(path: string, real = realpathSync(path)): void {
    if (seen.has(real)) return;
    seen.add(real);
    files.push(path);
  }

  function readFolder(path: string): void {
    const real = realpathSync(path);
    if (seen.has(real)) return;
    seen.add(real);
    let entries: Dirent[];
    try {
      entries = readdirSync(path, {withFileTypes: true});
    } catch (cause) {
      problems.push({
        source: name(path),
        message: `The folder can not be read (${codeOf(cause)}): check its permissions.`,
      });
      return;
    }
    folders.push(path);
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    if (entries.some((entry) => entry.name === 'Chart.yaml')) {
      charts.push(path);
      folders.push(...foldersBelow(path));
      return;
    }
    if (entries.some((entry) => kustomizationNames.has(entry.name))) kustomizations.push(path);
    for (const entry of entries) {
      const child = join(path, entry.name);
      if (entry.isSymbolicLink()) links.push(child);
      else if (entry.isDirectory()) {
        if (!skipped.has(entry.name)) readFolder(child);
      } else if (entry.isFile() && isManifestName(entry.name) && !kustomizationNames.has(entry.name))
        addFile(child, join(real, entry.name));
    }
  }

  function follow(link: string): void {
    let real: string;
    try {
      real = realpathSync(link);
    } catch {
      if (isManifestName(link)) {
        problems.push({
          source: name(link),
          message: 'The link leads nowhere: remove it, or restore what it points to.',
        });
      }
      return;
    }
    const isFolder = statSync(real).isDirectory();
    if (!isFolder && !isManifestName(link)) return;
    if (!isInside(realRoot, real)) {
      problems.push({
        source: name(link),
        message: `The link leads out of the folder, to ${real}, and was not followed: scan that path as well.`,
      });
    } else if (isFolder && !skipped.has(basename(real))) readFolder(link);
    else if (!isFolder) addFile(link);
  }
}

const foldersBelow = (folder: string): readonly string[] =>
  readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));

export const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
