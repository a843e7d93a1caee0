import {changedFields, type DiffLine, fold, objectDiff, textDiff} from '../../engine/diff.ts';
import {plainText} from '../../engine/text.ts';
import type {PreviewItem} from '../../target/target.ts';
import {GLYPHS} from '../glyphs.ts';
import {bad, cut, dim, good, type Line, line, padEnd} from '../layout.ts';

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

/** Before and after beside each other: a line that changed stands in the row of what it became. */
export function sideLines(item: PreviewItem, width: number): readonly Line[] {
  if (item.text === undefined && (item.before === undefined || item.after === undefined)) {
    return diffLines(item, false, width);
  }
  const half = Math.floor((width - 2) / 2);
  const head = line(dim(padEnd('Before', half)), '  ', dim('After'));
  const rows: Line[] = [head];
  let removed: string[] = [];
  let added: string[] = [];
  const flush = (): void => {
    for (let at = 0; at < Math.max(removed.length, added.length); at += 1) {
      const [old, now] = [removed[at], added[at]];
      rows.push(
        line(
          old === undefined ? ' '.repeat(half) : bad(padEnd(cellOf('-', old, half), half)),
          '  ',
          now === undefined ? '' : good(cellOf('+', now, half)),
        ),
      );
    }
    removed = [];
    added = [];
  };
  for (const row of fold(diffOf(item))) {
    if ('sign' in row && row.sign === '-') removed.push(row.text);
    else if ('sign' in row && row.sign === '+') added.push(row.text);
    else {
      flush();
      const same =
        'folded' in row ? `  ${GLYPHS.more} ${row.folded} lines as they are` : cellOf(' ', row.text, half);
      const span = (text: string) => ('folded' in row ? dim(text) : {text});
      rows.push(line(span(padEnd(same, half)), '  ', span(cut(same, half))));
    }
  }
  flush();
  return rows;
}

function cellOf(sign: DiffLine['sign'], text: string, width: number): string {
  const indent = /^ */.exec(text)![0];
  return cut(`${sign} ${indent}${plainText(text.slice(indent.length))}`, width);
}

/** Fields that a preview's object gets or loses. */
export const fieldCount = ({before, after}: PreviewItem): number => changedFields(before, after);
