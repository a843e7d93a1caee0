import {CommanderError} from '@commander-js/extra-typings';
import {plainText} from '../engine/text.ts';
import {TargetError} from '../target/target.ts';
import {UsageError} from './choice.ts';
import {exitCodes} from './exit-codes.ts';

/** Problems of files that a person named: told in one sentence, as a mistake in the call is. */
const ofTheCall = new Set(['ExceptionsError', 'BaselineError', 'ProgressError', 'ContentError']);

/** Tells a person what went wrong and returns the exit code: expected problem, wrong call, or a bug of ours. */
export function tell(error: unknown, write: (text: string) => void): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (error instanceof UsageError || (error instanceof Error && ofTheCall.has(error.name))) {
    write(`${plainText(error.message)}\n`);
    return exitCodes.usage;
  }
  if (error instanceof TargetError) {
    const details = error.details.map((detail) => `\n${plainText(detail)}\n`);
    write(`${plainText(error.message)}\n${details.join('')}`);
    return error.problem === 'unknown-context' ? exitCodes.usage : exitCodes.unreadable;
  }
  if (error instanceof Error && error.name === 'JournalError') {
    write(`${plainText(error.message)}\n`);
    return exitCodes.unreadable;
  }
  if (error instanceof Error && error.name === 'AbortError') return exitCodes.interrupted;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  write(`kubekata stopped, and that is a mistake of ours. Nothing is half applied.\n${text}\n`);
  return exitCodes.unreadable;
}
