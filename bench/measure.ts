/** Repeated measurements of one thing, in one unit. */
export type Samples = readonly number[];

export const percentile = (samples: Samples, share: number): number => {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
};

export const median = (samples: Samples): number => percentile(samples, 0.5);

export type Row = {
  readonly what: string;
  readonly unit: 'ms' | 'MiB' | 'bytes' | 'kB' | 'exponent';
  readonly samples: Samples;
  /** Of the median, and of the 95th percentile where there is one; absent where the plan sets none. */
  readonly budget?: number;
  readonly budget95?: number;
  /** Processor time of the same runs, ms: what a loaded machine does not change much. */
  readonly cpu?: Samples;
};

/** What could not be measured, and why: a full sentence. */
export type Missing = {readonly what: string; readonly why: string};

export type Outcome = Row | Missing;

export const isRow = (outcome: Outcome): outcome is Row => 'samples' in outcome;

export const isMet = ({samples, budget, budget95}: Row): boolean =>
  (budget === undefined || median(samples) <= budget) &&
  (budget95 === undefined || percentile(samples, 0.95) <= budget95);

const number = (value: number): string => (value < 10 ? value.toFixed(1) : value.toFixed(0));

/** One line: what, median with spread, budget, and whether it is met. */
export function formatOutcome(outcome: Outcome): string {
  if (!isRow(outcome)) return `${outcome.what.padEnd(58)} not measured: ${outcome.why}`;
  const {what, unit, samples, budget, budget95, cpu} = outcome;
  const spread = `${number(Math.min(...samples))} to ${number(Math.max(...samples))}`;
  const second = budget95 === undefined ? '' : `, p95 ${number(percentile(samples, 0.95))} of ${budget95}`;
  const first = budget === undefined ? '' : ` of ${budget}`;
  return [
    what.padEnd(58),
    `${number(median(samples))} ${unit}`.padStart(14),
    `${first}${second}`.padEnd(22),
    (cpu ? `cpu ${number(median(cpu))} ms` : '').padEnd(12),
    `(${spread}, n=${samples.length})`.padEnd(26),
    budget === undefined ? '' : isMet(outcome) ? 'met' : 'MISSED',
  ].join(' ');
}

/** Exponent of the power that fits the points: 1 is linear, 2 is quadratic. */
export function exponent(points: readonly (readonly [size: number, time: number])[]): number {
  const logs = points.map(([size, time]) => [Math.log(size), Math.log(time)] as const);
  const mean = (index: 0 | 1): number => logs.reduce((sum, point) => sum + point[index], 0) / logs.length;
  const [meanSize, meanTime] = [mean(0), mean(1)];
  const both = logs.reduce((sum, [size, time]) => sum + (size - meanSize) * (time - meanTime), 0);
  return both / logs.reduce((sum, [size]) => sum + (size - meanSize) ** 2, 0);
}

/** Waits for work at most `seconds`. @throws {Error} that names what took too long. */
export async function within<T>(seconds: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took more than ${seconds} s.`)), seconds * 1000);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Measures; what fails or takes too long becomes a row that says so. */
export async function attempt(
  what: string,
  seconds: number,
  measure: () => Promise<readonly Outcome[]>,
): Promise<readonly Outcome[]> {
  try {
    return await within(seconds, what, measure());
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [{what, why: message.split('\n')[0] ?? message}];
  }
}
