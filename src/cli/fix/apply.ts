import {describe} from '../../engine/objects.ts';
import {plainText} from '../../engine/text.ts';
import {applyPlan} from '../../fix/apply.ts';
import type {Chosen} from '../../fix/choose.ts';
import {changeOfAll, compose, unitsOf} from '../../fix/compose.ts';
import {describeOwner} from '../../fix/ownership.ts';
import type {JournalEntry, Plan, PlanItem} from '../../fix/plan.ts';
import {preparePlan} from '../../fix/prepare.ts';
import type {TargetEvent} from '../../target/target.ts';
import type {TargetChoice} from '../choice.ts';
import {exitCodes} from '../exit-codes.ts';
import {say} from '../stdout.ts';
import {guarded} from './guard.ts';
import {settledEvents} from './settled.ts';
import {scoreChange} from './show.ts';
import {chooseOn, exitCodeOf, forecast, kindsOf, stateOf, summary, type Work} from './work.ts';

/** Applies without asking: automatic fixes, and what `--include` adds. Returns the exit code. */
export async function applyAll(work: Work, events: readonly TargetEvent[]): Promise<number> {
  const {target, request, signal} = work;
  const state = stateOf(work, events);
  const choice = chooseOn(work, events, kindsOf(request));
  const composed = await compose(target, choice, signal);
  const {inventory} = state.asked;
  const {answers} = choice;
  let plan = await preparePlan({target, inventory, change: composed.change, answers, signal});
  let {chosen, refused} = composed;
  const held = heldBack(plan, chosen, work);
  if (held.size > 0) {
    refused = new Map([...refused, ...[...held].map(([one, why]) => [one.fix.change.id, why] as const)]);
    chosen = chosen.filter((one) => !held.has(one));
    plan = await preparePlan({target, inventory, change: changeOfAll(chosen), answers, signal});
  }
  const foreseen = forecast(state, {change: plan.change, refused}, answers, request);
  if (plan.items.length === 0) {
    say(summary(foreseen, {chosen, items: []}, request, 'got'));
    for (const line of foreseen.left) say(line);
    return exitCodeOf(state.asked.result);
  }
  const entry = await write(work, plan, titleOf(chosen), state.whole.result.score);
  work.done.push(...chosen);
  const now = stateOf(work, await settledEvents(target, plan));
  const is = {
    asked: {before: state.asked.result, after: now.asked.result},
    outlook: {before: state.whole.result, after: now.whole.result},
  };
  say(summary(is, {chosen, items: plan.items}, request, 'got'));
  for (const warning of new Set(plan.items.flatMap((item) => item.warnings))) say(plainText(warning));
  for (const {text, mark} of plan.breaks) if (mark === 'look' || mark === 'failed') say(`Look at: ${text}`);
  for (const text of afterwards(chosen)) say(`Look at: ${text}`);
  for (const line of foreseen.left) say(line);
  if (scoreChange(is.outlook) !== scoreChange(foreseen.outlook)) {
    say(
      `Foreseen was ${scoreChange(foreseen.outlook)}: what was refused is above, or something else changed.`,
    );
  }
  return (await tellEntry(work, entry, now.whole.result.score)) || exitCodeOf(now.asked.result);
}

/** What is left to do on the nodes, or what their programs do differently now, each once. */
const afterwards = (chosen: readonly Chosen[]): ReadonlySet<string> =>
  new Set(
    chosen.flatMap(({fix: {change, consequence}}) =>
      consequence !== undefined && change.steps.some((step) => step.do === 'file') ? [consequence] : [],
    ),
  );

/**
 * On a cluster nobody looks at each object here, so what its owner would take back, and what surely breaks something, is
 * left to a person. Fixes that touch the same objects are held back together.
 */
function heldBack(
  plan: Plan,
  chosen: readonly Chosen[],
  {target, request}: Work,
): ReadonlyMap<Chosen, string> {
  const held = new Map<Chosen, string>();
  if (target.kind === 'files') return held;
  const reasons = new Map<string, string>();
  for (const item of plan.items) {
    const reason = reasonToHold(item, request.include.includes('owned'));
    if (reason !== undefined) reasons.set(describe(item.ref), reason);
  }
  for (const unit of unitsOf(chosen)) {
    const names = unit.flatMap(({fix}) =>
      fix.change.steps.flatMap((step) =>
        'object' in step && 'kind' in step.object ? describe(step.object) : [],
      ),
    );
    const reason = names.map((name) => reasons.get(name)).find((one) => one !== undefined);
    if (reason !== undefined) for (const one of unit) held.set(one, reason);
  }
  return held;
}

function reasonToHold({owner, impact}: PlanItem, takesOwned: boolean): string | undefined {
  if (owner && owner.tool !== 'controller' && !takesOwned) {
    return `${describeOwner(owner)} would take it back: change it at its source, or add --include owned.`;
  }
  const broken = impact.find(({mark}) => mark === 'failed');
  return broken && `${broken.text} Decide about it without --yes.`;
}

/** `C-0034`, or `12 controls`: how the history names a change. */
export function titleOf(chosen: readonly Chosen[]): string {
  const controls = [...new Set(chosen.map(({control}) => control))];
  const [first] = chosen;
  if (controls.length === 1 && first) return `${controls[0]} ${first.fix.approach}`;
  return controls.length > 4 ? `${controls.length} controls` : controls.join(' ');
}

/** Journal first, then step by step; ctrl-c stops between two steps. @throws {JournalError | TargetError} */
export async function write(
  work: Work,
  plan: Plan,
  title: string,
  score: number | undefined,
): Promise<JournalEntry> {
  const {target, journal, signal} = work;
  const entry = await applyPlan({
    target,
    plan,
    journal: await journal(),
    title,
    ...(score === undefined ? {} : {scoreBefore: score}),
    signal,
    onEvent(event) {
      if (event.type !== 'refused') return;
      const what = event.needs ? 'Left out' : 'Refused';
      say(`${what}: ${plainText(describe(event.ref))}: ${plainText(event.reason)}`);
    },
  });
  return guarded(work, plan, entry);
}

/** Tells how to take an entry back, and what was refused. */
export async function tellEntry(
  {journal, request}: Work,
  entry: JournalEntry,
  score: number | undefined,
): Promise<number> {
  (await journal()).close(entry, score);
  const written = entry.steps.filter(({state}) => state === 'written' || state === 'done').length;
  if (written > 0) {
    say(
      `Change ${entry.number} wrote ${written} object${written === 1 ? '' : 's'}. kubekata undo ${entry.number} ${targetWords(request.choice)} takes it back.`,
    );
  }
  return entry.steps.some(({state}) => state === 'refused') ? exitCodes.unreadable : exitCodes.ok;
}

/** The options that name a target, as they are typed. */
export function targetWords(choice: TargetChoice): string {
  if (choice.kind === 'practice') return '--practice';
  const quote = (word: string) =>
    /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
  if (choice.kind === 'files') return `--manifests ${choice.paths.map(quote).join(' ')}`;
  return [
    ...(choice.context === undefined ? [] : [`--context ${quote(choice.context)}`]),
    ...(choice.kubeconfig === undefined ? [] : [`--kubeconfig ${quote(choice.kubeconfig)}`]),
  ].join(' ');
}
