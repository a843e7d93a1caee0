import type {Change} from '../../engine/change.ts';
import {EditError, UnresolvedError} from '../../engine/edits.ts';
import {simulate, withChange} from '../../engine/simulate.ts';
import type {Scanned} from '../scan.ts';
import type {Outlook} from './show.ts';

/** The scores with a change; where it can't be computed, as they are. */
export function scoreOutlook(
  {inventory, scanner, result}: Scanned,
  change: Change,
  answers: ReadonlyMap<string, string>,
): Outlook {
  try {
    const simulated = simulate(inventory, change, answers);
    return withChange(inventory, scanner, simulated, (after) => ({before: result, after}));
  } catch (error) {
    if (error instanceof UnresolvedError || error instanceof EditError)
      return {before: result, after: result};
    throw error;
  }
}
