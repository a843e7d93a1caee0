import {createHash} from 'node:crypto';
import {mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {parse} from 'yaml';
import type {Json} from '../engine/json.ts';

/** Beside the nodes' files: what was parsed of them, so that a start need not do it again. */
export const keptFolder = 'parsed';

const most = 200;

const fileOf = (text: string, nodesDirectory: string): string =>
  join(
    nodesDirectory,
    '..',
    keptFolder,
    `${createHash('sha256').update(text).digest('hex').slice(0, 32)}.json`,
  );

/** What a text that was parsed before holds; undefined for any other. */
export function keptValue(text: string, nodesDirectory: string): Json | undefined {
  try {
    return JSON.parse(readFileSync(fileOf(text, nodesDirectory), 'utf8')) as Json;
  } catch {
    return undefined;
  }
}

/** Remembers what a text holds; a disk that refuses costs the next start some time, and nothing else. */
export function keepValue(text: string, value: Json, nodesDirectory: string): void {
  const file = fileOf(text, nodesDirectory);
  const folder = join(nodesDirectory, '..', keptFolder);
  try {
    mkdirSync(folder, {recursive: true, mode: 0o700});
    if (readdirSync(folder).length >= most) rmSync(folder, {recursive: true, force: true});
    mkdirSync(folder, {recursive: true, mode: 0o700});
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(value), {mode: 0o600});
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // See above.
  }
}

/** YAML of a node's file, parsed once in the life of the practice directory. @throws {Error} for what is none. */
export function parseKept(text: string, nodesDirectory: string): Json {
  const kept = keptValue(text, nodesDirectory);
  if (kept !== undefined) return kept;
  const value = parse(text) as Json;
  if (value !== undefined) keepValue(text, value, nodesDirectory);
  return value;
}
