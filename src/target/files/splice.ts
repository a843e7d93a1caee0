import {isMap, isSeq} from 'yaml';
import {applyEdits, type ResolvedEdit} from '../../engine/edits.ts';
import {asArray, asObject, equal, isObject, type Json, type JsonObject} from '../../engine/json.ts';
import {formatPath, type Path} from '../../engine/path.ts';
import {contentEnd, type Found, isFlow, locate, SpliceError} from './locate.ts';
import {type Operation, operations, type Place, placeOf} from './operations.ts';
import {insertBlock, lineStart, removeBlock, replaceBlock, type Splice} from './splice-block.ts';
import {insertFlow, removeFlow, replaceFlow} from './splice-flow.ts';
import {parseYaml, toJson, type YamlDocument} from './yaml.ts';
import {blockText, type Style, styleOf} from './yaml-text.ts';

/**
 * The text of a document (or of several) with edits on one object in it. Only the lines that an edit is about change;
 * the result is parsed again and has exactly the intended data.
 * @param path Where the object is in the document: empty, but for an item of a `List`.
 * @throws {SpliceError} with a sentence, where that can't be done in place.
 */
export function spliceEdits(
  text: string,
  index: number,
  path: Path,
  edits: readonly ResolvedEdit[],
  style = styleOf(text),
): string {
  let current = text;
  const first = read(text);
  let data = dataOf(first[index]);
  let documents: readonly YamlDocument[] | undefined = first;
  for (const edit of edits) {
    const intended: Json = applyEdits(data, [{...edit, path: [...path, ...edit.path]}]);
    for (const operation of operations(data, intended)) {
      documents ??= read(current);
      current = operate(documents[index]!, operation, intended, current, style);
      documents = undefined;
    }
    data = intended;
  }
  return current === text ? text : verified(current, first, index, data);
}

/**
 * As `spliceEdits`, on an item of a `List`. The item is parsed alone, because a list may be as long as a cluster is
 * large; with its indentation before it, it is a document of its own.
 */
export function spliceItem(
  text: string,
  index: number,
  path: Path,
  {start, end}: {readonly start: number; readonly end: number},
  edits: readonly ResolvedEdit[],
): string {
  // An alias may lead out of the item.
  if (/[\s[{,:]\*\S/.test(text)) return spliceEdits(text, index, path, edits);
  const margin = ' '.repeat(start - lineStart(text, start));
  const item = spliceEdits(margin + text.slice(start, end), 0, [], edits, styleOf(text));
  return text.slice(0, start) + item.slice(margin.length) + text.slice(end);
}

/** The text without the item of a `List`. @throws {SpliceError} */
export function spliceItemOut(text: string, index: number, path: Path): string {
  const documents = read(text);
  const data = dataOf(documents[index]);
  const intended = applyEdits(data, [{op: 'remove', path}]);
  const next = operate(
    documents[index]!,
    {op: 'remove', place: placeOf(data, path)},
    intended,
    text,
    styleOf(text),
  );
  return verified(next, documents, index, intended);
}

function read(text: string): readonly YamlDocument[] {
  const documents = parseYaml(text, true);
  if (documents.some(({errors}) => errors.length > 0)) {
    throw new SpliceError('The document has errors: correct them first.');
  }
  return documents;
}

function dataOf(document: YamlDocument | undefined): JsonObject {
  const data = document && toJson(document);
  if (!isObject(data)) throw new SpliceError('The document is not there any more: rescan.');
  return data;
}

function verified(text: string, before: readonly YamlDocument[], index: number, intended: Json): string {
  const isAsIntended = () => {
    const after = parseYaml(text);
    return (
      after.length === before.length &&
      after.every((document, at) => {
        if (document.errors.length > 0) return false;
        return equal(toJson(document), at === index ? intended : toJson(before[at]!));
      })
    );
  };
  try {
    if (isAsIntended()) return text;
  } catch (cause) {
    throw new SpliceError(unsafe, 0, {cause});
  }
  throw new SpliceError(unsafe);
}

const unsafe =
  'The file is written in a way that can not be edited in place without changing something else: edit it by hand.';

const splice = (text: string, {start, end, text: inserted}: Splice): string =>
  text.slice(0, start) + inserted + text.slice(end);

function operate(
  document: YamlDocument,
  operation: Operation,
  intended: Json,
  text: string,
  style: Style,
): string {
  const {place} = operation;
  if (place.length === 0) return replaceRoot(document, operation, text, style);
  const found = locate(document, place, text);
  if (found.index < 0 && operation.op !== 'insert') {
    if (!found.merged || operation.op === 'remove') throw new SpliceError(hidden(place));
    // A key that a merge brings is overridden here, with its whole value; the anchor stays as it is.
    const own = place.slice(0, found.depth + 1);
    return operate(document, {op: 'insert', place: own, json: at(intended, own)}, intended, text, style);
  }
  if (operation.op === 'insert' && found.depth < place.length - 1) {
    if (!found.merged) throw new SpliceError(hidden(place));
    const own = place.slice(0, found.depth + 1);
    return operate(document, {op: 'insert', place: own, json: at(intended, own)}, intended, text, style);
  }
  if (operation.op === 'replace') return splice(text, replace(found, operation.json, text, style));
  if (operation.op === 'remove') {
    if (found.entries.length > 1) {
      return splice(text, isFlow(found.collection) ? removeFlow(found) : removeBlock(found, text));
    }
    const json = isMap(found.collection) ? {} : [];
    return operate(document, {op: 'replace', place: place.slice(0, -1), json}, intended, text, style);
  }
  return insert(document, found, operation, intended, text, style);
}

const at = (json: Json, place: Place): Json =>
  place.reduce<Json>(
    (value, key) => (typeof key === 'number' ? asArray(value)[key] : asObject(value)[key]) ?? null,
    json,
  );

const hidden = (place: Place): string =>
  `${formatPath(place)} comes from an anchor and not from its own lines: edit the anchor by hand, or write it out here.`;

function replace(found: Found, json: Json, text: string, style: Style): Splice {
  return isFlow(found.collection)
    ? replaceFlow(found, json, text, style)
    : replaceBlock(found, json, text, style);
}

function insert(
  document: YamlDocument,
  found: Found,
  operation: Extract<Operation, {op: 'insert'}>,
  intended: Json,
  text: string,
  style: Style,
): string {
  const {collection, entries} = found;
  const {place, json} = operation;
  const key = place.at(-1)!;
  const index = typeof key === 'number' ? key : entries.length;
  if (!isFlow(collection)) return splice(text, insertBlock(found, index, key, json, text, style));
  if (entries.length > 0) return splice(text, insertFlow(found, index, key, json, text, style));
  // An empty `{}` below a block key becomes a block; between brackets it is filled.
  const parent = place.length > 1 ? locate(document, place.slice(0, -1), text) : undefined;
  if (parent === undefined || isFlow(parent.collection)) {
    return splice(text, insertFlow(found, index, key, json, text, style));
  }
  const whole = isSeq(collection) ? [json] : {[key]: json};
  return operate(document, {op: 'replace', place: place.slice(0, -1), json: whole}, intended, text, style);
}

function replaceRoot(document: YamlDocument, operation: Operation, text: string, style: Style): string {
  const root = document.contents;
  if (root === null || operation.op === 'remove' || !isObject(operation.json)) throw new SpliceError(unsafe);
  const json = operation.json;
  const start = root.range[0];
  const end = contentEnd(root, start, text);
  return splice(text, {start, end, text: Object.keys(json).length === 0 ? '{}' : blockText(json, style, 0)});
}
