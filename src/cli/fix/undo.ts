import {describe} from '../../engine/objects.ts';
import {plainText} from '../../engine/text.ts';
import {Journal} from '../../fix/journal.ts';
import type {JournalEntry} from '../../fix/plan.ts';
import {applyUndo, undoPlan} from '../../fix/undo.ts';
import {type TargetChoice, UsageError} from '../choice.ts';
import {exitCodes} from '../exit-codes.ts';
import {interruptible} from '../interrupt.ts';
import {lookOf} from '../look.ts';
import {stateDirectory} from '../places.ts';
import {scanEvents} from '../scan.ts';
import {scopedFramework} from '../scope.ts';
import {print, say} from '../stdout.ts';
import {type OpenTarget, openTarget} from '../targets.ts';
import {targetWords} from './apply.ts';
import {askLetter, canAsk, openDialogue} from './dialogue.ts';
import {scoreOutlook} from './outlook.ts';
import {planText} from './show.ts';

export type UndoRequest = {
  readonly choice: TargetChoice;
  readonly number: number | undefined;
  readonly yes: boolean;
};

/** Lists what was applied to a target, or takes one change back. Returns the exit code. @throws {TargetError | UsageError} */
export async function undo(request: UndoRequest): Promise<number> {
  return interruptible(async (signal) => {
    const target = await openTarget(request.choice, signal);
    try {
      const journal = new Journal(stateDirectory(process.env), await target.identity(signal));
      if (request.number === undefined) return await list(journal, request);
      return await takeBack(request.number, journal, target, request, signal);
    } finally {
      await target.close();
    }
  });
}

async function list(journal: Journal, {choice}: UndoRequest): Promise<number> {
  const entries = journal.entries();
  if (entries.length === 0) {
    say('Nothing was applied here by kubekata.');
    return exitCodes.ok;
  }
  const rows = entries.map(
    ({number, at, state, steps, title}) =>
      `${String(number).padStart(6)}  ${localTime(at)}  ${state.padEnd(11)}${String(steps.length).padStart(8)}  ${plainText(title)}`,
  );
  await print(`${['NUMBER  WHEN              STATE       OBJECTS  CHANGE', ...rows].join('\n')}\n`);
  say(`kubekata undo NUMBER ${targetWords(choice)} takes one back.`);
  return exitCodes.ok;
}

/** `2027-05-23 14:02` where the person is. */
function localTime(iso: string): string {
  const time = new Date(iso);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${two(time.getHours())}:${two(time.getMinutes())}`;
}

async function takeBack(
  number: number,
  journal: Journal,
  target: OpenTarget,
  {choice, yes}: UndoRequest,
  signal: AbortSignal,
): Promise<number> {
  const entry = journal.read(number);
  if (entry === undefined) {
    throw new UsageError(
      `There is no change ${number} here. kubekata undo ${targetWords(choice)} lists them.`,
    );
  }
  if (entry.state === 'undone') {
    say(`Change ${number} is undone already.`);
    return exitCodes.ok;
  }
  if (!yes && !canAsk()) {
    throw new UsageError('Nothing was taken back: there is no terminal to ask at. Add --yes.');
  }
  const framework = scopedFramework(
    {framework: undefined, controls: [], namespaces: [], exceptions: undefined},
    choice,
  );
  const scanned = scanEvents(await target.list(signal), target, framework);
  const undoing = await undoPlan({target, inventory: scanned.inventory, entry, journal, signal});
  if (undoing.plan.items.length === 0) {
    for (const reason of undoing.stays.values()) say(`Stays: ${plainText(reason)}`);
    if (undoing.already.length > 0) await applyUndo({target, undo: undoing, journal, signal});
    say(`Nothing of change ${number} is left to take back.`);
    return exitCodes.ok;
  }
  if (!yes) {
    const look = lookOf(process.stderr, process.env);
    say(planText(undoing.plan, [], scoreOutlook(scanned, undoing.plan.change, undoing.plan.answers), look));
    const dialogue = openDialogue();
    const question = `Take back change ${number}, ${plainText(entry.title)}?`;
    const letter = await askLetter(dialogue, question, ['y', 'n'], 'y takes it back, n leaves it.');
    dialogue.close();
    if (dialogue.wasInterrupted()) return exitCodes.interrupted;
    if (letter !== 'y') {
      say('Nothing was taken back.');
      return exitCodes.ok;
    }
  }
  return tell(await applyUndo({target, undo: undoing, journal, signal}), target);
}

function tell(entry: JournalEntry, target: OpenTarget): number {
  const undone = entry.steps.filter(({state}) => state === 'undone').length;
  say(
    `Change ${entry.number}: ${undone} of ${entry.steps.length} object${entry.steps.length === 1 ? '' : 's'} ${undone === 1 ? 'is' : 'are'} as before on ${target.name}.`,
  );
  for (const {item, state, reason} of entry.steps) {
    if (state !== 'undone' && reason !== undefined) {
      say(`Stays: ${plainText(describe(item.ref))}: ${plainText(reason)}`);
    }
  }
  return entry.state === 'undone' ? exitCodes.ok : exitCodes.unreadable;
}
