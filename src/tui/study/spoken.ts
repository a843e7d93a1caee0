import {lineText} from '../layout.ts';
import {footerLine, statusLines} from './bottom.ts';
import {bodyOf} from './screens/body.ts';
import type {State} from './state.ts';
import {titleLine} from './title.ts';

const words: readonly (readonly [RegExp, string])[] = [
  [/\[x\]/g, 'marked'],
  [/\[ \]/g, 'not marked'],
  [/✓/g, 'met:'],
  [/✗/g, 'not met:'],
  [/(^|\s)!(?=\s)/g, '$1look closer:'],
  [/[╍╌⋅╏╎╶╷╴╵⋯]+/g, ''],
  [/^▸/g, 'selected:'],
  [/▸/g, ','],
];

const said = (text: string): string =>
  words
    .reduce((left, [pattern, word]) => left.replace(pattern, word), text)
    .replace(/ {2,}/g, '  ')
    .trim();

/** The screen for a screen reader: title, status, body, keys; one column, marks as words. */
export function spoken(state: State): readonly string[] {
  const narrow = {...state, columns: 80, rows: Math.max(60, state.rows)};
  const body = bodyOf(narrow, narrow.rows - 5);
  return [titleLine(narrow), ...statusLines(narrow), ...body, footerLine({...narrow, columns: 200})]
    .map((one) => said(lineText(one)))
    .filter((text) => text !== '');
}
