import type {FixKind} from '../../engine/change.ts';
import {isDate} from '../../engine/exceptions.ts';
import {describe, refOf} from '../../engine/objects.ts';
import type {ControlResult} from '../../engine/scan.ts';
import {plainText} from '../../engine/text.ts';
import {type Choice, type Chosen, findingsOf} from '../../fix/choose.ts';
import {compose, unitsOf} from '../../fix/compose.ts';
import type {Plan} from '../../fix/plan.ts';
import {preparePlan} from '../../fix/prepare.ts';
import type {TargetEvent} from '../../target/target.ts';
import {acceptFinding, exceptionsFile, readAccept} from '../exceptions.ts';
import {exitCodes} from '../exit-codes.ts';
import {lookOf} from '../look.ts';
import {say} from '../stdout.ts';
import {tellEntry, titleOf, write} from './apply.ts';
import {askLetter, type Dialogue, openDialogue} from './dialogue.ts';
import {scoreOutlook} from './outlook.ts';
import {nameOf, planText, scoreChange} from './show.ts';
import {chooseOn, exitCodeOf, forecast, kindsOf, stateOf, type Work} from './work.ts';

const help =
  'y applies it, n leaves it, a applies it and all that follow, q stops, e accepts the findings with a reason.';

/** What the person said so far. */
type Said = {
  /** Ids of changes that were left alone. */
  readonly declined: Set<string>;
  readonly refused: Map<string, string>;
  all: boolean;
  stopped: boolean;
  exitCode: number;
};

/**
 * Shows each change and asks. First what is automatic, then what has to be looked at closer: so that a no to the second
 * costs nothing of the first. Returns the exit code.
 */
export async function askForEach(work: Work, first: readonly TargetEvent[]): Promise<number> {
  const {target, request} = work;
  const rounds: readonly ReadonlySet<FixKind>[] =
    request.include.length > 0
      ? [kindsOf(request)]
      : [new Set(['automatic']), new Set(['automatic', 'review', 'recreate'])];
  const said: Said = {declined: new Set(), refused: new Map(), all: false, stopped: false, exitCode: 0};
  const dialogue = openDialogue();
  let events = first;
  try {
    for (const kinds of rounds) {
      if (said.stopped) break;
      await askRound(work, events, kinds, said, dialogue);
      events = await target.list();
    }
  } finally {
    dialogue.close();
  }
  // What was accepted just now counts.
  const now = stateOf({...work, accept: await readAccept(request.exceptions)}, events);
  say(`Score ${scoreChange({before: stateOf(work, first).whole.result, after: now.whole.result})}.`);
  if (dialogue.wasInterrupted()) return exitCodes.interrupted;
  const nothing = {change: {id: 'nothing', steps: []}, refused: said.refused};
  const offered = {answers: request.answers, include: ['review', 'recreate'] as const};
  for (const line of forecast(now, nothing, new Map(), offered, said.declined).left) say(line);
  return said.exitCode || exitCodeOf(now.asked.result);
}

async function askRound(
  work: Work,
  events: readonly TargetEvent[],
  kinds: ReadonlySet<FixKind>,
  said: Said,
  dialogue: Dialogue,
): Promise<void> {
  const {target, signal} = work;
  const choice = chooseOn(work, events, kinds, said.declined);
  const composed = await compose(target, choice, signal);
  for (const [id, reason] of composed.refused) said.refused.set(id, reason);
  let current = events;
  for (const unit of unitsOf(composed.chosen)) {
    if (said.stopped) return;
    const applied = await askUnit(work, current, unit, choice, said, dialogue);
    if (applied) current = await target.list();
  }
}

/** Returns whether something was written. */
async function askUnit(
  work: Work,
  events: readonly TargetEvent[],
  unit: readonly Chosen[],
  {answers}: Choice,
  said: Said,
  dialogue: Dialogue,
): Promise<boolean> {
  const {target, signal} = work;
  const {asked, whole} = stateOf(work, events);
  const {change} = await compose(target, {chosen: unit, answers}, signal);
  if (change.steps.length === 0) return false;
  const plan = await preparePlan({target, inventory: asked.inventory, change, answers, signal});
  const outlook = scoreOutlook(whole, change, answers);
  say(planText(plan, unit, outlook, lookOf(process.stderr, process.env)));
  const letter = await decide(plan, unit, work, said, dialogue);
  if (letter === 'e') await acceptUnit(unit, asked.result.controls, work, dialogue);
  if (letter !== 'y') {
    for (const {fix} of unit) said.declined.add(fix.change.id);
    return false;
  }
  const entry = await write(work, plan, titleOf(unit), whole.result.score);
  work.done.push(...unit);
  said.exitCode = Math.max(said.exitCode, await tellEntry(work, entry, outlook.after.score));
  return true;
}

async function decide(
  plan: Plan,
  unit: readonly Chosen[],
  {target}: Work,
  said: Said,
  dialogue: Dialogue,
): Promise<'y' | 'n' | 'e'> {
  const isLive = target.kind === 'live';
  const isGrave =
    plan.breaks.some(({mark}) => mark === 'failed') ||
    plan.items.some(({owner}) => owner !== undefined && owner.tool !== 'controller');
  if (said.all && !(isLive && isGrave)) return 'y';
  const letter = await askLetter(dialogue, `Apply to ${nameOf(plan)}?`, ['y', 'n', 'a', 'q', 'e'], help);
  if (letter === undefined || letter === 'q') said.stopped = true;
  if (letter === 'e' || letter === undefined || letter === 'q' || letter === 'n') {
    return letter === 'e' ? 'e' : 'n';
  }
  if (isLive && (letter === 'a' || isGrave)) {
    const name = letter === 'a' ? target.name : (plan.items[0]?.ref.name ?? target.name);
    const why = letter === 'a' ? 'all that follow are applied' : 'it may break something, or be taken back';
    const typed = await dialogue.ask(`On LIVE ${why}. Type ${name} to go on: `);
    if (typed !== name) {
      say(`Nothing was applied: ${JSON.stringify(typed ?? '')} is not ${name}.`);
      return 'n';
    }
  }
  if (letter === 'a') said.all = true;
  return unit.length > 0 ? 'y' : 'n';
}

/** Writes an exception for each object that these fixes would clear, with the reason and the end that are typed. */
async function acceptUnit(
  unit: readonly Chosen[],
  controls: readonly ControlResult[],
  {request}: Work,
  dialogue: Dialogue,
): Promise<void> {
  const reason = await dialogue.ask('Why is it accepted? ');
  if (!reason) return say('Nothing was accepted: it wants a reason.');
  const until = await dialogue.ask('Until when? A date as 2027-05-23, or never: ');
  if (until === undefined || (until !== 'never' && !isDate(until))) {
    return say(
      `Nothing was accepted: ${JSON.stringify(until ?? '')} is neither a date as 2027-05-23 nor never.`,
    );
  }
  const clears = new Set(unit.flatMap(({fix}) => fix.clears));
  const file = request.exceptions ?? exceptionsFile;
  const byObject = new Map<string, {controls: string[]; kind: string; namespace: string; name: string}>();
  for (const {entry, failures} of controls) {
    for (const failure of failures) {
      if (!findingsOf(entry.control, failure).some((id) => clears.has(id))) continue;
      const {kind, namespace, name} = refOf(failure.resource);
      const key = describe({kind, namespace, name});
      const known = byObject.get(key);
      if (known) known.controls.push(entry.id);
      else byObject.set(key, {controls: [entry.id], kind, namespace, name});
    }
  }
  for (const [name, {namespace, ...one}] of byObject) {
    await acceptFinding({...one, ...(namespace ? {namespace} : {}), reason, until}, file);
    say(`Accepted in ${file}: ${one.controls.join(', ')} of ${plainText(name)}, until ${until}.`);
  }
}
