import type {Fix} from '../engine/change.ts';
import {type Failure, findingId} from '../engine/control.ts';
import {UnresolvedError} from '../engine/edits.ts';
import {withAnswers} from '../fix/prepare.ts';
import type {FileEdit, FileFix, FixOf} from '../report/sarif.ts';
import type {PreviewItem} from '../target/target.ts';
import {lineChanges} from './line-diff.ts';
import type {Scanned} from './scan.ts';
import type {OpenTarget} from './targets.ts';

/** The automatic fix of each failing object, as lines of its file; none on a cluster. */
export async function fileFixes({result, inventory}: Scanned, target: OpenTarget): Promise<FixOf> {
  const found = new Map<string, FileFix>();
  if (target.kind === 'files') {
    for (const control of result.controls) {
      if (control.status !== 'failed') continue;
      const {control: definition, id} = control.entry;
      const fixes = [...definition.fixes(control.failures, inventory)].filter(
        ({kind}) => kind === 'automatic',
      );
      const previews = new Map<Fix, FileFix | undefined>();
      for (const failure of control.failures) {
        const own = new Set(findingsOf(definition.meta.id, failure));
        const fix = fixes.find(({clears}) => clears.some((one) => own.has(one)));
        if (fix === undefined) continue;
        if (!previews.has(fix)) previews.set(fix, await preview(fix, target));
        const edit = previews.get(fix);
        if (edit) found.set(keyOf(id, failure.resource.id, failure.resource.source), edit);
      }
    }
  }
  return (control, object, source) => found.get(keyOf(control, object, source));
}

const keyOf = (...parts: readonly string[]): string => parts.join('\n');

const findingsOf = (control: string, {resource, findings}: Failure): readonly string[] =>
  findings.map((finding) => findingId(control, resource, finding));

async function preview(fix: Fix, target: OpenTarget): Promise<FileFix | undefined> {
  let items: readonly PreviewItem[];
  try {
    items = await target.preview(withAnswers(fix.change, new Map()));
  } catch (error) {
    // What only a person knows is no automatic fix.
    if (error instanceof UnresolvedError) return undefined;
    throw error;
  }
  // A file that is not there yet has no lines to replace.
  if (items.length === 0 || items.some(({rejection, text}) => rejection !== undefined || !text?.before)) {
    return undefined;
  }
  const place = target.fromHere ?? ((path: string) => path);
  const edits = [...composedTexts(items)].flatMap(([file, {before, after}]) =>
    lineEdits(place(file), before, after),
  );
  return edits.length === 0 ? undefined : {description: `${fix.approach}: ${fix.summary}`, edits};
}

/** Each file of a preview once, as it is before the first and after the last step; refused steps change nothing. */
export function composedTexts(
  items: readonly PreviewItem[],
): ReadonlyMap<string, {readonly before: string; readonly after: string}> {
  const files = new Map<string, {first: ItemText; last: ItemText}>();
  for (const {text, rejection} of items) {
    if (text === undefined || rejection !== undefined) continue;
    files.set(text.file, {first: files.get(text.file)?.first ?? text, last: text});
  }
  // A text may be put together only when it is read, so those between are not.
  return new Map(
    [...files].map(([file, {first, last}]) => [file, {before: first.before, after: last.after}]),
  );
}

type ItemText = NonNullable<PreviewItem['text']>;

/** Two texts as replaced lines: `endLine` is the first line that stays. */
export function lineEdits(file: string, before: string, after: string): readonly FileEdit[] {
  const edits: FileEdit[] = [];
  let line = 1;
  for (const {kind, lines} of lineChanges(before, after)) {
    const last = edits.at(-1);
    const text = kind === 'added' ? lines.join('') : '';
    const endLine = kind === 'removed' ? line + lines.length : line;
    if (kind !== 'same') {
      // Removed and added lines that touch are one replacement.
      if (last?.endLine === line) edits[edits.length - 1] = {...last, endLine, text: last.text + text};
      else edits.push({file, startLine: line, endLine, text});
    }
    if (kind !== 'added') line += lines.length;
  }
  return edits;
}
