import {kindInfo} from '../../engine/kinds.ts';

/** A part of a file that is parsed for itself; almost always one document. */
export type Chunk = {
  readonly text: string;
  /** Offset in the file. */
  readonly start: number;
  /** Line of `start`, from 1. */
  readonly line: number;
};

const marker = /^---(?=[ \t\r\n]|$)/gm;
// Directives and explicit ends belong to a neighbour, so such a file stays in one piece.
const unsplittable = /^(?:%|\.\.\.(?=[ \t\r\n]|$))/m;

/** Splits a file at its document markers, without parsing it. A byte-order mark is in no chunk. */
export function splitDocuments(text: string): readonly Chunk[] {
  const first = text.startsWith('\uFEFF') ? 1 : 0;
  const starts = [first];
  if (!unsplittable.test(text)) {
    for (const {index} of text.matchAll(marker)) if (index > first) starts.push(index);
  }
  let line = 1;
  return starts.map((start, index) => {
    const chunk = {text: text.slice(start, starts[index + 1]), start, line};
    line += countLines(chunk.text);
    return chunk;
  });
}

export function countLines(text: string, end = text.length): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

/** Line and column of an offset in a chunk, as places in the file, from 1. */
export function position(chunk: Chunk, offset: number): {readonly line: number; readonly column: number} {
  const before = chunk.text.lastIndexOf('\n', offset - 1);
  return {line: chunk.line + countLines(chunk.text, offset), column: offset - before};
}

/** Lines of offsets in a chunk, counted on from the last one: a list of 10,000 items is read once, not 10,000 times. */
export function lineFinder(chunk: Chunk): (offset: number) => number {
  let known = 0;
  let line = chunk.line;
  return (offset) => {
    if (offset < known) {
      known = 0;
      line = chunk.line;
    }
    for (let at = chunk.text.indexOf('\n', known); at >= 0 && at < offset; ) {
      line += 1;
      at = chunk.text.indexOf('\n', at + 1);
    }
    known = offset;
    return line;
  };
}

const rootKind = /^(?:kind|"kind"|'kind')[ \t]*:[ \t]*(?:"(\w+)"|'(\w+)'|(\w+))[ \t]*(?:#.*)?\r?$/m;
const anyKind = /kind["']?\s*:\s*["']?(\w*)/g;
// A mapping whose keys all start their line; `?`, `<<` and properties before a key can hide a kind.
const plainMapping = /^(?:(?:---[ \t]*|[ \t]*)(?:#.*)?\r?\n)*[\w./-]+[ \t]*:(?=[ \t\r\n]|$)/;
const hidden = /^(?:\?|<<|[&!*"'])/m;

const isRead = (kind: string): boolean => kindInfo(kind) !== undefined || kind.endsWith('List');

/**
 * Whether a chunk can hold an object that controls read. Cheap, and never wrong in the direction that loses one:
 * 30,000 lines of custom resource definitions cost next to nothing.
 */
export function mayMatter(text: string): boolean {
  if (!text.includes('kind')) return false;
  if (unsplittable.test(text)) return true;
  const root = rootKind.exec(text);
  if (root) return isRead(root[1] ?? root[2] ?? root[3] ?? '');
  if (plainMapping.test(text) && !/^kind/m.test(text) && !hidden.test(text)) return false;
  for (const [, word] of text.matchAll(anyKind)) {
    if (word === undefined || word === '' || isRead(word)) return true;
  }
  return false;
}
