import {objectYaml} from '../../engine/diff.ts';
import {plainText} from '../../engine/text.ts';
import type {PreviewItem} from '../../target/target.ts';
import {composedTexts} from '../file-fixes.ts';
import {type LineChange, lineChanges} from '../line-diff.ts';

type Text = {readonly name: string; readonly before: string; readonly after: string};

/**
 * A previewed change as a unified diff. Of files it is what `git apply` takes, from the folder that `place` writes paths
 * for; of a cluster each object is a file of its own.
 */
export function unifiedDiff(
  items: readonly PreviewItem[],
  place: (file: string) => string = (file) => file,
  show: (text: string) => string = (text) => text,
): string {
  // A cluster whose nodes' files are here has both.
  const texts: readonly Text[] = [
    ...[...composedTexts(items)].map(([file, text]) => ({
      name: place(file),
      before: show(text.before),
      after: show(text.after),
    })),
    ...items
      .filter(({text, confirmedBy}) => text === undefined && confirmedBy !== 'parsed')
      .flatMap(objectText),
  ];
  return texts.map(patchOf).join('');
}

function objectText({ref, before, after, rejection}: PreviewItem): readonly Text[] {
  if (rejection !== undefined) return [];
  const yaml = (object: typeof before): string => (object === undefined ? '' : `${objectYaml(object)}\n`);
  const name = [ref.namespace || 'cluster', `${ref.kind.toLowerCase()}-${ref.name}.yaml`].join('/');
  return [{name: plainText(name), before: yaml(before), after: yaml(after)}];
}

const context = 3;

function patchOf({name, before, after}: Text): string {
  const changes = lineChanges(before, after);
  if (changes.every(({kind}) => kind === 'same')) return '';
  const lines = [
    `--- ${before === '' ? '/dev/null' : quoted(`a/${name}`)}\n`,
    `+++ ${after === '' ? '/dev/null' : quoted(`b/${name}`)}\n`,
    ...hunks(changes),
  ];
  return lines.join('');
}

type Line = {
  readonly sign: ' ' | '+' | '-';
  readonly text: string;
  readonly old: number;
  readonly now: number;
};

/** Runs of changed lines with the lines around them, under their `@@` line. */
function hunks(changes: readonly LineChange[]): readonly string[] {
  const groups: Line[][] = [];
  let quiet: Line[] = [];
  let [old, now] = [1, 1];
  for (const {kind, lines} of changes) {
    const sign = kind === 'same' ? ' ' : kind === 'added' ? '+' : '-';
    for (const text of lines) {
      const line = {sign, text, old, now} as const;
      if (sign !== '+') old += 1;
      if (sign !== '-') now += 1;
      if (sign === ' ') {
        quiet.push(line);
        continue;
      }
      const group = groups.at(-1);
      if (group && quiet.length <= 2 * context) group.push(...quiet, line);
      else {
        group?.push(...quiet.slice(0, context));
        groups.push([...quiet.slice(-context), line]);
      }
      quiet = [];
    }
  }
  groups.at(-1)?.push(...quiet.slice(0, context));
  return groups.flatMap((group) => [
    `@@ -${range(group, '+', 'old')} +${range(group, '-', 'now')} @@\n`,
    ...group.map(
      ({sign, text}) => `${sign}${text}${text.endsWith('\n') ? '' : '\n\\ No newline at end of file\n'}`,
    ),
  ]);
}

/** First line and number of lines of a side; where it has none, the line before. */
function range(group: readonly Line[], other: Line['sign'], side: 'old' | 'now'): string {
  const count = group.filter(({sign}) => sign !== other).length;
  const start = (group[0]?.[side] ?? 1) - (count === 0 ? 1 : 0);
  return count === 1 ? String(start) : `${start},${count}`;
}

/** As git writes names: quoted where a character would end them, a tab behind one with a space. */
function quoted(name: string): string {
  if (/["\\\n\t\r]/.test(name)) return JSON.stringify(name);
  return name.includes(' ') ? `${name}\t` : name;
}
