import {randomBytes} from 'node:crypto';
import {mkdir, rmdir} from 'node:fs/promises';
import {basename, dirname} from 'node:path';
import type {Edit, Step} from '../../engine/change.ts';
import {redact} from '../../engine/credentials.ts';
import {EditError, resolveEdits, touchedValues, UnresolvedError} from '../../engine/edits.ts';
import {equal, type JsonObject} from '../../engine/json.ts';
import {nodeFileRef} from '../../engine/node-file.ts';
import {formatPath, getAt} from '../../engine/path.ts';
import {fileAfter, removesFile} from '../../engine/simulate-file.ts';
import {removeFile, replaceFile} from '../files/disk.ts';
import {SpliceError} from '../files/locate.ts';
import {redactText} from '../files/redact-text.ts';
import {spliceEdits} from '../files/splice.ts';
import {blockText, styleOf} from '../files/yaml-text.ts';
import {type Applied, type PreviewItem, TargetError} from '../target.ts';
import {contentOf, pathOf, readText} from './place.ts';

export type FileStep = Extract<Step, {do: 'file'}>;

/** Texts that earlier steps of a change leave, by path; undefined for a file that they take away. */
export type Drafts = Map<string, string | undefined>;

type Edited = {
  readonly before: JsonObject | undefined;
  readonly after: JsonObject | undefined;
  /** Undefined: the file goes. */
  readonly text: string | undefined;
};

/** A step on a file of a node, as it would be written. What stands in its way is its rejection. */
export function previewFile(folder: string, step: FileStep, drafts: Drafts): PreviewItem {
  const ref = nodeFileRef(step.node, step.file);
  const about = {step, ref, confirmedBy: 'parsed', warnings: []} as const;
  try {
    const path = pathOf(folder, step.node, step.file);
    const old = drafts.has(path) ? drafts.get(path) : readText(path);
    const {before, after, text} = edit(old, {...step, edits: step.edits.map(withRandom)});
    drafts.set(path, text);
    const shown = {before: redactText(old ?? ''), after: redactText(text ?? '')};
    return {
      ...about,
      before: before && redact(before),
      after: after && redact(after),
      text: {file: `${step.node}${step.file}`, ...shown, shown},
      expected: {values: expectedOf(before, step.edits)},
    };
  } catch (cause) {
    return {
      ...about,
      before: undefined,
      after: undefined,
      expected: {values: []},
      rejection: sentence(cause),
    };
  }
}

/** Of a file that is made or taken away, all that may be shown; else each touched value. */
const expectedOf = (before: JsonObject | undefined, edits: readonly Edit[]) =>
  touchedValues(before, edits).map(({path, value}) => ({
    path,
    value: path.length === 0 ? before && redact(before) : value,
  }));

/**
 * Writes a step of a preview: the file is read anew, and every touched value must be as the preview saw it. Readers see
 * the old or the new text, the mode stays, and a new file is for its owner alone. @throws {TargetError}
 */
export async function applyFile(folder: string, item: PreviewItem, step: FileStep): Promise<Applied> {
  const path = pathOf(folder, step.node, step.file);
  const old = readText(path);
  const shown = (content: JsonObject | undefined) => content && redact(content);
  if (old === undefined && removesFile(step.edits))
    throw new TargetError('gone', `${step.file} of node ${step.node} is gone.`);
  let edited: Edited;
  try {
    edited = edit(old, {...step, edits: step.edits.map(withRandom)});
  } catch (cause) {
    throw new TargetError('conflict', `${step.file} of node ${step.node}: ${sentence(cause)}`, [], {cause});
  }
  const {before, after, text} = edited;
  const applied = {ref: item.ref, before: shown(before), after: shown(after), warnings: []};
  if (text === old) return applied;
  expectUnchanged(item, step, before);
  if (text === undefined) await removeAlone(path);
  else {
    await mkdir(dirname(path), {recursive: true, mode: 0o700});
    await replaceFile(path, text, 0o600);
  }
  return applied;
}

/** A folder that was made for the file goes with it. */
async function removeAlone(path: string): Promise<void> {
  await removeFile(path);
  if (basename(dirname(path)) !== 'manifests') await rmdir(dirname(path)).catch(() => undefined);
}

function expectUnchanged({expected}: PreviewItem, step: FileStep, before: JsonObject | undefined): void {
  for (const {path, value} of expected.values) {
    const now = path.length === 0 ? before && redact(before) : getAt(before, path);
    if (now === value || (now !== undefined && value !== undefined && equal(now, value))) continue;
    throw new TargetError(
      'conflict',
      `${step.file} of node ${step.node} changed since the preview: ${formatPath(path, before) || 'its content'}.`,
      ['Nothing was written to it. Look at the new state and decide again.'],
    );
  }
}

const withRandom = (one: Edit): Edit =>
  one.op === 'set' && 'random' in one.value
    ? {...one, value: {json: randomBytes(one.value.random).toString('base64')}}
    : one;

function edit(old: string | undefined, {edits, node, file}: FileStep): Edited {
  const before = old === undefined ? undefined : contentOf(old);
  if (old !== undefined && before === undefined) {
    throw new EditError(`${file} of node ${node} does not hold one YAML object: correct it by hand first.`);
  }
  const makes = edits[0]?.op === 'set' && edits[0].path.length === 0;
  if (before === undefined && !makes) throw new EditError(`There is no ${file} on node ${node}.`);
  const after = fileAfter(before, edits);
  if (after === undefined) return {before, after, text: undefined};
  if (old === undefined || before === undefined) {
    return {before, after, text: `${blockText(after, styleOf(''), 0)}\n`};
  }
  if (makes) {
    // A key that was made is not made again: as far as may be shown, it is what is wanted.
    if (equal(redact(before), redact(after))) return {before, after: before, text: old};
    throw new EditError(`${file} is on node ${node} already, with another content: compare them by hand.`);
  }
  return {before, after, text: spliceEdits(old, 0, [], resolveEdits(edits))};
}

/** An expected obstacle as a sentence. @throws what was not expected */
function sentence(cause: unknown): string {
  if (cause instanceof SpliceError) return cause.message.replace(' (line {line})', '');
  if (cause instanceof EditError || cause instanceof UnresolvedError || cause instanceof TargetError)
    return cause.message;
  throw cause;
}
