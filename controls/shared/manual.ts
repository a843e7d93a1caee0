import type {Fix} from '../../src/engine/change.ts';
import type {ControlMeta} from '../../src/engine/control.ts';

type Guide = {
  readonly approach: string;
  /** What it does, in one clause. */
  readonly summary: string;
  /** In order; the last one verifies. */
  readonly steps: readonly string[];
  readonly scope?: Fix['scope'];
};

/** A fix that a person does by hand, at what `key` names. */
export const manualFix = (
  meta: ControlMeta,
  key: string,
  {approach, summary, steps, scope = 'object'}: Guide,
): Fix => ({
  approach,
  summary,
  kind: 'manual',
  scope,
  change: {id: `${meta.id} ${approach} ${key}`, steps: []},
  clears: [],
  asks: [],
  steps,
});
