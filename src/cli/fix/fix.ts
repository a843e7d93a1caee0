import {compose} from '../../fix/compose.ts';
import {Journal} from '../../fix/journal.ts';
import {redactText} from '../../target/files/redact-text.ts';
import type {TargetEvent} from '../../target/target.ts';
import {type TargetChoice, UsageError} from '../choice.ts';
import {readAccept} from '../exceptions.ts';
import {exitCodes} from '../exit-codes.ts';
import {interruptible} from '../interrupt.ts';
import {stateDirectory} from '../places.ts';
import {showProgress} from '../progress.ts';
import {scanEvents} from '../scan.ts';
import {checkNamespaces, checkObjects, scopedFramework} from '../scope.ts';
import {print, say} from '../stdout.ts';
import {type OpenTarget, openTarget} from '../targets.ts';
import {applyAll, targetWords} from './apply.ts';
import {askForEach} from './ask.ts';
import {canAsk} from './dialogue.ts';
import {keepSo} from './keep.ts';
import {unifiedDiff} from './patch.ts';
import {
  chooseOn,
  exitCodeOf,
  type FixRequest,
  forecast,
  kindsOf,
  stateOf,
  summary,
  type Work,
} from './work.ts';

/** Fixes what fails, with a person's word for each object or `--yes`. Returns the exit code. @throws {TargetError | UsageError} */
export async function fix(request: FixRequest): Promise<number> {
  const framework = scopedFramework(request, request.choice);
  const accept = await readAccept(request.exceptions);
  mayApply(request);
  return interruptible(async (signal) => {
    const progress = showProgress('Reading what is there');
    let target: OpenTarget | undefined;
    try {
      const opened = await openTarget(request.choice, signal);
      target = opened;
      const journal = async () => new Journal(stateDirectory(process.env), await opened.identity());
      const whole = scopedFramework({...request, controls: [], namespaces: [], objects: []}, request.choice);
      const work: Work = {request, target: opened, framework, whole, accept, signal, journal, done: []};
      const events = await opened.list(signal);
      progress.stop();
      if (!request.dryRun) tellUnfinished(await journal(), request.choice);
      const {inventory} = scanEvents(events, opened, framework);
      checkNamespaces(request.namespaces, inventory);
      checkObjects(request.objects ?? [], inventory);
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
function mayApply({choice, yes, dryRun, keep}: FixRequest): void {
  if (keep !== undefined && choice.kind === 'files') {
    throw new UsageError('--keep is for clusters: labels and policies hold where pods are admitted.');
  }
  if (keep !== undefined && dryRun) {
    throw new UsageError(
      '--keep looks at what the fixes left, so it has no dry run: it shows its change, and asks, without --yes.',
    );
  }
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
  const code = await (request.yes ? applyAll(work, events) : askForEach(work, events));
  return code === exitCodes.interrupted ? code : Math.max(code, await keepSo(work));
}

async function dryRun(work: Work, events: readonly TargetEvent[]): Promise<number> {
  const {target, request, signal} = work;
  const choice = chooseOn(work, events, kindsOf(request));
  const composed = await compose(target, choice, signal);
  const state = stateOf(work, events);
  const foreseen = forecast(state, composed, choice.answers, request);
  const patch = unifiedDiff(composed.items, target.fromHere);
  const shown = process.stdout.isTTY ? unifiedDiff(composed.items, target.fromHere, redactText) : patch;
  await print(shown);
  if (shown !== patch) {
    say('Credentials are hidden on a terminal. Into a file, or a pipe, goes what git apply takes.');
  }
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
