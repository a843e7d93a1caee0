import {GLYPHS} from './glyphs.ts';
import type {Style} from './theme.ts';

/** A run of text in one style. */
export type Span = Style & {readonly text: string};
/** One row of a screen, or of a pane. */
export type Line = readonly Span[];
/** Text, or text with a style, or a part that is left out. */
export type Part = string | Span | Line | undefined | false;

export const EMPTY: Line = [];

const isLine = (part: Part): part is Line => Array.isArray(part);

/** A line from its parts. */
export function line(...parts: readonly Part[]): Line {
  const spans: Span[] = [];
  for (const part of parts) {
    if (part === undefined || part === false || part === '') continue;
    if (typeof part === 'string') spans.push({text: part});
    else if (isLine(part)) spans.push(...part);
    else if (part.text !== '') spans.push(part);
  }
  return spans;
}

export const dim = (text: string): Span => ({text, role: 'dim'});
export const accent = (text: string): Span => ({text, role: 'accent'});
export const good = (text: string): Span => ({text, role: 'good'});
export const bad = (text: string): Span => ({text, role: 'bad'});
export const warn = (text: string): Span => ({text, role: 'warn'});
export const bold = (text: string): Span => ({text, bold: true});

const narrow =
  /^[\u0020-\u007e\u2190-\u21ff\u22c5\u22ef\u2504-\u254f\u25b8\u2713\u2717\u279c\u2800-\u28ff]*$/;
const wide =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const zero = /[\p{Mn}\p{Me}\p{Cf}]/u;

const charWidth = (char: string): number => (zero.test(char) ? 0 : wide.test(char) ? 2 : 1);

/** Columns that a text takes. */
export function widthOf(text: string): number {
  if (narrow.test(text)) return text.length;
  let width = 0;
  for (const char of text) width += charWidth(char);
  return width;
}

export const lineWidth = (spans: Line): number => spans.reduce((sum, {text}) => sum + widthOf(text), 0);
export const lineText = (spans: Line): string => spans.map(({text}) => text).join('');

/** The part of a text that fits into a width. */
function fitting(text: string, width: number): string {
  if (narrow.test(text)) return text.slice(0, Math.max(0, width));
  let used = 0;
  let end = 0;
  for (const char of text) {
    used += charWidth(char);
    if (used > width) break;
    end += char.length;
  }
  return text.slice(0, end);
}

/** The text in at most `width` columns; what is cut shows as `⋯` at its end. */
export const cut = (text: string, width: number): string =>
  widthOf(text) <= width ? text : width <= 0 ? '' : fitting(text, width - 1) + GLYPHS.more;

/** As `cut`, with the middle left out: for addresses, paths and names of contexts. */
export function cutMiddle(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  if (width <= 2) return cut(text, width);
  const tail = Math.floor((width - 1) / 2);
  return `${fitting(text, width - 1 - tail)}${GLYPHS.more}${[...text].slice(-tail).join('')}`;
}

export const padEnd = (text: string, width: number): string => {
  const shown = cut(text, width);
  return shown + ' '.repeat(Math.max(0, width - widthOf(shown)));
};
export const padStart = (text: string, width: number): string => {
  const shown = cut(text, width);
  return ' '.repeat(Math.max(0, width - widthOf(shown))) + shown;
};

/** The line in exactly `width` columns. */
export function padLine(spans: Line, width: number): Line {
  const used = lineWidth(spans);
  if (used > width) return cutLine(spans, width);
  return used === width ? spans : [...spans, {text: ' '.repeat(width - used)}];
}

/** The line in at most `width` columns, `⋯` where it was cut. */
export function cutLine(spans: Line, width: number): Line {
  if (lineWidth(spans) <= width) return spans;
  const kept: Span[] = [];
  let room = width;
  for (const span of spans) {
    const needs = widthOf(span.text);
    if (needs < room) {
      kept.push(span);
      room -= needs;
    } else {
      kept.push({...span, text: fitting(span.text, room - 1) + GLYPHS.more});
      break;
    }
  }
  return kept;
}

/** Left and right at the two ends of a width; the left is cut where both don't fit. */
export function ends(left: Line, right: Line, width: number): Line {
  const rightWidth = lineWidth(right);
  if (rightWidth === 0) return cutLine(left, width);
  const room = Math.max(0, width - rightWidth - 1);
  const shown = cutLine(left, room);
  return [...shown, {text: ' '.repeat(Math.max(1, width - lineWidth(shown) - rightWidth))}, ...right];
}

/** Wraps a sentence at blanks; a word that no line holds is cut into pieces. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let current = '';
  for (let word of text.split(/\s+/)) {
    if (word === '') continue;
    if (current !== '' && widthOf(current) + 1 + widthOf(word) > width) {
      lines.push(current);
      current = '';
    }
    while (widthOf(word) > width) {
      const head = fitting(word, width) || word;
      lines.push(head);
      word = word.slice(head.length);
    }
    current = current === '' ? word : `${current} ${word}`;
  }
  if (current !== '') lines.push(current);
  return lines;
}

/** The chosen row of a pane: its background covers the pane's width. */
export const select = (spans: Line, width: number): Line =>
  padLine(spans, width).map((span) => ({...span, selected: true}));

/** Lines of a left and a right pane beside each other, a dashed line between them. */
export function beside(
  left: readonly Line[],
  right: readonly Line[],
  leftWidth: number,
  height: number,
): Line[] {
  return Array.from({length: height}, (_, row) => [
    ...padLine(left[row] ?? EMPTY, leftWidth),
    dim(` ${GLYPHS.separator} `),
    ...(right[row] ?? EMPTY),
  ]);
}

/** A thin line: the heavy part for what passes. At least one heavy cell above 0, one light cell below 100. */
export function bar(percent: number, cells: number): Line {
  const heavy =
    percent <= 0
      ? 0
      : percent >= 100
        ? cells
        : Math.min(cells - 1, Math.max(1, Math.floor((cells * percent) / 100)));
  return line(accent(GLYPHS.heavy.repeat(heavy)), dim(GLYPHS.light.repeat(cells - heavy)));
}

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
