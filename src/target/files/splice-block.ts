import {isMap, isScalar, type Scalar} from 'yaml';
import {isArray, isObject, type Json} from '../../engine/json.ts';
import {type Entry, entriesOf, type Found, isFlow} from './locate.ts';
import {blockText, flowText, type Style, scalarText} from './yaml-text.ts';

/** A replacement of text. */
export type Splice = {readonly start: number; readonly end: number; readonly text: string};

// A search from before the start would find a line break that is the very first character.
export const lineStart = (text: string, offset: number): number =>
  offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;

/** Where the line of an offset ends, its line break not counted. */
export function lineEnd(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  if (at < 0) return text.length;
  return at > offset && text[at - 1] === '\r' ? at - 1 : at;
}

const isBlank = (text: string): boolean => /^[ \t]*$/.test(text);
const column = (text: string, offset: number): number => offset - lineStart(text, offset);
const isWritten = (json: Json): boolean =>
  (isArray(json) && json.length > 0) || (isObject(json) && Object.keys(json).length > 0);

/** A new pair or element of a block collection. `index`: what it stands before; a pair always comes last. */
export function insertBlock(
  found: Found,
  index: number,
  key: string | number,
  json: Json,
  text: string,
  style: Style,
): Splice {
  const {entries} = found;
  const near = entries[Math.max(0, index - 1)]!;
  const indent = column(text, near.start);
  const lines = blockText(typeof key === 'string' ? {[key]: json} : [json], style, indent);
  if (index === 0 && typeof key === 'number') {
    return {start: near.start, end: near.start, text: lines.trimStart() + style.eol + ' '.repeat(indent)};
  }
  const at = lineEnd(text, near.end);
  return {start: at, end: at, text: style.eol + lines};
}

/** Another value for a pair or element of a block collection. */
export function replaceBlock(found: Found, json: Json, text: string, style: Style): Splice {
  const {collection, entries, index} = found;
  const entry = entries[index]!;
  const {node} = entry;
  if (isWritten(json)) {
    const inFlow =
      node !== null && (isMap(node) || 'items' in node) && isFlow(node) && entriesOf(node, text).length > 0;
    if (inFlow) return {start: entry.value, end: entry.end, text: flowText(json, false)};
    return isMap(collection) ? blockBelow(entry, json, text, style) : blockBeside(entry, json, text, style);
  }
  const old = node !== null && isScalar(node) ? node.type : undefined;
  if (typeof json === 'string' && json.includes('\n') && isBlockScalar(old) && isMap(collection)) {
    const lines = blockText({[entry.key]: json}, style, column(text, entry.start)).trimStart();
    return {start: entry.start, end: entry.end, text: lines};
  }
  const quotes = old === 'QUOTE_DOUBLE' || old === 'QUOTE_SINGLE' ? old : 'PLAIN';
  const scalar = scalarText(json, quotes, style);
  const markEnd = lineEnd(text, entry.mark);
  const isBlock = node !== null && 'items' in node && !isFlow(node);
  if (entry.value === entry.end || (isBlock && entry.value > markEnd)) {
    // The value is missing, or a block on later lines: the scalar goes behind the mark, before the comments that stand there.
    const comments = text.slice(entry.mark, entry.value > markEnd ? endBefore(text, entry.value) : markEnd);
    const value = json === null ? '' : ` ${scalar}`;
    return {start: entry.mark, end: Math.max(entry.end, markEnd), text: value + comments.trimEnd()};
  }
  return {start: entry.value, end: entry.end, text: scalar};
}

/** Where the line before that of an offset ends. */
function endBefore(text: string, offset: number): number {
  const start = lineStart(text, offset);
  return text.startsWith('\r\n', start - 2) ? start - 2 : Math.max(0, start - 1);
}

const isBlockScalar = (type: Scalar.Type | undefined): boolean =>
  type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED';

/** A block collection on the lines below its key; a comment behind the key stays there. */
function blockBelow(entry: Entry, json: Json, text: string, style: Style): Splice {
  const indent = column(text, entry.start) + (isArray(json) && !style.indentLists ? 0 : style.step);
  const lines = style.eol + blockText(json, style, indent);
  const markEnd = lineEnd(text, entry.mark);
  if (entry.value > markEnd) return {start: endBefore(text, entry.value), end: entry.end, text: lines};
  const last = lineEnd(text, entry.end);
  return {start: entry.mark, end: last, text: text.slice(entry.end, last).trimEnd() + lines};
}

/** A block collection that begins behind the dash of its element. */
function blockBeside(entry: Entry, json: Json, text: string, style: Style): Splice {
  const indent = column(text, entry.start) + 2;
  return {start: entry.mark, end: entry.end, text: ` ${blockText(json, style, indent).trimStart()}`};
}

/** Without a pair or element that is not the only one. */
export function removeBlock({entries, index}: Found, text: string): Splice {
  const entry = entries[index]!;
  const start = lineStart(text, entry.start);
  const next = entries[index + 1];
  if (isBlank(text.slice(start, entry.start))) {
    const end = lineEnd(text, entry.end);
    const after = text.startsWith('\r\n', end) ? end + 2 : end + 1;
    if (end < text.length) return {start, end: after, text: ''};
    return {start: endBefore(text, start), end, text: ''};
  }
  // It stands behind a dash: the next one moves up to it, unless a comment is between them.
  if (next && text.slice(entry.end, next.start).trim() === '')
    return {start: entry.start, end: next.start, text: ''};
  return {start: entry.start, end: entry.end, text: ''};
}
