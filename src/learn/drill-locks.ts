import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import type {Drill} from './drill.ts';
import type {Locks} from './locks.ts';

type Named = Pick<Drill, 'id' | 'onNodes'>;

const nodeFiles = 'node files';
const exam = 'the exam';

/** The drills that this session has open: no other session on the same cluster touches them meanwhile. */
export class DrillLocks {
  readonly #work: string;
  readonly #locks: Locks;
  readonly #held = new Map<string, string>();
  readonly #onNodes = new Set<string>();

  /** @param work The folder with the work folders of drills: one per cluster. */
  constructor(work: string, locks: Locks) {
    this.#work = work;
    this.#locks = locks;
  }

  /** Takes a drill, and with one on node files those of the cluster; false where another session has it. */
  async hold({id, onNodes}: Named): Promise<boolean> {
    if (!(await this.#take(id))) return false;
    if (!onNodes) return true;
    if (await this.#take(nodeFiles)) {
      this.#onNodes.add(id);
      return true;
    }
    this.#drop(id);
    return false;
  }

  /** Gives a drill free; node files with the last drill on them. */
  release({id}: Pick<Drill, 'id'>): void {
    this.#drop(id);
    if (this.#onNodes.delete(id) && this.#onNodes.size === 0) this.#drop(nodeFiles);
  }

  /** Takes the one exam that is under way on this cluster. */
  holdExam(): Promise<boolean> {
    return this.#take(exam);
  }

  releaseExam(): void {
    this.#drop(exam);
  }

  releaseAll(): void {
    for (const name of [...this.#held.keys()]) this.#drop(name);
    this.#onNodes.clear();
  }

  async #take(name: string): Promise<boolean> {
    if (this.#held.has(name)) return true;
    await mkdir(this.#folder(name), {recursive: true, mode: 0o700});
    const id = await this.#locks.acquire(this.#folder(name));
    if (id !== undefined) this.#held.set(name, id);
    return id !== undefined;
  }

  #drop(name: string): void {
    const id = this.#held.get(name);
    if (id !== undefined) this.#locks.release(this.#folder(name), id);
    this.#held.delete(name);
  }

  #folder(name: string): string {
    return join(this.#work, '.locks', name.replaceAll(' ', '-'));
  }
}
