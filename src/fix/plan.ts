import type {Change} from '../engine/change.ts';
import type {Ref} from '../engine/objects.ts';
import type {Applied, PreviewItem} from '../target/target.ts';

/** passed: fine. look: look closer. failed: it breaks, or is refused. same: no change. */
export type Mark = 'passed' | 'look' | 'failed' | 'same';

/** One line of an answer: a full sentence that names the object, the value seen and the next step. */
export type Remark = {readonly mark: Mark; readonly text: string; readonly object?: Ref};

/** Who owns an object so that a live change would be reverted, or undefined. */
export type Owner = {
  readonly tool: 'Helm' | 'Argo CD' | 'Flux' | 'OLM' | 'controller' | 'static pod';
  /** Release, application, kustomization or owner: `argocd`, `EventBus/default`. */
  readonly name: string;
};

export type PlanItem = PreviewItem & {
  readonly owner: Owner | undefined;
  /** What this object alone could break; `passed` remarks are left out. */
  readonly impact: readonly Remark[];
};

/** A change, previewed: everything that a person needs before the decision, except the score (the scanner's). */
export type Plan = {
  readonly change: Change;
  readonly answers: ReadonlyMap<string, string>;
  readonly items: readonly PlanItem[];
  /** Three of the four answers, `failed` before `look` before `passed`; never empty. */
  readonly server: readonly Remark[];
  readonly breaks: readonly Remark[];
  readonly owners: readonly Remark[];
};

export type EntryState = 'applied' | 'undone' | 'part undone' | 'unfinished';

/** An entry of the journal: one applied change, enough to undo it. */
export type JournalEntry = {
  /** 1, 2, 3, … per target. */
  readonly number: number;
  /** ISO time. */
  readonly at: string;
  /** `C-0034 at the ServiceAccount`. */
  readonly title: string;
  readonly state: EntryState;
  readonly scoreBefore?: number;
  readonly scoreAfter?: number;
  readonly steps: readonly JournalStep[];
};

export type JournalStep = {
  readonly state: 'planned' | 'written' | 'done' | 'undone' | 'refused';
  readonly item: PreviewItem;
  readonly applied?: Applied;
  /** Why it was refused, or why undo left it alone. */
  readonly reason?: string;
  /** Left out, since the step of this object was refused. */
  readonly needs?: Ref;
};

export type ApplyEvent =
  | {readonly type: 'journalled'; readonly entry: JournalEntry}
  | {readonly type: 'written'; readonly index: number; readonly ref: Ref}
  | {
      readonly type: 'refused';
      readonly index: number;
      readonly ref: Ref;
      readonly reason: string;
      readonly needs?: Ref | undefined;
    }
  | {readonly type: 'finished'; readonly entry: JournalEntry};
