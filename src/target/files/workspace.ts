import {readFileSync, realpathSync, type Stats, statSync} from 'node:fs';
import {join, relative, sep} from 'node:path';
import {equal} from '../../engine/json.ts';
import {objectId, type Ref, type Resource} from '../../engine/objects.ts';
import type {TargetEvent} from '../target.ts';
import {decode} from './disk.ts';
import type {Problem} from './problems.ts';
import type {Render} from './render.ts';
import {type ChunkCache, type FileObject, type FileScan, scanFile} from './scan-file.ts';
import {codeOf, isInside, type Selection, walk} from './walk.ts';

type KnownFile = {
  readonly signature: string;
  readonly scan: FileScan;
  readonly cache: ChunkCache;
  /** Why it can't be written, for a text that is no file. */
  readonly readOnly?: string;
};
type Listener = (events: readonly TargetEvent[]) => void;

/** Gives the event loop a turn in a long scan, so that a screen stays alive. */
const breathe = (): Promise<void> => new Promise((done) => setImmediate(done));

/** The manifests of a selection as they were read last; listeners get what changes. */
export class Workspace {
  readonly selection: Selection;
  readonly listeners = new Set<Listener>();
  readonly #render: Render;
  readonly #files = new Map<string, KnownFile>();
  /** Path of each object's file, by key. */
  readonly #paths = new Map<string, string>();
  readonly #keysById = new Map<string, Set<string>>();
  #problems: readonly Problem[] = [];
  #turn: Promise<void> = Promise.resolve();
  isLoaded = false;
  folders: readonly string[] = [];
  kustomizations: readonly string[] = [];

  constructor(selection: Selection, render: Render) {
    this.selection = selection;
    this.#render = render;
  }

  get identity(): string {
    return realpathSync(this.selection.root);
  }

  relative(path: string): string {
    return relative(this.selection.root, path).split(sep).join('/');
  }

  absolute(path: string): string {
    return join(this.selection.root, path);
  }

  /** Walks the selection again and reads what changed. */
  refresh(signal?: AbortSignal): Promise<void> {
    return this.#inTurn(() => this.#walk(signal));
  }

  /** Reads files again that were written. */
  refreshFiles(paths: Iterable<string>): Promise<void> {
    return this.#inTurn(async () => this.#emit([...paths].flatMap((path) => this.#readFile(path))));
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #walk(signal: AbortSignal | undefined): Promise<void> {
    const found = walk(this.selection);
    const rendered = await this.#render(found);
    signal?.throwIfAborted();
    this.folders = found.folders;
    this.kustomizations = found.kustomizations;
    const paths = found.files.filter((path) => !rendered.hidden.has(path)).map((path) => this.relative(path));
    const present = new Set([...paths, ...rendered.virtual.map(({path}) => path)]);
    let events: TargetEvent[] = [];
    for (const path of [...this.#files.keys()]) {
      if (!present.has(path)) events.push(...this.#put(path, undefined));
    }
    let turn = performance.now();
    for (const [index, path] of paths.entries()) {
      events.push(...this.#readFile(path));
      if (performance.now() - turn < 30) continue;
      this.#emit([...events, {type: 'progress', text: `${index + 1} of ${paths.length} files read`}]);
      events = [];
      await breathe();
      signal?.throwIfAborted();
      turn = performance.now();
    }
    for (const {path, text, readOnly} of rendered.virtual) {
      const known = this.#files.get(path);
      if (known?.scan.text === text) continue;
      const cache: ChunkCache = new Map();
      events.push(...this.#put(path, {signature: '', scan: scanFile(path, text, cache), cache, readOnly}));
    }
    const problems = [...found.problems, ...rendered.problems];
    events.push(...differenceOfProblems(this.#problems, problems));
    this.#problems = problems;
    this.isLoaded = true;
    this.#emit(events);
  }

  #emit(events: readonly TargetEvent[]): void {
    if (events.length > 0) for (const listener of this.listeners) listener(events);
  }

  /** Reads one file if it changed. */
  #readFile(path: string): readonly TargetEvent[] {
    const known = this.#files.get(path);
    if (known?.readOnly !== undefined) return [];
    const unreadable = (message: string): KnownFile => ({
      signature: '',
      scan: {path, text: '', chunks: [], objects: [], problems: [{source: path, message}]},
      cache: new Map(),
    });
    try {
      const absolute = this.absolute(path);
      const signature = signatureOf(statSync(absolute));
      if (known?.signature === signature) return [];
      const text = decode(readFileSync(absolute));
      if (text === undefined)
        return this.#put(path, unreadable('The file is no UTF-8 text: convert it and rescan.'));
      const cache: ChunkCache = known?.cache ?? new Map();
      return this.#put(path, {signature, scan: scanFile(path, text, cache), cache});
    } catch (cause) {
      const code = codeOf(cause);
      if (code === 'ENOENT') return this.#put(path, undefined);
      return this.#put(path, unreadable(`The file can not be read (${code}): check its permissions.`));
    }
  }

  #put(path: string, next: KnownFile | undefined): readonly TargetEvent[] {
    const old = this.#files.get(path);
    if (next) this.#files.set(path, next);
    else this.#files.delete(path);
    const events: TargetEvent[] = [];
    const before = new Map(old?.scan.objects.map(({resource}) => [resource.key, resource]));
    for (const {resource} of next?.scan.objects ?? []) {
      const known = before.get(resource.key);
      before.delete(resource.key);
      if (known && known.source === resource.source && equal(known.object, resource.object)) continue;
      events.push({type: 'set', resource});
      if (!known) this.#index(resource, path);
    }
    for (const resource of before.values()) {
      this.#paths.delete(resource.key);
      this.#keysById.get(resource.id)?.delete(resource.key);
      events.push({type: 'delete', key: resource.key});
    }
    return [...events, ...differenceOfProblems(old?.scan.problems ?? [], next?.scan.problems ?? [])];
  }

  #index({key, id}: Resource, path: string): void {
    this.#paths.set(key, path);
    const keys = this.#keysById.get(id);
    if (keys) keys.add(key);
    else this.#keysById.set(id, new Set([key]));
  }

  /** Everything as it was read last, as events. */
  snapshot(): readonly TargetEvent[] {
    const events: TargetEvent[] = [];
    for (const {scan} of this.#files.values()) {
      for (const {resource} of scan.objects) events.push({type: 'set', resource});
      events.push(...differenceOfProblems([], scan.problems));
    }
    return [...events, ...differenceOfProblems([], this.#problems)];
  }

  /** Path of the file that an object is in, as last read. */
  pathOf({kind, namespace, name, key}: Ref): string | undefined {
    const [first] = this.#keysById.get(objectId(kind, namespace, name)) ?? [];
    const path = this.#paths.get(key ?? first ?? '');
    if (path !== undefined || key === undefined) return path;
    // Not read yet, or just written: the key holds the path.
    const named = /@(.+?)(?:#\d+)?$/.exec(key)?.[1];
    return named !== undefined && isInside(this.selection.root, this.absolute(named)) ? named : undefined;
  }

  /** Why a path can't be written: its text comes from standard input or from a tool. */
  readOnly(path: string): string | undefined {
    return this.#files.get(path)?.readOnly;
  }

  /** A text scanned with what is known of the file, or of an earlier text, so that only changed documents are parsed. */
  scan(path: string, text: string, cache = this.cacheOf(path)): FileScan {
    const known = this.#files.get(path);
    return known?.scan.text === text ? known.scan : scanFile(path, text, cache);
  }

  /** What is known of the documents of a file; a copy. */
  cacheOf(path: string): ChunkCache {
    return new Map(this.#files.get(path)?.cache);
  }

  /** The text of a file now; undefined where there is none. */
  text(path: string): string | undefined {
    const known = this.#files.get(path);
    if (known?.readOnly !== undefined) return known.scan.text;
    try {
      return decode(readFileSync(this.absolute(path)));
    } catch (cause) {
      if (codeOf(cause) === 'ENOENT') return undefined;
      throw cause;
    }
  }

  /** The files that can be written, as read last. */
  *editable(): Iterable<FileScan> {
    for (const {scan, readOnly} of this.#files.values()) if (readOnly === undefined) yield scan;
  }
}

const signatureOf = ({mtimeMs, size, ino}: Stats): string => `${mtimeMs} ${size} ${ino}`;

function differenceOfProblems(before: readonly Problem[], after: readonly Problem[]): readonly TargetEvent[] {
  const old = new Map(before.map(({source, message}) => [source, message]));
  const now = new Map(after.map(({source, message}) => [source, message]));
  const events: TargetEvent[] = [];
  for (const source of old.keys()) if (!now.has(source)) events.push({type: 'readable', source});
  for (const [source, message] of now) {
    if (old.get(source) !== message) events.push({type: 'unreadable', source, message});
  }
  return events;
}

/** The object of a scan that a reference names. */
export const objectIn = (scan: FileScan, ref: Ref): FileObject | undefined => {
  const id = objectId(ref.kind, ref.namespace, ref.name);
  return scan.objects.find(({resource}) =>
    ref.key === undefined ? resource.id === id : resource.key === ref.key,
  );
};
