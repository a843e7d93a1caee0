import {copyFile, mkdir, readdir, readFile, rm} from 'node:fs/promises';
import {dirname, join} from 'node:path';

/**
 * Makes the files of one folder those of another: what differs is written, what is not there is removed. Files that are
 * the same are not touched, and neither are logs: a kubelet watches them.
 */
export async function mirrorFiles(from: string, to: string): Promise<void> {
  const [wanted, there] = await Promise.all([filesOf(from), filesOf(to)]);
  for (const file of there) if (!wanted.includes(file)) await rm(join(to, file), {force: true});
  for (const file of wanted) {
    const [a, b] = await Promise.all([
      readFile(join(from, file)),
      readFile(join(to, file)).catch(() => undefined),
    ]);
    if (b?.equals(a)) continue;
    await mkdir(dirname(join(to, file)), {recursive: true, mode: 0o700});
    await copyFile(join(from, file), join(to, file));
  }
}

async function filesOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true}).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((file) => !/(?:^|\/)var\/log\//.test(file));
}
