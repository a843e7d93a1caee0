/** Repeated measurements of one thing, in one unit. */
export type Samples = readonly number[];

export const percentile = (samples: Samples, share: number): number => {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
};

export const median = (samples: Samples): number => percentile(samples, 0.5);

export type Row = {
  readonly what: string;
  readonly unit: 'ms' | 'MiB';
  readonly samples: Samples;
  /** Budget of the median, and of the 95th percentile where there is one. */
  readonly budget: number;
  readonly budget95?: number;
};

export const isMet = ({samples, budget, budget95}: Row): boolean =>
  median(samples) <= budget && (budget95 === undefined || percentile(samples, 0.95) <= budget95);

const number = (value: number): string => (value < 10 ? value.toFixed(1) : value.toFixed(0));

/** One line: what, median with spread, budget, and whether it is met. */
export function formatRow(row: Row): string {
  const {what, unit, samples, budget, budget95} = row;
  const spread = `${number(Math.min(...samples))} to ${number(Math.max(...samples))}`;
  const second = budget95 === undefined ? '' : `, p95 ${number(percentile(samples, 0.95))} of ${budget95}`;
  return [
    what.padEnd(58),
    `${number(median(samples))} ${unit}`.padStart(9),
    ` of ${budget}${second}`.padEnd(22),
    `(${spread}, n=${samples.length})`.padEnd(26),
    isMet(row) ? 'met' : 'MISSED',
  ].join(' ');
}
