import {
  type CST,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type ParsedNode,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import {formatPath} from '../../engine/path.ts';
import type {Place} from './operations.ts';
import type {YamlDocument} from './yaml.ts';

/**
 * A construct that can't be edited in place without touching something else: what, where, and what to do. `{line}` in
 * the message is the line of `offset`, which only the file can tell.
 */
export class SpliceError extends Error {
  override readonly name = 'SpliceError';
  readonly offset: number;

  constructor(message: string, offset = 0, options?: ErrorOptions) {
    super(message, options);
    this.offset = offset;
  }
}

export type Collection = YAMLMap.Parsed | YAMLSeq.Parsed;

/** A pair or a list element, as offsets in the text. */
export type Entry = {
  readonly key: string | number;
  /** Of the key, or of the dash of a list element. */
  readonly start: number;
  /** Just behind the colon or the dash. */
  readonly mark: number;
  /** Of the value with its anchor and tag; equal to `end` where there is none. */
  readonly value: number;
  /** Behind the value's last character, comments not counted. */
  readonly end: number;
  readonly node: ParsedNode | null;
};

export const isFlow = (node: Collection): boolean => node.srcToken?.type === 'flow-collection';

const tokenAt = (tokens: readonly CST.SourceToken[] | undefined, ...types: readonly string[]) =>
  tokens?.find(({type}) => types.includes(type));

/** The entries of a collection in the order of the text. */
export function entriesOf(collection: Collection, text: string): readonly Entry[] {
  if (isMap(collection)) {
    return collection.items.map((pair): Entry => {
      const {key, value: node, srcToken} = pair as typeof pair & {key: ParsedNode};
      const {start, sep} = srcToken ?? {start: []};
      if (tokenAt(start, 'explicit-key-ind'))
        throw new SpliceError('Keys marked with `?` are not edited here.');
      const keyText = isScalar(key) && typeof key.value !== 'symbol' ? String(key.value ?? '') : '<<';
      const colon = tokenAt(sep, 'map-value-ind');
      const mark = colon ? colon.offset + 1 : key.range[1];
      return {
        key: keyText,
        start: tokenAt(start, 'anchor', 'tag')?.offset ?? key.range[0],
        mark,
        ...extent(node, tokenAt(sep, 'anchor', 'tag')?.offset, mark, text),
        node,
      };
    });
  }
  const tokens = collection.srcToken?.items ?? [];
  const written = isFlow(collection) ? tokens : tokens.filter(({start}) => tokenAt(start, 'seq-item-ind'));
  return collection.items.map((item, index): Entry => {
    const node = item as ParsedNode;
    const start = written[index]?.start;
    const dash = tokenAt(start, 'seq-item-ind')?.offset;
    const mark = dash === undefined ? node.range[0] : dash + 1;
    const place = extent(node, tokenAt(start, 'anchor', 'tag')?.offset, mark, text);
    return {key: index, start: dash ?? place.value, mark, ...place, node};
  });
}

function extent(node: ParsedNode | null, props: number | undefined, mark: number, text: string) {
  if (
    node === null ||
    (isScalar(node) && node.source === '' && node.type === 'PLAIN' && props === undefined)
  ) {
    return {value: mark, end: mark};
  }
  return {value: props ?? node.range[0], end: contentEnd(node, mark, text)};
}

/** Where the content of a node ends: a block collection's range goes on over comments, a block scalar's line break. */
export function contentEnd(node: ParsedNode, mark: number, text: string): number {
  if ((isMap(node) || isSeq(node)) && !isFlow(node)) return entriesOf(node, text).at(-1)?.end ?? mark;
  const end = node.range[1];
  if (isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED')) {
    return end - (/\r?\n$/.exec(text.slice(node.range[0], end))?.[0].length ?? 0);
  }
  return end;
}

export type Found = {
  readonly collection: Collection;
  readonly entries: readonly Entry[];
  /** -1: the key is not there (yet). */
  readonly index: number;
  /** How many segments of the place lead to the collection. */
  readonly depth: number;
  /** The key comes from a merge (`<<`). */
  readonly merged: boolean;
};

/** Finds a place in a document. @throws {SpliceError} where a change would reach other places too. */
export function locate(document: YamlDocument, place: Place, text: string): Found {
  let node: ParsedNode | null = document.contents;
  for (const [depth, key] of place.entries()) {
    const at = formatPath(place.slice(0, depth)) || 'The document';
    if (isAlias(node)) throw belowAlias(at, node.source, node.range[0]);
    if (!isMap(node) && !isSeq(node))
      throw new SpliceError(`${at} is written in a way that can not be edited.`);
    refuseShared(document, node, at);
    const entries = entriesOf(node, text);
    const index = entries.findIndex((entry) => entry.key === key);
    const entry = entries[index];
    if (entry === undefined || depth === place.length - 1) {
      if (entry?.node) refuseShared(document, entry.node, formatPath(place.slice(0, depth + 1)));
      const merged = entry === undefined && entries.some((one) => one.key === '<<');
      return {collection: node, entries, index, depth, merged};
    }
    node = entry.node;
  }
  throw new SpliceError('A document can not be replaced as a whole.');
}

const belowAlias = (at: string, name: string, offset: number): SpliceError =>
  new SpliceError(
    `${at} is the alias *${name} (line {line}): write its content out there, or edit the anchor &${name} by hand, which changes every place that uses it.`,
    offset,
  );

function refuseShared(document: YamlDocument, node: ParsedNode, at: string): void {
  if (isAlias(node) || node.anchor === undefined) return;
  let uses = 0;
  visit(document, {
    Alias: (_, alias) => {
      if (alias.source === node.anchor) uses += 1;
    },
  });
  if (uses === 0) return;
  const others = uses === 1 ? '1 other place uses' : `${uses} other places use`;
  throw new SpliceError(
    `${at} has the anchor &${node.anchor} (line {line}), which ${others}: edit it by hand if all of them shall change, else write it out here.`,
    node.range[0],
  );
}
