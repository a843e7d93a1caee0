import type {Mark, Remark} from '../../fix/plan.ts';
import {type Line, lineText} from '../layout.ts';

const words: readonly (readonly [RegExp, string])[] = [
  [/\[x\]/g, 'marked'],
  [/\[ \]/g, 'not marked'],
  [/✓/g, 'passed:'],
  [/✗/g, 'failed:'],
  [/(^|\s)[!?](?=\s)/g, '$1look closer:'],
  [/(^|\s)=(?=\s)/g, '$1unchanged:'],
  [/ ➜ /g, ' to '],
  [/[╍╌⋅╏╎╶╷╴╵⣀⣠⣤⣴⣶⣿⋯]+/g, ''],
  [/▸/g, 'selected:'],
  [/(\d+) \| (\d+) \| (\d+) \| (\d+)%/g, '$1 failed, $2 excluded, $3 in all, $4 percent'],
];

/** A text without drawings: marks are words, gaps of columns commas. */
export const said = (text: string): string =>
  words
    .reduce((left, [pattern, word]) => left.replace(pattern, word), text)
    .trim()
    .replace(/:?\s{2,}/g, (gap) => (gap.startsWith(':') ? ': ' : ', '));

/** Drawn lines as text, empty ones left out. */
export const saidLines = (lines: readonly Line[]): readonly string[] =>
  lines.map((one) => said(lineText(one))).filter((text) => text !== '');

const markWords: Readonly<Record<Mark, string>> = {
  passed: 'passed',
  failed: 'failed',
  look: 'look closer',
  same: 'unchanged',
};

/** `failed: Deployment home/web uses 310Mi.` */
export const remarked = ({mark, text}: Pick<Remark, 'mark' | 'text'>): string =>
  said(`${markWords[mark]}: ${text}`);

/** `Object 2 of 63, selected`: where the cursor is. */
export const place = (what: string, index: number, count: number): string =>
  `${what} ${index + 1} of ${count}, selected`;

/** Parts of a sentence, empty ones left out, with a full stop. */
export const sentence = (...parts: readonly (string | false | undefined)[]): string =>
  `${parts
    .filter((part) => part !== false && part !== undefined && part !== '')
    .join(', ')
    .replace(/[.,;:]$/, '')}.`;
