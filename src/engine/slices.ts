/** Work in small steps: a pause is possible at each `yield`. */
export type Work<T> = Generator<undefined, T>;

/** Does all of it at once. */
export function complete<T>(work: Work<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

export type Slices = {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds of a slice: half of what a frame may take, because a key may come right at its start. */
  readonly length?: number;
  now?(): number;
  /** Lets everything else that waits go first. */
  pause?(): Promise<unknown>;
};

const nextTurn = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));

/** Does it in slices with pauses between, so that keys are answered meanwhile. Rejects once the signal aborts. */
export async function inSlices<T>(work: Work<T>, options: Slices = {}): Promise<T> {
  const {signal, length = 4, now = () => performance.now(), pause = nextTurn} = options;
  for (;;) {
    signal?.throwIfAborted();
    const end = now() + length;
    do {
      const step = work.next();
      if (step.done) return step.value;
    } while (now() < end);
    await pause();
  }
}
