import {isMap, isScalar, isSeq, type ParsedNode} from 'yaml';
import type {Path} from '../../engine/path.ts';
import {position} from './documents.ts';
import type {Place} from './draft.ts';
import {placeOf} from './operations.ts';
import {parseYaml, toJson} from './yaml.ts';

/** Line and column, from 1, where a field stands in the file, or the nearest parent of it that is there. */
export function positionOf(
  {chunk, found}: Place,
  path: Path,
): {readonly line: number; readonly column: number} {
  const document = parseYaml(chunk.text)[found.document]!;
  const place = placeOf(toJson(document), [...found.path, ...path]);
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
  return position(chunk, offset);
}
