import {asObject, asString, equal, type JsonObject} from '../engine/json.ts';
import {describe, refId} from '../engine/objects.ts';
import {withoutServerFields} from '../engine/server-fields.ts';
import {
  type Applied,
  type PreviewItem,
  type Target,
  TargetError,
  type TargetProblem,
} from '../target/target.ts';
import {missingNeed, needsSentence} from './depends.ts';
import {isHashed, type Journal} from './journal.ts';
import type {ApplyEvent, JournalEntry, Plan} from './plan.ts';

export type Apply = {
  readonly target: Target;
  readonly plan: Plan;
  readonly journal: Journal;
  /** `C-0034 at the ServiceAccount`: how the history names it. */
  readonly title: string;
  readonly scoreBefore?: number;
  /** Between two steps an abort stops; the entry tells what was written. */
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: ApplyEvent) => void) | undefined;
};

/**
 * Applies a previewed change, journal first. What the server refuses, or what changed meanwhile, is noted; steps that
 * need it are left out, and the rest goes on.
 * @throws {JournalError} nothing (more) was applied. @throws {TargetError} the target was lost: the entry stays open.
 */
export async function applyPlan({
  target,
  plan,
  journal,
  title,
  scoreBefore,
  signal,
  onEvent,
}: Apply): Promise<JournalEntry> {
  const entry = journal.begin(title, plan.items.map(bare), scoreBefore);
  onEvent?.({type: 'journalled', entry});
  const write = (item: PreviewItem) => target.apply(item);
  return writeSteps({write, journal, entry, items: plan.items, signal, onEvent});
}

/** Only what undo needs: remarks are made anew whenever they are shown. */
const bare = ({owner: _, impact: __, text: ___, ...item}: Plan['items'][number]): PreviewItem => item;

type Write = Pick<Apply, 'journal' | 'signal' | 'onEvent'> & {
  readonly entry: JournalEntry;
  readonly items: readonly PreviewItem[];
  /** Writes one step. */
  readonly write: (item: PreviewItem) => Promise<Applied>;
};

async function writeSteps({write, journal, items, signal, onEvent, ...start}: Write): Promise<JournalEntry> {
  let {entry} = start;
  for (const [index, item] of items.entries()) {
    const step = entry.steps[index];
    if (step?.state === 'refused') {
      onEvent?.({type: 'refused', index, ref: item.ref, reason: step.reason ?? '', needs: step.needs});
      continue;
    }
    if (step?.state !== 'planned') continue;
    if (signal?.aborted) break;
    const missing = missingNeed(items, index, (at) => entry.steps[at]?.state === 'refused');
    if (missing) {
      const reason = needsSentence(missing);
      entry = journal.step(entry, index, {state: 'refused', reason, needs: missing});
      onEvent?.({type: 'refused', index, ref: item.ref, reason, needs: missing});
      continue;
    }
    try {
      // A write that has begun is awaited: cut off, nobody would know whether it arrived.
      const applied = await write(item);
      entry = journal.step(entry, index, {state: 'written', applied});
      onEvent?.({type: 'written', index, ref: item.ref});
    } catch (error) {
      const reason = refusalOf(error);
      if (reason === undefined) throw error;
      entry = journal.step(entry, index, {state: 'refused', reason});
      onEvent?.({type: 'refused', index, ref: item.ref, reason});
    }
  }
  entry = journal.close(entry);
  onEvent?.({type: 'finished', entry});
  return entry;
}

/** Why this one step was not written, while the next may be; undefined where the target itself is the problem. */
export function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof TargetError) || !oneStep.has(error.problem)) return undefined;
  return [error.message, ...error.details].join(' ');
}

const oneStep: ReadonlySet<TargetProblem> = new Set([
  'conflict',
  'gone',
  'rejected',
  'forbidden',
  'unsupported',
  'unreadable',
]);

export type Finish = Pick<Apply, 'target' | 'journal' | 'signal' | 'onEvent'> & {
  readonly entry: JournalEntry;
};

/**
 * Writes what an entry that kubekata was stopped in still plans. What it had written without being able to note it is
 * found and noted, not written twice. @throws {JournalError | TargetError}
 */
export const finishEntry = ({target, entry, ...how}: Finish): Promise<JournalEntry> =>
  writeSteps({
    ...how,
    entry,
    items: entry.steps.map(({item}) => item),
    write: (item) => resume(target, item),
  });

async function resume(target: Target, item: PreviewItem): Promise<Applied> {
  const {step, ref, before, after} = item;
  const live = step.do === 'file' ? undefined : await target.read(ref);
  const uid = asString(asObject(live?.metadata).uid);
  const noted: Applied = {ref, before, after, warnings: [], ...(uid ? {uid} : {})};
  if (step.do === 'create' && live && equal(withoutServerFields(live), after)) return noted;
  if (step.do === 'delete' && live === undefined) return noted;
  if (step.do === 'recreate' && live === undefined && after)
    return {...(await makeAgain(target, item, after)), before};
  const applied = await target.apply(comparable(item));
  // Nothing had to be written any more: what it was before is what the preview saw.
  return equal(applied.before, applied.after) ? {...applied, before} : applied;
}

/** It was deleted, and kubekata stopped before it could create it. */
async function makeAgain(target: Target, {ref}: PreviewItem, base: JsonObject): Promise<Applied> {
  const step = {do: 'create', id: refId(ref), object: {base}} as const;
  const [item] = await target.preview({id: 'make again', steps: [step]});
  if (item === undefined || item.rejection !== undefined) {
    throw new TargetError('rejected', `${describe(ref)} could not be made again.`, [item?.rejection ?? '']);
  }
  return target.apply(item);
}

/** Hashes of credentials can't be compared by the target: the uid and the other values still are. */
const comparable = (item: PreviewItem): PreviewItem => ({
  ...item,
  expected: {...item.expected, values: item.expected.values.filter(({value}) => !isHashed(value))},
});
