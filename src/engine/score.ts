import type {Framework} from './control.ts';

/** What a control found over all that it counts. */
export type Tally = {readonly all: number; readonly failed: number; readonly excluded: number};

/** Percent of counted objects that do not fail; 100 when nothing is relevant. Excluded ones count as passed. */
export const compliance = ({all, failed}: Tally): number => (all === 0 ? 100 : (100 * (all - failed)) / all);

/**
 * A framework's score from the tallies of its evaluated controls, 0 to 100; undefined when none was evaluated.
 * `mean`: the mean of their compliance. `sum`: over all verdicts at once, as the editions of 2021 printed it.
 */
export function frameworkScore(scoring: Framework['scoring'], tallies: readonly Tally[]): number | undefined {
  if (tallies.length === 0) return undefined;
  if (scoring === 'mean') return tallies.reduce((sum, tally) => sum + compliance(tally), 0) / tallies.length;
  const all = tallies.reduce((sum, tally) => sum + tally.all, 0);
  const failed = tallies.reduce((sum, tally) => sum + tally.failed, 0);
  return compliance({all, failed, excluded: 0});
}

/** The score as a number that is shown: whole points for `sum`, two decimals for `mean`; cut, never rounded up. */
export function shownScore(scoring: Framework['scoring'], score: number): number {
  const digits = scoring === 'sum' ? 1 : 100;
  return Math.floor(score * digits + 1e-9) / digits;
}

/** As shown on screen: whole points for `sum`, one decimal for `mean`; cut, never rounded up. */
export function formatScore(scoring: Framework['scoring'], score: number | undefined): string {
  if (score === undefined) return '-';
  if (scoring === 'sum' || score === 100) return String(shownScore('sum', score));
  return (Math.floor(score * 10 + 1e-9) / 10).toFixed(1);
}
