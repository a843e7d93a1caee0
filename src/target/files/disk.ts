import {randomBytes} from 'node:crypto';
import {constants} from 'node:fs';
import {open, rename, rm, stat} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {TargetError} from '../target.ts';
import {codeOf} from './walk.ts';

/** The text of a file's bytes; undefined when they are no UTF-8, which an edit could not write back unchanged. */
export function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * Replaces a file by a new text at once: a reader sees the old or the new one, and never a part. The mode stays; a new file
 * gets the given one. @throws {TargetError}
 */
export async function replaceFile(path: string, text: string, newMode = 0o644): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}`);
  try {
    const mode = (await stat(path).catch(() => undefined))?.mode;
    const file = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, newMode);
    try {
      if (mode !== undefined) await file.chmod(mode & 0o7777);
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(folder);
  } catch (cause) {
    await rm(temporary, {force: true});
    throw notWritten(path, cause);
  }
}

/** @throws {TargetError} */
export async function removeFile(path: string): Promise<void> {
  try {
    await rm(path);
    await syncFolder(dirname(path));
  } catch (cause) {
    throw notWritten(path, cause);
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const notWritten = (path: string, cause: unknown): TargetError =>
  new TargetError(
    'rejected',
    `${path} could not be written (${codeOf(cause)}).`,
    ['The file is as it was. Check the permissions of the file and of its folder.'],
    {cause},
  );
