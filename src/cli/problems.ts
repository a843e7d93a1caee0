import {CommanderError} from '@commander-js/extra-typings';
import {TargetError} from '../target/target.ts';
import {UsageError} from './choice.ts';
import {exitCodes} from './exit-codes.ts';

/** Tells a person what went wrong and returns the exit code: expected problem, wrong call, or a bug of ours. */
export function tell(error: unknown, write: (text: string) => void): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (error instanceof UsageError) {
    write(`${error.message}\n`);
    return exitCodes.usage;
  }
  if (error instanceof TargetError) {
    write(`${error.message}\n${error.details.map((detail) => `\n${detail}\n`).join('')}`);
    return error.problem === 'unknown-context' ? exitCodes.usage : exitCodes.unreadable;
  }
  if (error instanceof Error && error.name === 'AbortError') return exitCodes.interrupted;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  write(`kubekata stopped, and that is a mistake of ours. Nothing is half applied.\n${text}\n`);
  return exitCodes.unreadable;
}
