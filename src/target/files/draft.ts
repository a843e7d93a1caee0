import {dirname, join} from 'node:path';
import {asString, type Json, type JsonObject} from '../../engine/json.ts';
import type {Ref} from '../../engine/objects.ts';
import {getAt, type Path} from '../../engine/path.ts';
import {splitDocuments} from './documents.ts';
import {SpliceError} from './locate.ts';
import {type FileObject, type FileScan, withoutSecret} from './scan-file.ts';
import {spliceItemOut} from './splice.ts';
import {addedFile} from './walk.ts';
import {objectIn, type Workspace} from './workspace.ts';
import {parseYaml, toJson} from './yaml.ts';
import {blockText, styleOf} from './yaml-text.ts';

/** An object with the file that it is in. */
export type Place = {readonly scan: FileScan; readonly found: FileObject};

const header = '# Objects that kubekata added: apply them together with the files beside.\n';

/** The files of a workspace with changes that are not written yet: steps of one change see those before them. */
export class Draft {
  readonly #workspace: Workspace;
  readonly #texts = new Map<string, string>();
  readonly #added = new Map<string, string>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** The text of a file in the draft; undefined where there is none. */
  text(path: string): string | undefined {
    return this.#texts.get(path) ?? this.#workspace.text(path);
  }

  write(path: string, text: string): void {
    this.#texts.set(path, text);
  }

  find(ref: Ref): Place | undefined {
    const path = this.#workspace.pathOf(ref) ?? this.#added.get(idOf(ref));
    const text = path === undefined ? undefined : this.text(path);
    if (path === undefined || text === undefined) return undefined;
    const scan = this.#workspace.scan(path, text);
    const found = objectIn(scan, ref) ?? objectIn(scan, withoutKey(ref));
    return found && {scan, found};
  }

  /** Reads a field of an object, also one of a Secret. */
  lookup = (ref: Ref, path: Path): Json | undefined => {
    const place = this.find(ref);
    return place && getAt(raw(place), path);
  };

  /** Where a new object of a namespace goes: beside the files that hold most of it. */
  placeFor(namespace: string): string {
    const counts = new Map<string, number>();
    for (const one of this.#workspace.resources()) {
      const path = this.#workspace.pathOf(one);
      if (one.namespace !== namespace || path === undefined || this.#workspace.readOnly(path)) continue;
      const folder = dirname(path);
      counts.set(folder, (counts.get(folder) ?? 0) + 1);
    }
    const [best] = [...counts].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1));
    return join(best?.[0] ?? '.', addedFile)
      .split('\\')
      .join('/');
  }

  /** Appends an object as a document of its own. */
  append(path: string, object: JsonObject): string {
    const before = this.text(path) ?? '';
    const style = styleOf(before);
    const text = blockText(object, style, 0) + style.eol;
    const isEmpty = before.trim() === '';
    const joined = isEmpty || before.endsWith('\n') ? before : before + style.eol;
    this.#added.set(idOf(refOf(object)), path);
    return isEmpty ? header + text : `${joined}---${style.eol}${text}`;
  }
}

const refOf = (object: JsonObject) => {
  const metadata = object.metadata as JsonObject;
  return {
    kind: asString(object.kind),
    namespace: asString(metadata.namespace),
    name: asString(metadata.name),
  };
};
const idOf = ({kind, namespace, name}: {kind: string; namespace: string; name: string}): string =>
  `${kind}/${namespace}/${name}`;
const withoutKey = ({key: _key, ...ref}: Ref): Ref => ref;

/** The data of an object, also those of a Secret. */
export function raw({scan, found}: Place): JsonObject {
  if (found.resource.kind !== 'Secret') return found.resource.object;
  const chunk = splitDocuments(scan.text)[found.chunk]!;
  const document = parseYaml(chunk.text)[found.document]!;
  return getAt(toJson(document), found.path) as JsonObject;
}

export const visible = withoutSecret;

/** The text of a file without the lines of one document; empty when nothing is left but what kubekata wrote. */
export function withoutDocument({scan, found}: Place): string {
  const chunks = splitDocuments(scan.text);
  const chunk = chunks[found.chunk]!;
  if (found.path.length > 0) {
    const text = spliceItemOut(chunk.text, found.document, found.path);
    return replaceChunk(scan.text, chunk.start, chunk.text.length, text);
  }
  if (parseYaml(chunk.text).length > 1) {
    throw new SpliceError(
      'The file has directives or document ends between its documents: delete the lines by hand.',
    );
  }
  const text = replaceChunk(scan.text, chunk.start, chunk.text.length, '');
  return text
    .replace(header, '')
    .replace(/^---[ \t]*\r?\n?/, '')
    .trim() === ''
    ? ''
    : text;
}

export const replaceChunk = (text: string, start: number, length: number, by: string): string =>
  text.slice(0, start) + by + text.slice(start + length);
