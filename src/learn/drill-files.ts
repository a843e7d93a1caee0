import {existsSync} from 'node:fs';
import {cp, mkdir, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {Drill} from './drill.ts';
import {mirrorFiles} from './mirror-files.ts';
import {selfSigned} from './self-signed.ts';

/** Where the files of drills lie. */
export type Folders = {
  /** Holds one work folder per drill. */
  readonly work: string;
  /** Files of the cluster's nodes; absent where it shows none. */
  readonly nodes: string | undefined;
  /** Node files as they are at first. */
  readonly pristineNodes: string | undefined;
};

export const workFolder = ({work}: Pick<Folders, 'work'>, {id}: Pick<Drill, 'id'>): string => join(work, id);

/** Makes a drill's work folder, and its files on the nodes. */
export async function makeFiles(drill: Drill, folders: Folders): Promise<void> {
  const folder = workFolder(folders, drill);
  await mkdir(folder, {recursive: true, mode: 0o700});
  const files = join(drill.folder, 'files');
  if (existsSync(files)) await cp(files, folder, {recursive: true});
  if (drill.certificateFor !== undefined) {
    const {certificate, key} = selfSigned(drill.certificateFor, new Date());
    await writeFile(join(folder, 'tls.crt'), certificate);
    await writeFile(join(folder, 'tls.key'), key, {mode: 0o600});
  }
  if (!drill.onNodes || folders.nodes === undefined) return;
  const saved = savedNodes(folders);
  // What the person did to the nodes outside of drills comes back when the drill is left.
  if (!existsSync(saved)) {
    await mirrorFiles(folders.nodes, saved);
    if (folders.pristineNodes) await mirrorFiles(folders.pristineNodes, folders.nodes);
  }
  const own = join(drill.folder, 'nodes');
  if (existsSync(own)) await cp(own, folders.nodes, {recursive: true});
}

const savedNodes = ({work}: Folders): string => join(work, '.nodes');

/** Puts the node files back as they were before a drill; nothing to do where none was left open. */
export async function restoreNodes(folders: Folders): Promise<void> {
  const saved = savedNodes(folders);
  if (folders.nodes === undefined || !existsSync(saved)) return;
  await mirrorFiles(saved, folders.nodes);
  await rm(saved, {recursive: true, force: true});
}
