import type {TargetEvent} from '../target.ts';

/** Collects events and hands them over together, once per turn of the event loop. */
export function batches(onEvents: (events: readonly TargetEvent[]) => void): {
  readonly emit: (event: TargetEvent) => void;
  readonly flush: () => void;
} {
  let pending: TargetEvent[] = [];
  let timer: NodeJS.Immediate | undefined;
  const flush = () => {
    if (timer) clearImmediate(timer);
    timer = undefined;
    const events = pending;
    pending = [];
    if (events.length > 0) onEvents(events);
  };
  return {
    emit(event) {
      pending.push(event);
      timer ??= setImmediate(flush);
    },
    flush,
  };
}

/** Runs the work with at most `width` at once; the first failure stops what has not begun and is thrown. */
export async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const run = async () => {
    while (next < items.length) {
      const index = next;
      next += 1;
      try {
        results[index] = await work(items[index]!, index);
      } catch (error) {
        next = items.length;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({length: Math.min(width, items.length)}, run));
  return results;
}
