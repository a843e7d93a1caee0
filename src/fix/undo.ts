import type {Edit, OriginalText, Step, Value} from '../engine/change.ts';
import {inverse} from '../engine/edits.ts';
import type {Inventory} from '../engine/inventory.ts';
import {asObject, asString, equal, type Json, type JsonObject} from '../engine/json.ts';
import {describe, type Ref, refId} from '../engine/objects.ts';
import {formatPath, getAt, type Path} from '../engine/path.ts';
import {withoutServerFields} from '../engine/server-fields.ts';
import {plainText} from '../engine/text.ts';
import type {Target} from '../target/target.ts';
import {refusalOf} from './apply.ts';
import {needs} from './depends.ts';
import type {Journal} from './journal.ts';
import type {JournalEntry, JournalStep, Plan, Remark} from './plan.ts';
import {preparePlan} from './prepare.ts';
import {usersOf} from './references.ts';
import {isRestart} from './restart.ts';
import {backOfMadeFile} from './undo-file.ts';

export type Undo = {
  readonly entry: JournalEntry;
  readonly plan: Plan;
  /** For each step of the plan, the index of the journal's step that it takes back. */
  readonly takesBack: readonly number[];
  /** Steps that are back already, or whose object is gone: nothing to do for them. */
  readonly already: readonly number[];
  /** What stays as it is, and why: full sentences, by index of the journal's step. */
  readonly stays: ReadonlyMap<number, string>;
};

export type PrepareUndo = {
  readonly target: Target;
  readonly inventory: Inventory;
  readonly entry: JournalEntry;
  /** For what later changes did to the same fields, and to compare credentials. */
  readonly journal: Journal;
  readonly signal?: AbortSignal | undefined;
};

/** What undoing one step takes: a step of the new change, nothing any more, or a reason why it stays. */
type Back =
  | {readonly step: Step; readonly stays?: string}
  | {readonly stays: string}
  | {readonly already: true};

/**
 * Previews taking back what an entry of the journal wrote, last step first. Fields that someone changed since stay, by
 * name. @throws {TargetError}
 */
export async function undoPlan({target, inventory, entry, journal, signal}: PrepareUndo): Promise<Undo> {
  const steps: Step[] = [];
  const takesBack: number[] = [];
  const already: number[] = [];
  const stays = new Map<number, string>();
  const undoing = new Set(entry.steps.map(({item}) => refId(item.ref)));
  for (const [index, done] of [...entry.steps.entries()].reverse()) {
    const isOpen = entry.state === 'unfinished' && done.state === 'planned';
    if (!isOpen && done.state !== 'written' && done.state !== 'done') continue;
    const live = await target.read(done.item.ref, signal);
    const back = backOf(done, live, {entry, journal, inventory, undoing, isOpen});
    if ('already' in back) already.push(index);
    if ('stays' in back && back.stays !== undefined) stays.set(index, back.stays);
    if ('step' in back) {
      steps.push(back.step);
      takesBack.push(index);
    }
  }
  restartsLast(steps, takesBack);
  const change = {id: `undo ${entry.number}`, steps};
  const plan = await preparePlan({target, inventory, change, signal});
  const left: readonly Remark[] = [...stays.values()].map((text) => ({mark: 'look', text}));
  return {entry, plan: {...plan, owners: [...left, ...plan.owners]}, takesBack, already, stays};
}

/** Pods start anew when all else is back: started before, they would take over what is being taken back. */
function restartsLast(steps: Step[], takesBack: number[]): void {
  const pairs = steps.map((step, at) => ({step, index: takesBack[at]!}));
  const ordered = [
    ...pairs.filter(({step}) => !isRestart(step)),
    ...pairs.filter(({step}) => isRestart(step)),
  ];
  for (const [at, {step, index}] of ordered.entries()) {
    steps[at] = step;
    takesBack[at] = index;
  }
}

type Context = Pick<PrepareUndo, 'entry' | 'journal' | 'inventory'> & {
  readonly undoing: ReadonlySet<string>;
  /** kubekata was stopped before it could note whether this step was written. */
  readonly isOpen: boolean;
};

function backOf(done: JournalStep, live: JsonObject | undefined, context: Context): Back {
  const {step, ref} = done.item;
  switch (step.do) {
    case 'create':
      return backOfCreate(done, live, context);
    case 'delete':
      return backOfDelete(done, live);
    case 'edit':
    case 'recreate':
      return backOfEdit(done, step, live, context);
    case 'file': {
      const made = backOfMadeFile(done, step, live);
      if (made !== undefined) return made;
      const back = backOfEdit(done, {do: 'edit', object: ref, edits: step.edits}, live, context);
      return 'step' in back && back.step.do === 'edit'
        ? {...back, step: {...step, edits: back.step.edits}}
        : back;
    }
  }
}

const uidOf = (object: JsonObject | undefined): string => asString(asObject(object?.metadata).uid);
const beforeOf = ({applied, item}: JournalStep): JsonObject | undefined => applied?.before ?? item.before;
const afterOf = ({applied, item}: JournalStep): JsonObject | undefined => applied?.after ?? item.after;

function backOfCreate(done: JournalStep, live: JsonObject | undefined, context: Context): Back {
  const {ref} = done.item;
  const name = describe(ref);
  if (live === undefined) return {already: true};
  if (done.applied?.uid !== undefined && done.applied.uid !== uidOf(live)) {
    return {stays: `${name} was deleted and made again by someone else, so it stays.`};
  }
  if (!equal(withoutServerFields(live), afterOf(done))) {
    return {stays: `${name} was changed since by someone else, so it stays.`};
  }
  const users = usersOf(ref, context.inventory).filter((user) => !context.undoing.has(user.id));
  if (users.length > 0) {
    const list = users.slice(0, 3).map(describe).join(', ');
    return {
      stays: `${name} is used by ${list}${users.length > 3 ? ` and ${users.length - 3} more` : ''}, so it stays.`,
    };
  }
  return {step: {do: 'delete', object: ref}};
}

function backOfDelete(done: JournalStep, live: JsonObject | undefined): Back {
  const {ref} = done.item;
  const before = beforeOf(done);
  if (live !== undefined) {
    return uidOf(live) === (done.applied?.uid ?? done.item.expected.uid)
      ? {already: true}
      : {stays: `${describe(ref)} was made again by someone else, so it stays.`};
  }
  if (before === undefined || holdsRedacted(before)) {
    return {
      stays: `${describe(ref)} held a credential, which the journal does not keep: it can't be made again.`,
    };
  }
  const step: Step = {do: 'create', id: `undo ${refId(ref)}`, object: {base: before}, ...originalIn(done)};
  return {step};
}

function backOfEdit(
  done: JournalStep,
  step: Step & {readonly do: 'edit' | 'recreate'},
  live: JsonObject | undefined,
  context: Context,
): Back {
  const {ref} = done.item;
  const name = describe(ref);
  const before = beforeOf(done);
  const after = afterOf(done);
  if (live === undefined && step.do === 'recreate' && context.isOpen) return backOfDelete(done, live);
  if (live === undefined) return {stays: `${name} is gone, so there is nothing to take back.`};
  const uid = done.applied?.uid ?? (step.do === 'edit' ? done.item.expected.uid : undefined);
  if (uid !== undefined && uid !== uidOf(live)) {
    return {stays: `${name} was deleted and made again by someone else, so it stays.`};
  }
  if (before === undefined || after === undefined) return {already: true};
  const edits: Edit[] = [];
  const reasons: string[] = [];
  for (const edit of plainEdits(step.edits).toReversed()) {
    const now = getAt(live, edit.path);
    if (equal(now, getAt(before, edit.path)) && !equal(getAt(after, edit.path), now)) continue;
    if (!equal(now, getAt(after, edit.path))) {
      reasons.push(changedSentence(name, ref, edit.path, live, after, context));
      continue;
    }
    const back = backEdit(before, after, live, edit);
    if (back === undefined) continue;
    const value = back.op === 'set' ? restored(back, ref, context.entry) : back;
    if (value === undefined) {
      reasons.push(
        `${name}: ${formatPath(edit.path, live)} held a credential, which the journal does not keep: set it by hand.`,
      );
    } else if (!edits.some((other) => equal(other as Json, value as Json))) edits.push(value);
  }
  const stays = reasons.length > 0 ? {stays: reasons.join(' ')} : {};
  if (edits.length > 0) {
    // Where something stays, the text is not what it was.
    const original = reasons.length > 0 ? {} : originalIn(done);
    return {step: {do: step.do, object: ref, edits, ...original}, ...stays};
  }
  return reasons.length > 0 ? {stays: reasons.join(' ')} : {already: true};
}

/** On disk: the text that the step replaced. */
const originalIn = ({applied}: JournalStep): {readonly original?: OriginalText} =>
  applied?.original === undefined ? {} : {original: applied.original};

/** The values that were set do not matter for the way back, only where: what was referred to needs no reading. */
const plainEdits = (edits: readonly Edit[]): readonly Edit[] =>
  edits.map((edit) =>
    edit.op === 'set' && !('json' in edit.value)
      ? {...edit, value: {json: `moved ${JSON.stringify(edit.path)}`}}
      : edit,
  );

/**
 * The edit that takes one back. Parents that `set` made go with it, unless someone has put something beside it since:
 * then only what is ours goes.
 */
function backEdit(before: JsonObject, after: JsonObject, live: JsonObject, edit: Edit): Edit | undefined {
  if (edit.op === 'remove') {
    const old = getAt(before, edit.path);
    return old === undefined ? undefined : inverse(before, [edit])[0];
  }
  const {path} = edit;
  for (let length = 1; length <= path.length; length += 1) {
    const prefix = path.slice(0, length);
    const old = getAt(before, prefix);
    if (old === undefined) {
      if (equal(getAt(live, prefix), getAt(after, prefix)) || length === path.length)
        return {op: 'remove', path: prefix};
    } else if (length === path.length) return {op: 'set', path, value: {json: old}};
  }
  return undefined;
}

/** A credential comes back from where the fix put it: the Secret that this very change made. */
function restored(edit: Edit & {readonly op: 'set'}, ref: Ref, entry: JournalEntry): Edit | undefined {
  if (!('json' in edit.value) || !holdsRedacted(edit.value.json)) return edit;
  for (const {item, state} of entry.steps) {
    if (item.step.do !== 'create' || state === 'refused') continue;
    for (const source of item.step.object.edits ?? []) {
      if (source.op !== 'set' || !('from' in source.value)) continue;
      if (refId(source.value.from) !== refId(ref) || !equal(source.value.path as Json, edit.path as Json))
        continue;
      const value: Value = {
        from: item.ref,
        path: source.path,
        ...(source.value.encode ? {decode: 'base64'} : {}),
      };
      return {...edit, value};
    }
  }
  return undefined;
}

const redactedText = /^\*\*\* \(\d+ chars\)$/;

/** Whether a credential stood here, of which only the length is kept. */
function holdsRedacted(value: Json): boolean {
  if (typeof value === 'string') return redactedText.test(value);
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).some((item: Json) => holdsRedacted(item))
  );
}

function changedSentence(
  name: string,
  ref: Ref,
  path: Path,
  live: JsonObject,
  after: JsonObject,
  {entry, journal}: Context,
): string {
  const field = formatPath(path, live);
  const later = journal
    .entries()
    .find(
      (other) =>
        other.number > entry.number &&
        other.state === 'applied' &&
        other.steps.some(
          ({item}) =>
            refId(item.ref) === refId(ref) && 'edits' in item.step && touches(item.step.edits, path),
        ),
    );
  if (later) return `${name}: change ${later.number} set ${field} too. Undo ${later.number} first.`;
  const now = shortly(getAt(live, path));
  return `${name}: ${field} is ${now} now, not ${shortly(getAt(after, path))} as this change left it, so undo leaves it alone.`;
}

const touches = (edits: readonly Edit[], path: Path): boolean =>
  edits.some((edit) =>
    edit.path.length <= path.length
      ? equal(path.slice(0, edit.path.length) as Json, edit.path as Json)
      : equal(edit.path.slice(0, path.length) as Json, path as Json),
  );

function shortly(value: Json | undefined): string {
  if (value === undefined) return 'not set';
  const text = plainText(typeof value === 'string' ? value : JSON.stringify(value));
  return text.length > 40 ? `${text.slice(0, 39)}⋯` : text;
}

export type ApplyUndo = {
  readonly target: Target;
  readonly undo: Undo;
  readonly journal: Journal;
  readonly signal?: AbortSignal | undefined;
};

/**
 * Writes a previewed undo, and notes each step in the entry that it takes back: an undo that was cut off goes on where it
 * stopped. @throws {JournalError | TargetError}
 */
export async function applyUndo({target, undo, journal, signal}: ApplyUndo): Promise<JournalEntry> {
  let {entry} = undo;
  if (entry.state === 'unfinished') entry = journal.close(entry);
  for (const index of undo.already) entry = journal.step(entry, index, {state: 'undone'});
  const kept = new Set<number>();
  for (const [at, index] of undo.takesBack.entries()) {
    const item = undo.plan.items[at];
    if (item === undefined || signal?.aborted) break;
    const stays = undo.stays.get(index);
    const needed = neededStill(entry, index, kept);
    try {
      if (item.rejection !== undefined) throw new Rejected(item.rejection);
      if (needed) throw new Rejected(`${describe(needed)} stays as it is, and needs it.`);
      await target.apply(item);
      entry = journal.step(entry, index, {
        state: stays === undefined ? 'undone' : 'done',
        ...(stays ? {reason: stays} : {}),
      });
    } catch (error) {
      const reason = error instanceof Rejected ? error.message : refusalOf(error);
      if (reason === undefined) throw error;
      entry = journal.step(entry, index, {state: 'done', reason});
      kept.add(index);
    }
  }
  for (const [index, reason] of undo.stays) {
    if (!undo.takesBack.includes(index)) entry = journal.step(entry, index, {state: 'done', reason});
  }
  return entry;
}

/** What a step could not be taken back of, and which needs what this one would take back now. */
function neededStill(entry: JournalEntry, index: number, kept: ReadonlySet<number>): Ref | undefined {
  const own = entry.steps[index]?.item;
  const user = [...kept].find((at) => {
    const other = entry.steps[at]?.item;
    return own && other && at > index && needs(other, own);
  });
  return user === undefined ? undefined : entry.steps[user]?.item.ref;
}

class Rejected extends Error {}
