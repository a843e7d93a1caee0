import type {FixKind} from '../../engine/change.ts';
import type {Framework} from '../../engine/control.ts';
import {Inventory} from '../../engine/inventory.ts';
import {type Accept, Scanner, type ScanResult} from '../../engine/scan.ts';
import {simulate, withChange} from '../../engine/simulate.ts';
import {type Choice, type Chosen, chooseFixes} from '../../fix/choose.ts';
import type {Composed} from '../../fix/compose.ts';
import type {Journal} from '../../fix/journal.ts';
import type {TargetEvent} from '../../target/target.ts';
import type {TargetChoice} from '../choice.ts';
import {exitCodes} from '../exit-codes.ts';
import type {FixOptions} from '../invocation.ts';
import {fill, type Scanned, scanEvents} from '../scan.ts';
import {say} from '../stdout.ts';
import type {OpenTarget} from '../targets.ts';
import {guideOf} from './guide.ts';
import {leftOf} from './left.ts';
import {scoreOutlook} from './outlook.ts';
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
  /** What was applied so far. */
  readonly done: Chosen[];
  journal(): Promise<Journal>;
};

/** Kinds of fixes that need no further word. */
export const kindsOf = ({include}: Pick<FixRequest, 'include'>): ReadonlySet<FixKind> =>
  new Set(['automatic', ...include.filter((kind) => kind !== 'owned')]);

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
      left: [...leftOf(after, inventory, leaving), ...guideOf(after, inventory)],
    })),
  };
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
  if (asked.before.verdicts === 0) return 'Nothing was checked, so there is nothing to fix.';
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
