import {structuredPatch} from 'diff';
import {objectYaml} from '../../engine/diff.ts';
import {plainText} from '../../engine/text.ts';
import type {PreviewItem} from '../../target/target.ts';
import {composedTexts} from '../file-fixes.ts';

type Text = {readonly name: string; readonly before: string; readonly after: string};

/**
 * A previewed change as a unified diff. Of files it is what `git apply` takes, from the folder that `place` writes paths
 * for; of a cluster each object is a file of its own.
 */
export function unifiedDiff(
  items: readonly PreviewItem[],
  place: (file: string) => string = (file) => file,
): string {
  const onDisk = items.some(({text}) => text !== undefined);
  const texts: readonly Text[] = onDisk
    ? [...composedTexts(items)].map(([file, text]) => ({name: place(file), ...text}))
    : items.flatMap(objectText);
  return texts.map(patchOf).join('');
}

function objectText({ref, before, after, rejection}: PreviewItem): readonly Text[] {
  if (rejection !== undefined) return [];
  const yaml = (object: typeof before): string => (object === undefined ? '' : `${objectYaml(object)}\n`);
  const name = [ref.namespace || 'cluster', `${ref.kind.toLowerCase()}-${ref.name}.yaml`].join('/');
  return [{name: plainText(name), before: yaml(before), after: yaml(after)}];
}

function patchOf({name, before, after}: Text): string {
  const {hunks} = structuredPatch('', '', before, after, '', '', {context: 3});
  if (hunks.length === 0) return '';
  const lines = [
    `--- ${before === '' ? '/dev/null' : quoted(`a/${name}`)}`,
    `+++ ${after === '' ? '/dev/null' : quoted(`b/${name}`)}`,
  ];
  for (const hunk of hunks) {
    lines.push(`@@ -${range(hunk.oldStart, hunk.oldLines)} +${range(hunk.newStart, hunk.newLines)} @@`);
    lines.push(...hunk.lines);
  }
  return `${lines.join('\n')}\n`;
}

/** No line on a side: the number of the line before it. */
const range = (start: number, lines: number): string =>
  lines === 1 ? String(start) : `${lines === 0 ? start - 1 : start},${lines}`;

/** As git writes names: quoted where a character would end them, a tab behind one with a space. */
function quoted(name: string): string {
  if (/["\\\n\t\r]/.test(name)) return JSON.stringify(name);
  return name.includes(' ') ? `${name}\t` : name;
}
