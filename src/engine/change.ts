import type {Json, JsonObject} from './json.ts';
import {type Ref, refId} from './objects.ts';
import type {Path} from './path.ts';
import {complete, type Work} from './slices.ts';

/** What only a person, or a measurement, can tell: a CPU limit, the role that a subject needs. */
export type Question = {
  readonly id: string;
  /** `memory limit`: a few words. */
  readonly label: string;
  /** `number`: a whole number, set as one. */
  readonly type: 'quantity' | 'number' | 'text' | 'choice';
  readonly choices?: readonly string[];
  /** Taken unless the person says otherwise; absent where nothing is known. */
  readonly suggestion?: string;
  /** Where the suggestion is from, or why there is none: `largest use 310Mi and half again`. */
  readonly reason: string;
};

/** A value to set. A credential is referred to (`from`), never carried. */
export type Value =
  | {readonly json: Json}
  | {
      readonly from: Ref;
      readonly path: Path;
      readonly encode?: 'base64';
      /** Where it stands encoded: undo takes a value back out of a Secret. */
      readonly decode?: 'base64';
    }
  /** So many fresh random bytes as base64, made when they are written: a key that nobody has seen. */
  | {readonly random: number}
  | {readonly ask: Question};

export type Edit =
  | {readonly op: 'set'; readonly path: Path; readonly value: Value}
  | {readonly op: 'remove'; readonly path: Path};

/** An object to create. Its values may be questions, so it is written as edits on a skeleton. */
export type Template = {readonly base: JsonObject; readonly edits?: readonly Edit[]};

/**
 * What a step on disk replaced, comments and all: its undo puts it back where the text is still as the step left it.
 * Offsets are those of the object's document; of the file, for a document that was deleted.
 */
export type OriginalText = {
  readonly file: string;
  readonly at: number;
  readonly removed: string;
  readonly added: string;
  /** SHA-256 of the document, or the file, after the step. */
  readonly hash: string;
};

export type Step =
  | {
      readonly do: 'edit' | 'recreate';
      readonly object: Ref;
      readonly edits: readonly Edit[];
      /** For an undo. */
      readonly original?: OriginalText;
    }
  /** Same `id` in two fixes: one object. */
  | {
      readonly do: 'create';
      readonly id: string;
      readonly object: Template;
      /** For an undo. */
      readonly original?: OriginalText;
    }
  | {readonly do: 'delete'; readonly object: Ref}
  /** A YAML file of a node, by its absolute path there. Set at the empty path makes it, remove there takes it away. */
  | {readonly do: 'file'; readonly node: string; readonly file: string; readonly edits: readonly Edit[]};

/** Ordered steps, previewed and applied as one: the Secret before its reference. */
export type Change = {readonly id: string; readonly steps: readonly Step[]};

/** automatic: no behaviour changes. review: behaviour may change. recreate: interrupts. manual: told in steps. */
export type FixKind = 'automatic' | 'review' | 'recreate' | 'manual';

export type Fix = {
  /** Fixes of one control with the same approach are offered as one choice: `at the ServiceAccount`. */
  readonly approach: string;
  /** What it does in one short clause: `sets it to false, restarts nothing`. */
  readonly summary: string;
  readonly kind: FixKind;
  readonly scope: 'object' | 'account' | 'namespace' | 'cluster';
  readonly change: Change;
  /** What a rescan will not find any more: exactly, tested. */
  readonly clears: readonly string[];
  readonly asks: readonly Question[];
  /** What may behave differently, in a sentence; present for review and recreate. */
  readonly consequence?: string;
  /** What the person does by hand, in order, with the command that verifies it last; present for manual. */
  readonly steps?: readonly string[];
};

/** Several fixes as one change: edits are grouped per object, equal creates become one, what is created comes first. */
export const mergeChanges = (id: string, changes: readonly Change[]): Change =>
  complete(mergingChanges(id, changes));

/** The same, step by step. */
export function* mergingChanges(id: string, changes: readonly Change[]): Work<Change> {
  const steps: Step[] = [];
  const at = new Map<string, number>();
  for (const step of changes.flatMap((change) => change.steps)) {
    yield;
    const key = stepKey(step);
    const index = at.get(key);
    const known = index === undefined ? undefined : steps[index];
    if (index === undefined || known === undefined) {
      at.set(key, steps.length);
      steps.push(step);
    } else if ('edits' in known && 'edits' in step) {
      const edits = [
        ...known.edits,
        ...step.edits.filter((edit) => !known.edits.some((one) => sameEdit(one, edit))),
      ];
      const recreate = known.do === 'recreate' || step.do === 'recreate';
      steps[index] =
        known.do === 'file' ? {...known, edits} : {...known, do: recreate ? 'recreate' : 'edit', edits};
    }
  }
  return {id, steps: changes.length > 1 ? createdFirst(steps) : steps};
}

/**
 * Edits of several fixes were grouped at the first that touches the object, so a Secret that a later fix makes from a
 * value of that object would come too late: what is created stands before what is edited or deleted.
 */
const createdFirst = (steps: readonly Step[]): readonly Step[] => [
  ...steps.filter(makes),
  ...steps.filter((step) => !makes(step)),
];

/** A new object, or a file of a node that is written whole: a flag may name it. */
const makes = (step: Step): boolean =>
  step.do === 'create' ||
  (step.do === 'file' && step.edits.some(({op, path}) => op === 'set' && path.length === 0));

const sameEdit = (a: Edit, b: Edit): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Names what a step touches: equal for two steps that belong together. */
export function stepKey(step: Step): string {
  if (step.do === 'create') return `create ${step.id}`;
  if (step.do === 'file') return `file ${step.node} ${step.file}`;
  return step.do === 'delete' ? `delete ${refId(step.object)}` : `edit ${refId(step.object)}`;
}

/** The questions of a change, each once. */
export function questionsOf(change: Change): readonly Question[] {
  const found = new Map<string, Question>();
  for (const step of change.steps) {
    const edits = step.do === 'create' ? (step.object.edits ?? []) : 'edits' in step ? step.edits : [];
    for (const edit of edits) {
      if (edit.op === 'set' && 'ask' in edit.value && !found.has(edit.value.ask.id)) {
        found.set(edit.value.ask.id, edit.value.ask);
      }
    }
  }
  return [...found.values()];
}
