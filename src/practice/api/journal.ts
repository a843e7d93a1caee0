import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import {type FileHandle, open} from 'node:fs/promises';
import {join} from 'node:path';
import {asObject, isArray, type Json} from '../../engine/json.ts';
import type {Stored} from './machine.ts';
import {type Entry, keyOf, type Store} from './store.ts';

export type Restored = {readonly revision: number; readonly objects: readonly (readonly [string, Stored])[]};

/** How an object is written: `write` when it changes, `keep` when all that is there is written once more. */
export type OnDisk = {
  write(resource: string, object: Stored): Json;
  keep(resource: string, object: Stored): Json;
  /** An object is gone: `namespace/name`. */
  forget?(resource: string, key: string): void;
};

const asItIs: OnDisk = {write: (_, object) => object, keep: (_, object) => object};

/** Compaction starts when the log has this many bytes. */
const compactAt = 8_000_000;
const numbered = /^(state|log)-(\d+)\.json(?:l)?$/;

function filesOf(directory: string, kind: string): number[] {
  return readdirSync(directory)
    .map((name) => numbered.exec(name))
    .filter((match) => match?.[1] === kind)
    .map((match) => Number(match?.[2]))
    .sort((a, b) => a - b);
}

const statePath = (directory: string, number: number): string => join(directory, `state-${number}.json`);
const logPath = (directory: string, number: number): string => join(directory, `log-${number}.jsonl`);

/** Reads what was acknowledged before; undefined when there is nothing. A torn last line is dropped. */
export function restore(
  directory: string,
  open: (resource: string, onDisk: Json) => Stored = (_, onDisk) => onDisk as Stored,
): Restored | undefined {
  mkdirSync(directory, {recursive: true, mode: 0o700});
  const snapshot = filesOf(directory, 'state').at(-1);
  const logs = filesOf(directory, 'log').filter((number) => number >= (snapshot ?? 0));
  if (snapshot === undefined && logs.length === 0) return undefined;
  let revision = 1;
  const tables = new Map<string, Map<string, Stored>>();
  const tableOf = (resource: string): Map<string, Stored> => {
    let table = tables.get(resource);
    if (!table) {
      table = new Map();
      tables.set(resource, table);
    }
    return table;
  };
  if (snapshot !== undefined) {
    const state = asObject(JSON.parse(readFileSync(statePath(directory, snapshot), 'utf8')) as Json);
    revision = Number(state.revision);
    for (const [resource, objects] of Object.entries(asObject(state.objects))) {
      for (const object of isArray(objects) ? objects : [])
        tableOf(resource).set(keyOf(asObject(object)), open(resource, object));
    }
  }
  for (const number of logs) {
    const lines = readFileSync(logPath(directory, number), 'utf8').split('\n');
    // A line without its end was never acknowledged.
    lines.pop();
    for (const line of lines) {
      const entry = parseEntry(line);
      if (!entry) break;
      revision = entry.revision;
      if ('removed' in entry) tableOf(entry.resource).delete(entry.removed);
      else tableOf(entry.resource).set(keyOf(entry.object), open(entry.resource, entry.object));
    }
  }
  const objects = [...tables].flatMap(([resource, table]) =>
    [...table.values()].map((object) => [resource, object] as const),
  );
  return {revision, objects};
}

function parseEntry(line: string): Entry | undefined {
  try {
    return JSON.parse(line) as Entry;
  } catch {
    return undefined;
  }
}

/**
 * The log of changes on disk. `durable()` resolves when everything recorded so far would survive a crash; many writes
 * share one fsync.
 */
export class Journal {
  readonly #directory: string;
  readonly #onFailure: (error: Error) => void;
  readonly #form: OnDisk;
  #number: number;
  #file: FileHandle | undefined;
  #lines: string[] = [];
  #size = 0;
  #flushing: Promise<void> | undefined;
  #failure: Error | undefined;
  #closed = false;
  #store: Store | undefined;

  constructor(directory: string, onFailure: (error: Error) => void, form: OnDisk = asItIs) {
    this.#form = form;
    mkdirSync(directory, {recursive: true, mode: 0o700});
    this.#directory = directory;
    this.#onFailure = onFailure;
    this.#number = Math.max(0, ...filesOf(directory, 'log'), ...filesOf(directory, 'state')) + 1;
  }

  /** The store that compaction writes whole. */
  attach(store: Store): void {
    this.#store = store;
  }

  record(entry: Entry): void {
    if (this.#failure) throw this.#failure;
    if ('removed' in entry) this.#form.forget?.(entry.resource, entry.removed);
    const line =
      'object' in entry ? {...entry, object: this.#form.write(entry.resource, entry.object)} : entry;
    this.#lines.push(JSON.stringify(line));
  }

  /** @throws {Error} when the disk refuses. */
  async durable(): Promise<void> {
    if (this.#failure) throw this.#failure;
    while (this.#lines.length > 0 || this.#flushing) {
      this.#flushing ??= this.#flush();
      await this.#flushing;
      if (this.#failure) throw this.#failure;
    }
  }

  async #flush(): Promise<void> {
    // Writes of the same turn of the event loop share the fsync.
    await new Promise((resolve) => setImmediate(resolve));
    const lines = this.#lines;
    this.#lines = [];
    try {
      this.#file ??= await open(logPath(this.#directory, this.#number), 'a', 0o600);
      const text = `${lines.join('\n')}\n`;
      if (lines.length > 0) {
        await this.#file.appendFile(text);
        await this.#file.datasync();
        this.#size += text.length;
      }
      if (this.#size > compactAt) await this.#compact();
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error));
      this.#onFailure(this.#failure);
    } finally {
      this.#flushing = undefined;
    }
  }

  /** Begins a new log, then writes the state at that moment beside it and forgets what came before. */
  async #compact(): Promise<void> {
    await this.#file?.close();
    // What was recorded meanwhile is in the state that is written now: it need not be in the new log, but it may be.
    this.#number += 1;
    this.#file = await open(logPath(this.#directory, this.#number), 'a', 0o600);
    this.#size = 0;
    this.writeState();
  }

  /** Writes the whole state now, so that the next start reads one file. */
  writeState(): void {
    const store = this.#store;
    if (!store) return;
    const number = this.#number;
    const target = statePath(this.#directory, number);
    const file = openSync(`${target}.new`, 'w', 0o600);
    const tables = store.resources().map(
      (resource) =>
        `${JSON.stringify(resource)}:[\n${store
          .list(resource)
          .map((object) => JSON.stringify(this.#form.keep(resource, object)))
          .join(',\n')}]`,
    );
    writeSync(file, `{"revision":${store.revision},"objects":{${tables.join(',\n')}}}\n`);
    fsyncSync(file);
    closeSync(file);
    renameSync(`${target}.new`, target);
    syncDirectory(this.#directory);
    for (const kind of ['state', 'log'] as const) {
      for (const old of filesOf(this.#directory, kind).filter((item) => item < number))
        rmSync(kind === 'state' ? statePath(this.#directory, old) : logPath(this.#directory, old), {
          force: true,
        });
    }
  }

  /** Writes what is left, and the whole state where there is anything new, so that the next start is quick. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (!this.#failure) {
      await this.durable();
      if (this.#size > 0) {
        this.#number += 1;
        this.writeState();
      }
    }
    await this.#file?.close();
    this.#file = undefined;
  }
}

/** Makes a rename in the directory survive a power cut, where the system can. */
export function syncDirectory(directory: string): void {
  try {
    const handle = openSync(directory, 'r');
    fsyncSync(handle);
    closeSync(handle);
  } catch {
    // Some systems can't sync a directory; the rename itself is still atomic.
  }
}
