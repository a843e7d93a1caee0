import {diffArrays} from 'diff';
import {stringify} from 'yaml';
import {isArray, isObject, type Json, type JsonObject} from './json.ts';

export type DiffLine = {readonly sign: ' ' | '+' | '-'; readonly text: string};
/** A line, or a run of lines that are the same on both sides. */
export type DiffRow = DiffLine | {readonly folded: number};

const headOfMetadata = ['name', 'namespace', 'labels', 'annotations'];

const ordered = (object: JsonObject, first: readonly string[]): JsonObject =>
  Object.fromEntries([
    ...first.filter((key) => key in object).map((key) => [key, object[key]!] as const),
    ...Object.entries(object).filter(([key]) => !first.includes(key)),
  ]);

/** An object as kubectl prints it: its fields in the order of the alphabet, its name before its labels. */
export function objectYaml(object: JsonObject): string {
  const metadata = isObject(object.metadata) ? {metadata: ordered(object.metadata, headOfMetadata)} : {};
  const top = Object.keys(object).sort();
  return stringify(ordered({...object, ...metadata}, top), {lineWidth: 0, indentSeq: false}).trimEnd();
}

/** Two objects as YAML, line by line. `before` undefined: made; `after` undefined: deleted. */
export const objectDiff = (
  before: JsonObject | undefined,
  after: JsonObject | undefined,
): readonly DiffLine[] =>
  textDiff(before === undefined ? '' : objectYaml(before), after === undefined ? '' : objectYaml(after));

export function textDiff(before: string, after: string): readonly DiffLine[] {
  const lines = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));
  return diffArrays(lines(before), lines(after)).flatMap((part) =>
    part.value.map((text): DiffLine => ({sign: part.added ? '+' : part.removed ? '-' : ' ', text})),
  );
}

/**
 * The diff with long runs of unchanged lines folded. Kept are `context` lines around each change, and the lines that
 * say where it is: the parents, by their indent.
 */
export function fold(lines: readonly DiffLine[], context = 2): readonly DiffRow[] {
  const near = new Set<number>();
  const parents = new Set<number>();
  for (const [index, line] of lines.entries()) {
    if (line.sign === ' ') continue;
    for (let at = index - context; at <= index + context; at += 1) near.add(at);
    for (const parent of parentsOf(lines, index)) parents.add(parent);
  }
  const rows: DiffRow[] = [];
  let left: DiffLine[] = [];
  let above: DiffLine[] = [];
  // What was left out before and between the parents of a change is told once, above them.
  const flush = () => {
    if (left.length === 1 && above.length === 0) rows.push(left[0]!);
    else if (left.length > 0) rows.push({folded: left.length});
    rows.push(...above);
    left = [];
    above = [];
  };
  for (const [index, line] of lines.entries()) {
    if (near.has(index)) {
      flush();
      rows.push(line);
    } else if (parents.has(index)) above.push(line);
    else left.push(line);
  }
  flush();
  return rows;
}

function parentsOf(lines: readonly DiffLine[], index: number): readonly number[] {
  const parents: number[] = [];
  const start = lines[index]!.text;
  let indent = start.search(/\S/);
  let belowItem = start.startsWith('- ', indent);
  for (let at = index - 1; at >= 0 && (indent > 0 || belowItem); at -= 1) {
    const {text} = lines[at]!;
    const column = text.search(/\S/);
    const isItem = text.startsWith('- ', column);
    // A list's elements stand in the column of its key.
    if (column < 0 || column > indent || (column === indent && (isItem || !belowItem))) continue;
    parents.push(at);
    indent = column;
    belowItem = isItem;
  }
  return parents;
}

/** Fields that an edit set or removed between two values, counted at their leaves. */
export function changedFields(before: Json | undefined, after: Json | undefined): number {
  if (before === undefined || after === undefined) return before === after ? 0 : 1;
  if (isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].reduce((sum, key) => sum + changedFields(before[key], after[key]), 0);
  }
  if (isArray(before) && isArray(after) && before.length === after.length) {
    return before.reduce<number>((sum, item, index) => sum + changedFields(item, after[index]), 0);
  }
  return JSON.stringify(before) === JSON.stringify(after) ? 0 : 1;
}
