import {isMap, isSeq, type ParsedNode} from 'yaml';
import {
  asArray,
  asObject,
  asString,
  isArray,
  isObject,
  type Json,
  type JsonObject,
} from '../../engine/json.ts';
import {apiVersionOf, groupOf, isKnown, kindInfo} from '../../engine/kinds.ts';
import {objectId, type Resource} from '../../engine/objects.ts';
import type {Path} from '../../engine/path.ts';
import {type Chunk, lineFinder, mayMatter, position, splitDocuments} from './documents.ts';
import {readJson} from './json-text.ts';
import {aliasMessage, duplicateMessage, type Problem, parseMessage, retiredMessage} from './problems.ts';
import {parseYaml, toJson} from './yaml.ts';

/** An object and its place in a file. */
export type FileObject = {
  readonly resource: Resource;
  /** Chunk of the file, document of the chunk, and path of the object in it (not empty in a `List`). */
  readonly chunk: number;
  readonly document: number;
  readonly path: Path;
  /** Where an item of a `List` stands in its chunk. */
  readonly extent?: Extent;
};

export type Extent = {readonly start: number; readonly end: number};

export type FileScan = {
  /** As it stands in sources and keys: relative to the root. */
  readonly path: string;
  readonly text: string;
  readonly chunks: readonly Chunk[];
  readonly objects: readonly FileObject[];
  readonly problems: readonly Problem[];
};

/** What one chunk holds, free of its place in the file, so that an unchanged chunk is parsed once. */
export type ChunkScan = {
  readonly objects: readonly {
    readonly object: JsonObject;
    readonly document: number;
    readonly path: Path;
    readonly offset: number;
    readonly extent: Extent | undefined;
  }[];
  readonly problems: readonly {readonly offset: number; readonly message: string}[];
};

/** Results by chunk text; keep it from one scan of a file to the next. */
export type ChunkCache = Map<string, ChunkScan>;

const nothing: ChunkScan = {objects: [], problems: []};

/** Reads the objects of one file. Only documents that controls can read are parsed. */
export function scanFile(path: string, text: string, cache: ChunkCache = new Map()): FileScan {
  const objects: FileObject[] = [];
  const problems: Problem[] = [];
  const seen = new Map<string, number>();
  const used: ChunkCache = new Map();
  const chunks = splitDocuments(text);
  chunks.forEach((chunk, index) => {
    const known = cache.get(chunk.text) ?? scanChunk(chunk.text);
    used.set(chunk.text, known);
    const lineOf = lineFinder(chunk);
    for (const {offset, message} of known.problems)
      problems.push({source: place(path, chunk, offset), message});
    for (const {object, document, path: inside, offset, extent} of known.objects) {
      const ref = named(object);
      const id = objectId(ref.kind, ref.namespace, ref.name);
      const count = (seen.get(id) ?? 0) + 1;
      seen.set(id, count);
      // Not the document's position: an identity must outlive documents that come and go before it.
      const key = `${id}@${path}${count > 1 ? `#${count}` : ''}`;
      const source = `${path}:${lineOf(offset)}`;
      const item = extent ? {extent} : {};
      const resource = {...ref, key, id, object, source};
      objects.push({resource, chunk: index, document, path: inside, ...item});
    }
  });
  cache.clear();
  for (const [chunk, scan] of used) cache.set(chunk, scan);
  return {path, text, chunks, objects, problems};
}

const place = (path: string, chunk: Chunk, offset: number): string => {
  const {line, column} = position(chunk, offset);
  return `${path}:${line}:${column}`;
};

function named(object: JsonObject) {
  const metadata = asObject(object.metadata);
  const kind = asString(object.kind);
  return {
    apiVersion: asString(object.apiVersion),
    kind,
    namespace: kindInfo(kind)?.namespaced === false ? '' : asString(metadata.namespace),
    name: nameOf(metadata) || (kindInfo(kind)?.fileOnly ? 'unnamed' : ''),
  };
}

const nameOf = ({name, generateName}: JsonObject): string =>
  typeof name === 'number' ? String(name) : asString(name) || asString(generateName);

/** Reads the objects of one chunk, if controls can read it. */
export function scanChunk(text: string): ChunkScan {
  if (!mayMatter(text)) return nothing;
  const objects: ChunkScan['objects'][number][] = [];
  const problems: ChunkScan['problems'][number][] = [];
  const json = readJson(text);
  if (json?.duplicate !== undefined) {
    return {objects, problems: [{offset: json.duplicate, message: duplicateMessage}]};
  }
  if (json) {
    const isWhole = json.items.length === asArray(asObject(json.data).items).length;
    collect(json.data, [], 0, text.indexOf('{'), ({length, 1: index}) =>
      length === 2 && isWhole ? json.items[index as number] : undefined,
    );
    return {objects, problems};
  }
  parseYaml(text).forEach((document, index) => {
    const [start] = document.contents?.range ?? document.range;
    const error = document.errors[0];
    if (error) {
      problems.push({offset: error.pos[0], message: parseMessage(error, text)});
      return;
    }
    try {
      collect(toJson(document), [], index, start, (path) => {
        const range = nodeAt(document.contents, path)?.range;
        return range && {start: range[0], end: range[1]};
      });
    } catch (cause) {
      if (!(cause instanceof ReferenceError)) throw cause;
      problems.push({offset: start, message: aliasMessage(cause)});
    }
  });
  return {objects, problems};

  function collect(
    data: Json,
    path: Path,
    document: number,
    start: number,
    extentOf: (path: Path) => Extent | undefined,
  ): void {
    if (!isObject(data)) return;
    const kind = asString(data.kind);
    const apiVersion = asString(data.apiVersion);
    if (kind.endsWith('List') && isArray(data.items)) {
      data.items.forEach((item, index) => {
        const whole = isObject(item) && item.kind === undefined ? typed(item, kind, apiVersion) : item;
        collect(whole, [...path, 'items', index], document, start, extentOf);
      });
      return;
    }
    const info = kindInfo(kind);
    if (info === undefined) return;
    const extent = path.length > 0 ? extentOf(path) : undefined;
    const offset = extent?.start ?? start;
    if (apiVersion !== '' && isKnown(apiVersion, kind)) {
      if (info.fileOnly || nameOf(asObject(data.metadata)) !== '')
        objects.push({object: withoutSecret(data), document, path, offset, extent});
    } else if (retired.has(groupOf(apiVersion))) {
      const name = `${kind} ${nameOf(asObject(data.metadata))}`;
      problems.push({offset, message: retiredMessage(name, apiVersion, apiVersionOf(info))});
    }
  }
}

function nodeAt(node: ParsedNode | null, path: Path): ParsedNode | null | undefined {
  let current: unknown = node;
  for (const key of path) {
    if (isMap(current) && typeof key === 'string') current = current.get(key, true);
    else current = isSeq(current) && typeof key === 'number' ? current.items[key] : undefined;
  }
  return current as ParsedNode | undefined;
}

/** The groups that workloads and policies once were in. */
const retired = new Set(['extensions']);

/** An item of a typed list (`RoleList`) need not repeat its type. */
const typed = (item: JsonObject, listKind: string, apiVersion: string): JsonObject => ({
  apiVersion,
  kind: listKind.slice(0, -'List'.length),
  ...item,
});

/** Secrets are known by their names only. */
export function withoutSecret(object: JsonObject): JsonObject {
  if (object.kind !== 'Secret') return object;
  const {data: _data, stringData: _stringData, ...rest} = object;
  return rest;
}
