import {isMap, isScalar, isSeq, type ParsedNode} from 'yaml';
import type {Json} from '../../engine/json.ts';
import type {Ref} from '../../engine/objects.ts';
import type {Path} from '../../engine/path.ts';
import {position} from './documents.ts';
import type {Draft, Place} from './draft.ts';
import {placeOf} from './operations.ts';
import {parseYaml, toJson, type YamlDocument} from './yaml.ts';

export type Position = {readonly file: string; readonly line: number; readonly column: number};

type Parsed = readonly {readonly document: YamlDocument; readonly data: Json}[];

/**
 * Finds where fields stand in the files as they are now, or the nearest parent that is there; line and column from 1.
 * Each document is parsed once, however many of its fields are asked for.
 */
export function locator(draft: Draft): (ref: Ref, path: Path) => Position | undefined {
  const known = new Map<string, Parsed>();
  const parse = (text: string): Parsed => {
    const found = known.get(text);
    if (found) return found;
    const parsed = parseYaml(text).map((document) => ({document, data: toJson(document)}));
    known.set(text, parsed);
    return parsed;
  };
  return (ref, path) => {
    const place = draft.find(ref);
    return place && positionOf(place, path, parse(place.chunk.text));
  };
}

function positionOf({file, chunk, found}: Place, path: Path, parsed: Parsed): Position {
  const {document, data} = parsed[found.document]!;
  const place = placeOf(data, [...found.path, ...path]);
  let node: ParsedNode | null = document.contents;
  let offset = node?.range[0] ?? 0;
  for (const key of place) {
    let next: ParsedNode | null | undefined;
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
      if (!pair) break;
      offset = (pair.key as ParsedNode).range[0];
      next = pair.value as ParsedNode | null;
    } else if (isSeq(node) && typeof key === 'number') {
      next = node.items[key] as ParsedNode | undefined;
      if (!next) break;
      offset = next.range[0];
    }
    if (!next) break;
    node = next;
  }
  return {file, ...position(chunk, offset)};
}
