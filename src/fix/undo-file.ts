import type {Step} from '../engine/change.ts';
import {equal, type JsonObject} from '../engine/json.ts';
import {filePathOf} from '../engine/node-file.ts';
import type {JournalStep} from './plan.ts';

type FileStep = Extract<Step, {do: 'file'}>;

/**
 * What taking back a file takes that a step made, or took away: undefined where it was only edited. A file that was
 * changed since stays.
 */
export function backOfMadeFile(
  {item, applied}: JournalStep,
  step: FileStep,
  live: JsonObject | undefined,
): {readonly step: Step} | {readonly stays: string} | {readonly already: true} | undefined {
  const before = applied?.before ?? item.before;
  const after = applied?.after ?? item.after;
  const name = `${filePathOf(item.ref)} of node ${step.node}`;
  if (before !== undefined && after !== undefined)
    return live === undefined ? {stays: `${name} is gone, so there is nothing to take back.`} : undefined;
  if (after === undefined) return {stays: `${name} was taken away, and its content was not kept.`};
  if (live === undefined) return {already: true};
  if (!equal(live, after)) return {stays: `${name} was changed since by someone else, so it stays.`};
  return {step: {...step, edits: [{op: 'remove', path: []}]}};
}
