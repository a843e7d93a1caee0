import {isAlias, isMap, isPair, isScalar, isSeq, type Node, type Pair} from 'yaml';
import {lineChanges} from '../../src/cli/line-diff.ts';
import type {Edit} from '../../src/engine/change.ts';
import type {Json} from '../../src/engine/json.ts';
import {elementIndex, type Path} from '../../src/engine/path.ts';

type Span = {readonly start: number; readonly end: number};

/** Where edits may touch a text: bytes that they replace, and stretches in which they may add lines. */
export type Touched = {readonly replaced: Span[]; readonly grown: Span[]};

/** Adds what edits of the object at `root` may touch. Ranges are those of the parser, not of our splices. */
export function touch(text: string, root: Node, edits: readonly Edit[], {replaced, grown}: Touched): void {
  for (const {op, path} of edits) {
    const {node, pair, holder, rest} = descend(root, path);
    const [start, end] = rangeOf(node, pair);
    const lines = {start: lineStart(text, start), end: lineEnd(text, end)};
    if (rest.length > 0) {
      if (op === 'remove') continue;
      if ((isMap(node) || isSeq(node)) && !node.flow && node.items.length > 0) grown.push(lines);
      else replaced.push({start: pair ? keyEnd(pair) : start, end});
    } else if (op === 'set' && isScalar(node)) {
      // An empty value has no bytes: it begins where its key ends.
      replaced.push({start: start === end && pair ? keyEnd(pair) : start, end});
    } else {
      const from = pair ? keyStart(pair) : start;
      const first = holder?.items[0] === (pair ?? node);
      const isFlow = holder?.flow === true;
      const isAlone = text.slice(lines.start, from).trim() === '';
      // The next entry takes the place of the first one, also behind its dash.
      replaced.push({
        start: isFlow || !isAlone ? from : lines.start,
        end: first && !isFlow ? nextWord(text, lines.end) : isFlow ? nextWord(text, end + 1) : lines.end,
      });
      // An empty rest may be written in the line of its key.
      if (holder?.items.length === 1 && holder.range) {
        replaced.push({start: lineEnd(text, lineStart(text, holder.range[0]) - 2) - 2, end: lines.end});
      }
    }
  }
}

/**
 * The first stretch of `before` that is gone or cut in two although no edit touches it, undefined where every byte that
 * the edits leave alone is in `after`, in order.
 */
export function untouchedLoss(before: string, after: string, touched: Touched): string | undefined {
  let at = 0;
  const changes = lineChanges(before, after);
  for (let index = 0; index < changes.length; index += 1) {
    const {kind, lines} = changes[index]!;
    const text = lines.join('');
    if (kind === 'added') {
      if (!touched.grown.concat(touched.replaced).some(({start, end}) => start <= at && at <= end)) {
        return `Nothing is added here: ${text}`;
      }
      continue;
    }
    if (kind === 'removed') {
      const next = changes[index + 1];
      const added = next?.kind === 'added' ? next.lines.join('') : '';
      if (added !== '') index += 1;
      let from = 0;
      for (const kept of keptOf(text, at, touched.replaced)) {
        const found = added.indexOf(kept, from);
        if (found < 0) return kept;
        from = found + kept.length;
      }
    }
    at += text.length;
  }
  return undefined;
}

/** What no edit replaces of a text that stands at `at`. */
function keptOf(text: string, at: number, replaced: readonly Span[]): readonly string[] {
  const kept: string[] = [];
  let from = at;
  const spans = replaced
    .filter(({start, end}) => start <= at + text.length && end >= at)
    .toSorted((a, b) => a.start - b.start);
  for (const {start, end} of spans) {
    if (start > from) kept.push(text.slice(from - at, start - at));
    from = Math.max(from, end);
  }
  kept.push(text.slice(Math.min(from - at, text.length)));
  return kept.filter((one) => one !== '');
}

/** The node at a path, or the last one on its way with what is left of the path. */
function descend(root: Node, path: Path) {
  let node: Node | null = root;
  let pair: Pair<Node, Node | null> | undefined;
  let holder: {readonly items: readonly unknown[]; flow?: boolean; range?: Node['range']} | undefined;
  for (const [index, segment] of path.entries()) {
    let next: unknown;
    if (isMap<Node, Node | null>(node)) {
      next = node.items.find(({key}) => isScalar(key) && String(key.value) === segment);
    } else if (isSeq<Node>(node)) {
      next = node.items[elementIndex(node.toJSON() as Json[], segment)];
    }
    if (next === undefined || isAlias(node)) return {node, pair, holder, rest: path.slice(index)};
    holder = isMap(node) || isSeq(node) ? (node as typeof holder) : undefined;
    pair = isPair<Node, Node | null>(next) ? next : undefined;
    node = pair ? pair.value : (next as Node);
  }
  return {node, pair, holder, rest: []};
}

const rangeOf = (node: Node | null, pair: Pair<Node, Node | null> | undefined): readonly [number, number] => {
  if (node?.range) return [node.range[0], node.range[1]];
  const end = pair ? keyEnd(pair) : 0;
  return [end, end];
};
const keyStart = ({key}: Pair<Node, Node | null>): number => key.range?.[0] ?? 0;
const keyEnd = ({key}: Pair<Node, Node | null>): number => key.range?.[1] ?? 0;
const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;
/** Behind the line break; a collection in block style ends there already. */
const lineEnd = (text: string, at: number): number => {
  if (text[at - 1] === '\n') return at;
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
};
const nextWord = (text: string, at: number): number => {
  const next = text.slice(at).search(/\S/);
  return next < 0 ? text.length : at + next;
};
