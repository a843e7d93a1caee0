import {describe} from '../../engine/objects.ts';
import {plainText} from '../../engine/text.ts';
import {followRollouts} from '../../fix/follow.ts';
import {restartedBy} from '../../fix/guard.ts';
import type {JournalEntry, Plan} from '../../fix/plan.ts';
import {applyUndo, undoPlan} from '../../fix/undo.ts';
import {say} from '../stdout.ts';
import {stateOf, type Work} from './work.ts';

/** Longest time for which a rollout is followed. */
const seconds = 300;

/**
 * With `--guard`: follows the workloads whose pods a change replaced, and takes the whole change back where one does not
 * get ready. Returns the entry as it is then. @throws {JournalError | TargetError}
 */
export async function guarded(work: Work, plan: Plan, entry: JournalEntry): Promise<JournalEntry> {
  const {target, signal, request} = work;
  const workloads = restartedBy(plan.change);
  if (!request.guard || target.kind === 'files' || workloads.length === 0) return entry;
  say(`Following ${workloads.length === 1 ? describe(workloads[0]!) : `${workloads.length} workloads`}.`);
  const statuses = await followRollouts({target, workloads, seconds, signal});
  const bad = statuses.filter(({state}) => state !== 'ready');
  if (bad.length === 0) {
    say('All of them are ready.');
    return entry;
  }
  for (const {ref, ready, wanted, reasons} of bad) {
    say(plainText([`${describe(ref)} has ${ready} of ${wanted} ready.`, ...reasons].join(' ')));
  }
  const journal = await work.journal();
  const {inventory} = stateOf(work, await target.list()).asked;
  const undo = await undoPlan({target, inventory, entry, journal});
  const back = await applyUndo({target, undo, journal});
  const left = back.steps.filter(({state}) => state !== 'undone' && state !== 'refused');
  say(
    left.length === 0
      ? `Change ${entry.number} is taken back.`
      : `Change ${entry.number} is taken back but for ${left.length}: kubekata undo tells why.`,
  );
  return back;
}
