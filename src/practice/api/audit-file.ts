import {appendFileSync, mkdirSync, readdirSync, renameSync, rmSync, statSync} from 'node:fs';
import {basename, dirname, extname, join} from 'node:path';
import type {AuditSettings} from './settings.ts';

/** Adds a line to the audit log, and begins a new file when it is full. A disk that refuses loses the line, as the server's would. */
export function appendAuditLine({file, maxSize, maxBackups}: AuditSettings, line: string): void {
  try {
    mkdirSync(dirname(file), {recursive: true, mode: 0o700});
    if (maxSize > 0 && sizeOf(file) + line.length > maxSize * 1024 * 1024) rotate(file, maxBackups);
    appendFileSync(file, `${line}\n`, {mode: 0o600});
  } catch {
    // There is nobody to tell: a request is answered whether or not it could be recorded.
  }
}

const sizeOf = (file: string): number => statSync(file, {throwIfNoEntry: false})?.size ?? 0;

function rotate(file: string, maxBackups: number): void {
  const ending = extname(file);
  const stem = basename(file, ending);
  const time = new Date().toISOString().replace('Z', '').replaceAll(':', '-');
  const folder = dirname(file);
  renameSync(file, join(folder, `${stem}-${time}${ending}`));
  if (maxBackups === 0) return;
  const old = readdirSync(folder)
    .filter((name) => name.startsWith(`${stem}-`) && name.endsWith(ending))
    .sort()
    .reverse();
  for (const name of old.slice(maxBackups)) rmSync(join(folder, name));
}
