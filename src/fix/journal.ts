import {createHash, createHmac, randomBytes} from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import {join} from 'node:path';
import {equal, isObject, type Json} from '../engine/json.ts';
import {getAt} from '../engine/path.ts';
import type {PreviewItem} from '../target/target.ts';
import type {EntryState, JournalEntry, JournalStep} from './plan.ts';

/** The journal can't be written (nothing was applied), or an entry can't be read. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
}

type StepChange = Pick<JournalStep, 'state'> & Partial<Pick<JournalStep, 'applied' | 'reason' | 'needs'>>;
type Line =
  | ({readonly type: 'entry'; readonly version: 1} & Omit<JournalEntry, 'number' | 'state'>)
  | ({readonly type: 'step'; readonly index: number} & StepChange)
  | {readonly type: 'closed'; readonly scoreAfter?: number};

/**
 * What was applied to one target, durable before it is written there. An entry is a file of JSON lines: what is planned
 * first, then a line per step as it happens, each flushed to the disk; a line that a crash cut off is as if not written.
 * Folders are 0700, files 0600; credentials are never in it.
 */
export class Journal {
  readonly #folder: string;
  readonly #key: Buffer;

  /** @param identity Of the target: bound to the cluster, not to a context's name. @throws {JournalError} */
  constructor(stateFolder: string, identity: string) {
    const root = join(stateFolder, 'journal');
    this.#folder = join(root, createHash('sha256').update(identity).digest('hex').slice(0, 16));
    try {
      mkdirSync(this.#folder, {recursive: true, mode: 0o700});
      this.#key = journalKey(join(root, 'key'));
    } catch (cause) {
      throw writeError(cause);
    }
  }

  /** Newest first. An entry that can't be read is left out: its file stays. */
  entries(): readonly JournalEntry[] {
    return this.#numbers()
      .reverse()
      .flatMap((number) => this.read(number) ?? []);
  }

  /** Those that kubekata was stopped in: what was written may be taken back, or the rest be written. */
  unfinished(): readonly JournalEntry[] {
    return this.entries().filter(({state}) => state === 'unfinished');
  }

  read(number: number): JournalEntry | undefined {
    let text: string;
    try {
      text = readFileSync(this.#file(number), 'utf8');
    } catch {
      return undefined;
    }
    return parseEntry(number, text);
  }

  /** Writes what is planned, before anything is applied. @throws {JournalError} */
  begin(title: string, items: readonly PreviewItem[], scoreBefore?: number): JournalEntry {
    const steps = items.map(
      (item): JournalStep => ({
        state: item.rejection === undefined ? 'planned' : 'refused',
        item: this.#withoutCredentials(item),
        ...(item.rejection === undefined ? {} : {reason: item.rejection}),
        ...(item.needs === undefined ? {} : {needs: item.needs}),
      }),
    );
    const score = scoreBefore === undefined ? {} : {scoreBefore};
    const head: Line = {type: 'entry', version: 1, at: new Date().toISOString(), title, ...score, steps};
    const number = this.#create(`${JSON.stringify(head)}\n`);
    return {number, at: head.at, title, state: 'unfinished', ...score, steps};
  }

  /** Notes what became of a step. Returns the entry after it. @throws {JournalError} */
  step(entry: JournalEntry, index: number, change: StepChange): JournalEntry {
    this.#append(entry.number, {type: 'step', index, ...change});
    return stepped(entry, index, change);
  }

  /** Everything that could be written is. @throws {JournalError} */
  close(entry: JournalEntry, scoreAfter?: number): JournalEntry {
    const line: Line = {type: 'closed', ...(scoreAfter === undefined ? {} : {scoreAfter})};
    this.#append(entry.number, line);
    return closed(entry, line);
  }

  /** Whether a value is the one whose hash the journal kept. */
  matches(kept: Json | undefined, value: Json | undefined): boolean {
    return equal(kept, value) || (isHashed(kept) && value !== undefined && kept.hash === this.#hash(value));
  }

  #hash(value: Json): string {
    return createHmac('sha256', this.#key).update(JSON.stringify(value)).digest('hex');
  }

  /** What the preview shows as `***` is kept as a keyed hash: enough to see whether it changed. */
  #withoutCredentials(item: PreviewItem): PreviewItem {
    const values = item.expected.values.map(({path, value}) => {
      const isPlain = value === undefined || equal(getAt(item.before, path), value);
      return {path, value: isPlain ? value : {hash: this.#hash(value)}};
    });
    return {...item, expected: {...item.expected, values}};
  }

  #numbers(): number[] {
    return readdirSync(this.#folder)
      .flatMap((name) => /^(\d{4,})\.jsonl$/.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  }

  #file(number: number): string {
    return join(this.#folder, `${String(number).padStart(4, '0')}.jsonl`);
  }

  /** The whole first line appears under its number at once, or not at all; two programs never take the same number. */
  #create(text: string): number {
    const draft = join(this.#folder, `draft-${process.pid}-${randomBytes(4).toString('hex')}`);
    try {
      writeDurably(draft, text, 'wx');
      for (let number = (this.#numbers().at(-1) ?? 0) + 1; ; number += 1) {
        try {
          linkSync(draft, this.#file(number));
        } catch (error) {
          if (error instanceof Error && 'code' in error && error.code === 'EEXIST') continue;
          throw error;
        }
        flushFolder(this.#folder);
        return number;
      }
    } catch (cause) {
      throw writeError(cause);
    } finally {
      try {
        unlinkSync(draft);
      } catch {
        // It was never made.
      }
    }
  }

  #append(number: number, line: Line): void {
    try {
      writeDurably(this.#file(number), `${JSON.stringify(line)}\n`, 'a');
    } catch (cause) {
      throw writeError(cause);
    }
  }
}

/** A credential, of which the journal keeps a keyed hash. */
export const isHashed = (value: Json | undefined): value is {readonly hash: string} =>
  isObject(value) && typeof value.hash === 'string' && Object.keys(value).length === 1;

function parseEntry(number: number, text: string): JournalEntry | undefined {
  let entry: JournalEntry | undefined;
  for (const line of text.split('\n')) {
    let parsed: Line;
    try {
      parsed = JSON.parse(line) as Line;
    } catch {
      // The end of the file, or a line that a crash cut off.
      continue;
    }
    if (parsed.type === 'entry') {
      const {type: _, version: __, ...head} = parsed;
      entry = {...head, number, state: 'unfinished'};
    } else if (entry) {
      entry = parsed.type === 'closed' ? closed(entry, parsed) : stepped(entry, parsed.index, parsed);
    }
  }
  return entry;
}

function stepped(
  entry: JournalEntry,
  index: number,
  {state, applied, reason, needs}: StepChange,
): JournalEntry {
  const steps = entry.steps.map((step, at) =>
    at === index
      ? {
          ...step,
          state,
          ...(applied === undefined ? {} : {applied}),
          ...(reason === undefined ? {} : {reason}),
          ...(needs === undefined ? {} : {needs}),
        }
      : step,
  );
  return {...entry, steps, state: entry.state === 'unfinished' ? 'unfinished' : stateOf(steps)};
}

function closed(entry: JournalEntry, {scoreAfter}: {readonly scoreAfter?: number}): JournalEntry {
  const steps = entry.steps.map((step) =>
    step.state === 'written' ? {...step, state: 'done' as const} : step,
  );
  return {...entry, steps, state: stateOf(steps), ...(scoreAfter === undefined ? {} : {scoreAfter})};
}

function stateOf(steps: readonly JournalStep[]): EntryState {
  const states = steps.map(({state}) => state).filter((state) => state !== 'refused' && state !== 'planned');
  const undone = states.filter((state) => state === 'undone').length;
  if (undone === 0) return 'applied';
  return undone === states.length ? 'undone' : 'part undone';
}

function journalKey(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    const key = randomBytes(32);
    try {
      writeDurably(file, key.toString('hex'), 'wx');
    } catch {
      // Another kubekata made it in the same moment.
    }
    return readFileSync(file);
  }
}

function writeDurably(file: string, text: string, flags: 'a' | 'wx'): void {
  const handle = openSync(file, flags, 0o600);
  try {
    const bytes = Buffer.from(text);
    for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** The name of a new file is durable only with its folder. Windows has no such handle, and needs none. */
function flushFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the disk is read-only',
  EACCES: 'its folder may not be written',
  EPERM: 'its folder may not be written',
};

function writeError(cause: unknown): JournalError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const why = reasons[code] ?? (cause instanceof Error ? cause.message : String(cause));
  return new JournalError(`Nothing was applied: the journal can't be written, ${why}.`, {cause});
}
