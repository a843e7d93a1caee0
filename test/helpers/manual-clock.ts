import type {Clock} from '../../src/practice/controllers/clock.ts';

/** Time that stands still until it is moved on. */
export class ManualClock implements Clock {
  #now = Date.now();
  readonly #tasks = new Set<{readonly at: number; readonly task: () => void}>();

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, task: () => void): () => void {
    const entry = {at: this.#now + milliseconds, task};
    this.#tasks.add(entry);
    return () => this.#tasks.delete(entry);
  }

  /** Runs what is due, in order, and calls `settle` after each. */
  async advance(milliseconds: number, settle: () => Promise<void>): Promise<void> {
    const end = this.#now + milliseconds;
    for (;;) {
      const next = [...this.#tasks].filter(({at}) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#tasks.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.task();
      await settle();
    }
    this.#now = end;
    await settle();
  }
}
