import type {ControlResult, ScanResult} from '../engine/scan.ts';
import {plainText} from '../engine/text.ts';
import type {Message, State} from './state.ts';

/** The control that the person looks at, so that a new look at the target says what became of it. */
export function lookedAt({screen, below}: State): string | undefined {
  if (screen.name === 'control') return screen.id;
  const under = screen.name === 'text' ? below.at(-1) : undefined;
  return under?.name === 'control' ? under.id : undefined;
}

/** What a control says after a look, and where that is known from: `C-0069 passes: 3 of 3, known from configz …`. */
export function verdictMessage(scan: ScanResult, id: string): Message | undefined {
  const result = scan.controls.find(({entry}) => entry.id === id);
  if (result === undefined) return undefined;
  const text = plainText(`${id} ${sentence(result)}`);
  const marks = {passed: 'passed', failed: 'failed', notEvaluated: 'look'} as const;
  return {mark: marks[result.status], text};
}

function sentence({status, failed, all, reason, evidence = []}: ControlResult): string {
  const from = evidence.length === 0 ? '' : `, ${evidence[0]}${evidence.length > 1 ? ' and others' : ''}`;
  if (status === 'notEvaluated') return `is not evaluated: ${reason ?? 'nothing tells.'}`;
  return status === 'passed'
    ? `passes now: none of ${all} fails${from}.`
    : `fails still: ${failed} of ${all}${from}.`;
}
