import {dirname} from 'node:path';
import type {OriginalText} from '../../engine/change.ts';
import {equal, type Json, type JsonObject} from '../../engine/json.ts';
import {objectId, type Ref, refOfObject} from '../../engine/objects.ts';
import {getAt, type Path} from '../../engine/path.ts';
import {commonHead, commonTail} from './common.ts';
import {type Chunk, countLines} from './documents.ts';
import {LazyFileText, Version} from './file-text.ts';
import {SpliceError} from './locate.ts';
import {withOriginal} from './original.ts';
import {redactText} from './redact-text.ts';
import {type ChunkCache, type ChunkScan, type FileObject, type FileScan, scanChunk} from './scan-file.ts';
import {spliceItemOut} from './splice.ts';
import {lineStart} from './splice-block.ts';
import {addedFile} from './walk.ts';
import {objectIn, type Workspace} from './workspace.ts';
import {parseYaml, toJson} from './yaml.ts';
import {blockText, styleOf} from './yaml-text.ts';

/** An object, the chunk that it is in, and the path of its file. */
export type Place = {readonly file: string; readonly chunk: Chunk; readonly found: FileObject};

/** A file as the steps so far leave it: the chunks that they changed, over the scan of the others. */
type DraftFile = {
  readonly base: FileScan;
  readonly edited: Map<number, EditedChunk>;
  version: Version;
};
type EditedChunk = {
  readonly text: string;
  readonly scan: ChunkScan;
  /** How much longer it is than it was, in characters and lines. */
  readonly grown: number;
  readonly lines: number;
};

/** A step's work on a file, not yet part of the draft. */
export type Written = {
  readonly file: string;
  readonly version: Version;
  /** The one chunk that changed; else the file is scanned again. */
  readonly chunk?: readonly [number, EditedChunk];
};
export type Work = {readonly written: Written; readonly text: LazyFileText};

const header = '# Objects that kubekata added: apply them together with the files beside.\n';

/** The files of a workspace with changes that are not written yet: steps of one change see those before them. */
export class Draft {
  readonly #workspace: Workspace;
  readonly #files = new Map<string, DraftFile>();
  /** Documents of files that are written as a whole, parsed once although each step adds one. */
  readonly #caches = new Map<string, ChunkCache>();
  readonly #added = new Map<string, string>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  write({file, version, chunk}: Written): void {
    const known = this.#files.get(file);
    if (known && chunk) {
      known.edited.set(...chunk);
      known.version = version;
    } else {
      const cache = this.#caches.get(file) ?? this.#workspace.cacheOf(file);
      this.#caches.set(file, cache);
      const base = this.#workspace.scan(file, version.text(), cache);
      this.#files.set(file, {base, edited: new Map(), version});
    }
  }

  /** The file in the draft; undefined where there is none. */
  #file(path: string): DraftFile | undefined {
    const known = this.#files.get(path);
    if (known) return known;
    const text = this.#workspace.text(path);
    if (text === undefined) return undefined;
    const file = {base: this.#workspace.scan(path, text), edited: new Map(), version: new Version(text)};
    this.#files.set(path, file);
    return file;
  }

  find(ref: Ref): Place | undefined {
    const file = this.#workspace.pathOf(ref) ?? this.#added.get(objectId(ref.kind, ref.namespace, ref.name));
    const draft = file === undefined ? undefined : this.#file(file);
    if (file === undefined || draft === undefined) return undefined;
    const {key: _, ...bare} = ref;
    const found = objectIn(draft.base, ref) ?? objectIn(draft.base, bare);
    if (found === undefined) return undefined;
    const edited = draft.edited.get(found.chunk);
    const chunk = chunkOf(draft, found.chunk);
    if (edited === undefined) return {file, chunk, found};
    const now = edited.scan.objects.find(
      ({document, path}) => document === found.document && path.join() === found.path.join(),
    );
    if (now === undefined) return undefined;
    const {extent: __, ...kept} = found;
    const resource = {...found.resource, object: now.object};
    return {file, chunk, found: {...kept, resource, ...(now.extent ? {extent: now.extent} : {})}};
  }

  /** Reads a field of an object, also one of a Secret. */
  lookup = (ref: Ref, path: Path): Json | undefined => {
    const place = this.find(ref);
    return place && getAt(raw(place), path);
  };

  /** Where a new object of a namespace goes: beside the files that hold most of it. */
  placeFor(namespace: string): string {
    const counts = new Map<string, number>();
    for (const {path, objects} of this.#workspace.editable()) {
      const count = objects.filter(({resource}) => resource.namespace === namespace).length;
      if (count > 0) counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + count);
    }
    const [best] = [...counts].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1));
    return best === undefined || best[0] === '.' ? addedFile : `${best[0]}/${addedFile}`;
  }

  /** Another text for the chunk of an object. */
  edit({file, chunk, found}: Place, text: string): Work {
    const draft = this.#file(file)!;
    const old = draft.version;
    const whole = draft.base.chunks[found.chunk]!.text;
    const edited: EditedChunk = {
      text,
      scan: scanChunk(text),
      grown: text.length - whole.length,
      lines: countLines(text) - countLines(whole),
    };
    // The smallest splice, so that a version of a long list is no copy of it.
    const head = commonHead(chunk.text, text);
    const tail = commonTail(chunk.text, text, head);
    const end = chunk.start + chunk.text.length - tail;
    const version = old.replace(chunk.start + head, end, text.slice(head, text.length - tail));
    const from = chunk.start;
    const {length: size} = chunk.text;
    const grown = text.length - size;
    const {start, end: until} = found.extent ?? {start: 0, end: size};
    // It is kept with the preview, so it holds no text: that of a long list would be there once for each item.
    const show = (shown: Version, length: number) => {
      const all = shown.text().slice(from, from + size + length);
      // In a list as long as a cluster is large, only the item's own lines are shown.
      return redactText(' '.repeat(start - lineStart(all, start)) + all.slice(start, until + length));
    };
    return {
      written: {file, version, chunk: [found.chunk, edited]},
      text: new LazyFileText(file, old, version, () => ({
        before: show(old, 0),
        after: show(version, grown),
      })),
    };
  }

  /** Appends an object as a document of its own. */
  append(file: string, object: JsonObject): Work {
    const before = this.#file(file)?.version ?? new Version('');
    const text = before.text();
    const style = styleOf(text);
    const lines = blockText(object, style, 0) + style.eol;
    const [document] = parseYaml(lines);
    if (document === undefined || document.errors.length > 0 || !equal(toJson(document), object)) {
      throw new SpliceError('It can not be written so that it is read back the same: write it by hand.');
    }
    this.#added.set(idOf(object), file);
    const isEmpty = text.trim() === '';
    const lineBreak = isEmpty || text.endsWith('\n') ? '' : style.eol;
    const by = isEmpty ? header + lines : `${lineBreak}---${style.eol}${lines}`;
    return this.#whole(file, before, before.replace(isEmpty ? 0 : text.length, text.length, by), '', lines);
  }

  /** Puts the document of an object back where it was, comments and all; undefined where its file changed since. */
  restore(original: OriginalText, object: JsonObject): Work | undefined {
    const before = this.#file(original.file)?.version ?? new Version('');
    const text = withOriginal(before.text(), original);
    if (text === undefined) return undefined;
    const {at, removed, added} = original;
    const isBack = parseYaml(text).some(
      (document) => document.errors.length === 0 && equal(toJson(document), object),
    );
    if (!isBack) return undefined;
    this.#added.set(idOf(object), original.file);
    return this.#whole(original.file, before, before.replace(at, at + added.length, removed), '', removed);
  }

  /** Takes the lines of an object out; all of the file where nothing is left but what kubekata wrote. @throws {SpliceError} */
  remove({file, chunk, found}: Place): Work {
    const before = this.#file(file)!.version;
    const {start, text} = chunk;
    const end = start + text.length;
    const extent = found.extent ?? {start: 0, end: text.length};
    const lines =
      ' '.repeat(extent.start - lineStart(text, extent.start)) + text.slice(extent.start, extent.end);
    if (found.path.length > 0) {
      const after = before.replace(start, end, spliceItemOut(text, found.document, found.path));
      return this.#whole(file, before, after, lines, '');
    }
    if (parseYaml(text).length > 1) {
      throw new SpliceError(
        'The file has directives or document ends between its documents: delete the lines by hand.',
      );
    }
    const after = before.replace(start, end, '');
    const left = after
      .text()
      .replace(header, '')
      .replace(/^---[ \t]*\r?\n?/, '')
      .trim();
    return this.#whole(file, before, left === '' ? new Version('') : after, lines, '');
  }

  #whole(file: string, before: Version, version: Version, shownBefore: string, shownAfter: string): Work {
    const show = () => ({before: redactText(shownBefore), after: redactText(shownAfter)});
    return {written: {file, version}, text: new LazyFileText(file, before, version, show)};
  }
}

/** A chunk as the draft has it: where it starts depends on what changed before it. */
function chunkOf({base, edited}: DraftFile, index: number): Chunk {
  const chunk = base.chunks[index]!;
  let {start, line} = chunk;
  for (const [at, {grown, lines}] of edited) {
    if (at >= index) continue;
    start += grown;
    line += lines;
  }
  return {text: edited.get(index)?.text ?? chunk.text, start, line};
}

function idOf(object: JsonObject): string {
  const {kind, namespace, name} = refOfObject(object);
  return objectId(kind, namespace, name);
}

/** The data of an object, also those of a Secret. */
export function raw({chunk, found}: Place): JsonObject {
  if (found.resource.kind !== 'Secret') return found.resource.object;
  const document = parseYaml(chunk.text)[found.document]!;
  return getAt(toJson(document), found.path) as JsonObject;
}
