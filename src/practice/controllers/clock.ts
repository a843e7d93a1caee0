/** Time as the controllers see it: tests drive one of their own. */
export type Clock = {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls the task once, after that many milliseconds. Returns the function that calls it off. */
  after(milliseconds: number, task: () => void): () => void;
};

const longestTimer = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, task) {
    const timer = setTimeout(task, Math.min(milliseconds, longestTimer));
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** As objects carry it: `2026-05-02T08:14:06Z`. */
export const timestamp = (milliseconds: number): string =>
  `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;

/** Milliseconds since 1970 of a timestamp; 0 where there is none. */
export const timeOf = (text: string | undefined): number => (text === undefined ? 0 : Date.parse(text) || 0);
