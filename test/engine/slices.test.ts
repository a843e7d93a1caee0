import {describe, expect, it} from 'vitest';
import {complete, inSlices, type Work} from '../../src/engine/slices.ts';

function* counting(to: number, done: number[] = []): Work<number> {
  for (let step = 1; step <= to; step += 1) {
    done.push(step);
    yield;
  }
  return to;
}

/** A clock that each step moves on, and a note of how much was done at each pause. */
function clock(done: readonly number[], stepTime: number) {
  const pauses: number[] = [];
  return {
    pauses,
    options: {
      length: 4,
      now: () => done.length * stepTime,
      pause: async () => pauses.push(done.length),
    },
  };
}

describe('work in slices', () => {
  it('pauses after each slice, and ends as it does without', async () => {
    const done: number[] = [];
    const {options, pauses} = clock(done, 1);
    expect(await inSlices(counting(10, done), options)).toBe(complete(counting(10)));
    expect(pauses).toEqual([4, 8]);
  });

  it('pauses after each step that takes longer than a slice', async () => {
    const done: number[] = [];
    const {options, pauses} = clock(done, 100);
    await inSlices(counting(3, done), options);
    expect(pauses).toEqual([1, 2, 3]);
  });

  it('does not pause where it fits into one slice', async () => {
    const done: number[] = [];
    const {options, pauses} = clock(done, 0.1);
    await inSlices(counting(10, done), options);
    expect(pauses).toEqual([]);
  });

  it('ends at the next pause once nobody waits for it', async () => {
    const done: number[] = [];
    const {options} = clock(done, 1);
    const abort = new AbortController();
    const pause = async () => done.length >= 8 && abort.abort();
    await expect(inSlices(counting(100, done), {...options, pause, signal: abort.signal})).rejects.toThrow();
    expect(done).toHaveLength(8);
  });
});
