import {changedFields, type DiffLine, fold, objectDiff, textDiff} from '../../engine/diff.ts';
import {plainText} from '../../engine/text.ts';
import type {PreviewItem} from '../../target/target.ts';
import {GLYPHS} from '../glyphs.ts';
import {bad, cut, dim, good, type Line, line} from '../layout.ts';

const known = new WeakMap<PreviewItem, readonly DiffLine[]>();

function diffOf(item: PreviewItem): readonly DiffLine[] {
  let lines = known.get(item);
  if (lines === undefined) {
    lines = item.text
      ? textDiff(item.text.shown.before, item.text.shown.after)
      : objectDiff(item.before, item.after);
    known.set(item, lines);
  }
  return lines;
}

/** A preview's object as lines: before to after, unchanged runs folded unless `whole`. */
export function diffLines(item: PreviewItem, whole: boolean, width: number): readonly Line[] {
  const lines = diffOf(item);
  const isNew = item.before === undefined && item.text === undefined;
  return (whole || isNew ? lines : fold(lines)).map((row) => {
    if ('folded' in row) return line('  ', dim(`${GLYPHS.more} ${row.folded} lines as they are`));
    const indent = /^ */.exec(row.text)![0];
    const text = cut(indent + plainText(row.text.slice(indent.length)), width - 2);
    if (row.sign === '+') return line(good(`+ ${text}`));
    return row.sign === '-' ? line(bad(`- ${text}`)) : line(`  ${text}`);
  });
}

/** Fields that a preview's object gets or loses. */
export const fieldCount = ({before, after}: PreviewItem): number => changedFields(before, after);
