import type {FixKind} from '../../engine/change.ts';
import type {Framework} from '../../engine/control.ts';
import {Inventory} from '../../engine/inventory.ts';
import {type Accept, Scanner, type ScanResult} from '../../engine/scan.ts';
import {simulate, withChange} from '../../engine/simulate.ts';
import {Journal} from '../../fix/journal.ts';
import type {TargetEvent} from '../../target/target.ts';
import {type TargetChoice, UsageError} from '../choice.ts';
import {readAccept} from '../exceptions.ts';
import {exitCodes} from '../exit-codes.ts';
import {interruptible} from '../interrupt.ts';
import type {FixOptions} from '../invocation.ts';
import {stateDirectory} from '../places.ts';
import {showProgress} from '../progress.ts';
import {fill, type Scanned, scanEvents} from '../scan.ts';
import {checkNamespaces, scopedFramework} from '../scope.ts';
import {print, say} from '../stdout.ts';
import {type OpenTarget, openTarget} from '../targets.ts';
import {applyAll, targetWords} from './apply.ts';
import {askForEach} from './ask.ts';
import {type Choice, type Chosen, chooseFixes} from './choose.ts';
import {type Composed, compose} from './compose.ts';
import {canAsk} from './dialogue.ts';
import {leftOf} from './left.ts';
import {scoreOutlook} from './outlook.ts';
import {unifiedDiff} from './patch.ts';
import {type Outlook, scoreChange} from './show.ts';

export type FixRequest = FixOptions & {readonly choice: TargetChoice};

/** One target as it is now, with everything that choosing and applying need. */
export type Work = {
  readonly request: FixRequest;
  readonly target: OpenTarget;
  /** What was asked to be fixed. */
  readonly framework: Framework;
  /** All of the edition: its score is what the fixes change. */
  readonly whole: Framework;
  readonly accept: Accept;
  readonly signal: AbortSignal;
  journal(): Promise<Journal>;
};

/** Fixes what fails, with a person's word for each object or `--yes`. Returns the exit code. @throws {TargetError | UsageError} */
export async function fix(request: FixRequest): Promise<number> {
  const framework = scopedFramework(request, request.choice);
  const accept = await readAccept(request.exceptions);
  mayApply(request);
  return interruptible(async (signal) => {
    const progress = showProgress('Reading what is there');
    let target: OpenTarget | undefined;
    try {
      const opened = await openTarget(request.choice);
      target = opened;
      const journal = async () => new Journal(stateDirectory(process.env), await opened.identity());
      const whole = scopedFramework({...request, controls: [], namespaces: []}, request.choice);
      const work: Work = {request, target: opened, framework, whole, accept, signal, journal};
      const events = await opened.list(signal);
      progress.stop();
      if (!request.dryRun) tellUnfinished(await journal(), request.choice);
      checkNamespaces(request.namespaces, scanEvents(events, opened, framework).inventory);
      return await perform(work, events);
    } finally {
      progress.stop();
      await target?.close();
    }
  });
}

/** kubekata was stopped in the middle of a change: what it wrote is known, and can be taken back. */
function tellUnfinished(journal: Journal, choice: TargetChoice): void {
  for (const {number, title} of journal.unfinished()) {
    say(
      `Change ${number}, ${title}, was not finished. kubekata undo ${number} ${targetWords(choice)} takes back what it wrote.`,
    );
  }
}

/** @throws {UsageError} when nobody can be asked, and nobody said yes. */
function mayApply({choice, yes, dryRun}: FixRequest): void {
  if (yes || dryRun || canAsk()) return;
  throw new UsageError(
    choice.kind === 'live'
      ? 'Nothing was applied: a live cluster wants a person, or --yes.'
      : 'Nothing was written: there is no terminal to ask at. Add --yes, or --dry-run to see the changes.',
  );
}

async function perform(work: Work, events: readonly TargetEvent[]): Promise<number> {
  const {request} = work;
  if (request.dryRun) return dryRun(work, events);
  return request.yes ? applyAll(work, events) : askForEach(work, events);
}

/** Kinds of fixes that need no further word. */
export const kindsOf = ({include}: Pick<FixRequest, 'include'>): ReadonlySet<FixKind> =>
  new Set(['automatic', ...include]);

/** Chooses on a copy of the inventory, in which each control sees what those before it changed. */
export function chooseOn(
  {framework, accept, target, request}: Work,
  events: readonly TargetEvent[],
  kinds: ReadonlySet<FixKind>,
  without: ReadonlySet<string> = new Set(),
): Choice {
  const inventory = new Inventory();
  fill(inventory, events, target.fromHere);
  const scanner = new Scanner(framework, inventory, accept);
  scanner.scan();
  return chooseFixes({inventory, scanner, kinds, given: request.answers, without});
}

/** The target as it is: what was asked for, and the whole edition. */
export type State = {readonly asked: Scanned; readonly whole: Scanned};

export const stateOf = ({target, framework, whole, accept}: Work, events: readonly TargetEvent[]): State => ({
  asked: scanEvents(events, target, framework, accept),
  whole: scanEvents(events, target, whole, accept),
});

export type Forecast = {
  /** Of the whole edition. */
  readonly outlook: Outlook;
  /** Of what was asked for. */
  readonly asked: Outlook;
  /** What still fails of it, and why. */
  readonly left: readonly string[];
};

/** The scores with a change, and why the rest stays. */
export function forecast(
  state: State,
  {change, refused}: Pick<Composed, 'change' | 'refused'>,
  answers: ReadonlyMap<string, string>,
  request: Pick<FixRequest, 'include' | 'answers'>,
  declined: ReadonlySet<string> = new Set(),
): Forecast {
  const leaving = {kinds: kindsOf(request), given: request.answers, refused, declined};
  const {inventory, scanner, result} = state.asked;
  return {
    outlook: scoreOutlook(state.whole, change, answers),
    ...withChange(inventory, scanner, simulate(inventory, change, answers), (after) => ({
      asked: {before: result, after},
      left: leftOf(after, inventory, leaving),
    })),
  };
}

async function dryRun(work: Work, events: readonly TargetEvent[]): Promise<number> {
  const {target, request, signal} = work;
  const choice = chooseOn(work, events, kindsOf(request));
  const composed = await compose(target, choice, signal);
  const state = stateOf(work, events);
  const foreseen = forecast(state, composed, choice.answers, request);
  await print(unifiedDiff(composed.items, target.fromHere));
  const warnings = [...new Set(composed.items.flatMap((item) => item.warnings))];
  say(summary(foreseen, composed, request, 'gets'));
  for (const warning of warnings) say(warning);
  for (const line of foreseen.left) say(line);
  say(
    request.yes
      ? 'Nothing was written. Without --dry-run all of it is.'
      : 'Nothing was written. Without --dry-run each change is shown and asked for.',
  );
  return exitCodeOf(state.asked.result);
}

/** What could not be read is neither fixed nor told as fine. */
export function exitCodeOf({incomplete}: ScanResult): number {
  for (const one of incomplete) say(`Not read: ${one}`);
  return incomplete.length > 0 ? exitCodes.unreadable : exitCodes.ok;
}

/** `1 of 3 failing objects of C-0034 gets an automatic fix, in 1 file. 58.0 -> 58.7.` */
export function summary(
  {asked, outlook}: Pick<Forecast, 'asked' | 'outlook'>,
  {chosen, items}: Pick<Composed, 'items'> & {readonly chosen: readonly Chosen[]},
  request: FixRequest,
  tense: 'gets' | 'got',
): string {
  const failures = ({controls}: ScanResult): number =>
    controls.reduce((sum, {status, failed}) => sum + (status === 'failed' ? failed : 0), 0);
  const all = failures(asked.before);
  if (all === 0) return 'Nothing fails, so there is nothing to fix.';
  const cleared = all - failures(asked.after);
  const controls = asked.before.controls.filter(({status}) => status === 'failed');
  const [only] = controls;
  const ids = [...new Set(request.controls.map((id) => id.toUpperCase()))];
  const what =
    controls.length === 1 || ids.length === 1
      ? `${all} failing object${all === 1 ? '' : 's'} of ${only?.entry.id ?? ids[0]}`
      : `${all} failures of ${controls.length} controls`;
  const kind = chosen.every(({fix: {kind: one}}) => one === 'automatic') ? 'an automatic fix' : 'a fix';
  const verb = cleared === 1 || tense === 'got' ? tense : 'get';
  if (cleared === 0) return `None of ${what} ${tense} ${kind}. ${scoreChange(outlook)}.`;
  return `${cleared} of ${what} ${verb} ${kind}${places(items)}. ${scoreChange(outlook)}.`;
}

function places(items: Composed['items']): string {
  const files = new Set(items.flatMap(({text}) => text?.file ?? []));
  return files.size === 0 ? '' : `, in ${files.size} file${files.size === 1 ? '' : 's'}`;
}
