import {existsSync} from 'node:fs';
import {dirname} from 'node:path';
import {alone, type Locks} from './locks.ts';
import {mergeProgress} from './merge-progress.ts';
import {type Progress, ProgressError, readProgress, writeProgress} from './progress.ts';

/** The file of progress of one session: what others wrote into it since is kept. */
export class ProgressFile {
  readonly #file: string;
  readonly #locks: Locks;
  /** What was read, or written last: all else in the file is of others. */
  #base: Progress;

  /** @param read What the session begins with. */
  constructor(file: string, read: Progress, locks: Locks) {
    this.#file = file;
    this.#base = read;
    this.#locks = locks;
  }

  /** Writes what this session changed over what is there. @throws {ProgressError} */
  async save(ours: Progress): Promise<void> {
    try {
      await alone(dirname(this.#file), this.#locks, async () => {
        // A file that somebody deleted meanwhile comes back whole.
        const theirs = existsSync(this.#file) ? await readProgress(this.#file) : this.#base;
        await writeProgress(this.#file, mergeProgress(this.#base, ours, theirs));
      });
    } catch (error) {
      if (error instanceof ProgressError) throw error;
      const why = error instanceof Error ? error.message : String(error);
      throw new ProgressError(
        `Your progress could not be written to ${this.#file}: ${why}. It is kept while kubekata runs.`,
        {cause: error},
      );
    }
    this.#base = ours;
  }
}
