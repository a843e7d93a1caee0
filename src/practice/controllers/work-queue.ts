import type {Clock} from './clock.ts';

/** How long one turn may keep the event loop, in milliseconds. */
const turn = 8;

export type Item = {readonly controller: string; readonly key: string};

/**
 * Keys that wait for their controller, each once, lower levels first: when all pods of a ReplicaSet are started before
 * it is looked at again, its status is written once.
 */
export class WorkQueue {
  readonly #levels: Map<string, Item>[] = [];
  readonly #timers = new Map<string, {readonly at: number; readonly cancel: () => void}>();
  readonly #waiters: (() => void)[] = [];
  readonly #clock: Clock;
  readonly #run: (item: Item) => void;
  #scheduled: NodeJS.Immediate | undefined;
  /** How many answers are waited for. */
  #awaited = 0;
  #stopped = false;

  constructor(clock: Clock, run: (item: Item) => void) {
    this.#clock = clock;
    this.#run = run;
  }

  add(level: number, controller: string, key: string): void {
    if (this.#stopped) return;
    let items = this.#levels[level];
    if (!items) {
      items = new Map();
      this.#levels[level] = items;
    }
    const id = `${controller} ${key}`;
    if (!items.has(id)) items.set(id, {controller, key});
    this.#schedule();
  }

  /** Adds the key later; the earlier of two times wins. */
  addAfter(level: number, controller: string, key: string, milliseconds: number): void {
    if (this.#stopped) return;
    const id = `${controller} ${key}`;
    const at = this.#clock.now() + milliseconds;
    const known = this.#timers.get(id);
    if (known && known.at <= at) return;
    known?.cancel();
    const cancel = this.#clock.after(milliseconds, () => {
      this.#timers.delete(id);
      this.add(level, controller, key);
    });
    this.#timers.set(id, {at, cancel});
  }

  /** Adds the key when another program has answered. */
  addWhen(level: number, controller: string, key: string, answered: Promise<unknown>): void {
    this.#awaited += 1;
    void answered.then(() => {
      this.#awaited -= 1;
      this.add(level, controller, key);
    });
  }

  /** Resolves when nothing waits any more; what a timer will add later does not count. */
  settled(): Promise<void> {
    if (this.#isEmpty() && this.#awaited === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  stop(): void {
    this.#stopped = true;
    for (const items of this.#levels) items?.clear();
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
    clearImmediate(this.#scheduled);
    this.#wake();
  }

  #schedule(): void {
    this.#scheduled ??= setImmediate(() => {
      this.#scheduled = undefined;
      this.#turn();
    });
  }

  #turn(): void {
    const end = performance.now() + turn;
    for (let item = this.#next(); item; item = this.#next()) {
      this.#run(item);
      if (performance.now() > end) break;
    }
    if (!this.#isEmpty()) this.#schedule();
    else if (this.#awaited === 0) this.#wake();
  }

  #next(): Item | undefined {
    for (const items of this.#levels) {
      for (const [id, item] of items ?? []) {
        items.delete(id);
        return item;
      }
    }
    return undefined;
  }

  #isEmpty(): boolean {
    return this.#levels.every((items) => !items || items.size === 0);
  }

  #wake(): void {
    for (const resolve of this.#waiters.splice(0)) resolve();
  }
}
