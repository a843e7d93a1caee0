import type {JsonObject} from '../../../engine/json.ts';
import {ApiError, badRequest} from '../api-error.ts';
import type {Stored} from '../machine.ts';
import type {ResourceInfo} from '../resources.ts';
import type {ApiServer} from '../server.ts';
import type {Revision} from '../store.ts';
import type {Call} from './call.ts';
import {checkRevision, type Selection, selection, selects} from './list.ts';
import type {Format} from './negotiate.ts';
import {presentObject} from './present.ts';
import {serialise} from './respond.ts';

const bookmarkEvery = 60_000;
/** Bytes that a watcher who does not read may have waiting before it is cut off. */
const mostWaiting = 16 * 1024 * 1024;

/** Tells watchers of changes once they are durable. */
export class Watches {
  readonly #server: ApiServer;
  readonly #durable: () => Promise<void>;
  readonly #watchers = new Set<Watcher>();
  #waiting: Revision[] = [];
  #scheduled = false;
  #isClosed = false;

  constructor(server: ApiServer, durable: () => Promise<void>) {
    this.#server = server;
    this.#durable = durable;
    server.store.subscribe((change) => {
      this.#waiting.push(change);
      if (!this.#scheduled) {
        this.#scheduled = true;
        void this.#deliver();
      }
    });
  }

  get size(): number {
    return this.#watchers.size;
  }

  async #deliver(): Promise<void> {
    try {
      await this.#durable();
    } catch {
      // Writes are refused from now on; what was not written is told to nobody.
      this.#waiting = [];
      return;
    } finally {
      this.#scheduled = false;
    }
    const changes = this.#waiting;
    this.#waiting = [];
    for (const change of changes) for (const watcher of this.#watchers) watcher.tell(change);
  }

  /** Serves one watch until the client goes, or its time is over. */
  async serve(call: Call, info: ResourceInfo, format: Format): Promise<void> {
    const {query, response} = call;
    const chosen = selection(info, query, call.info.name);
    const initial = query.get('sendInitialEvents');
    const bookmarks = ['true', '1'].includes(query.get('allowWatchBookmarks') ?? '');
    if (initial !== null && query.get('resourceVersionMatch') !== 'NotOlderThan')
      throw badRequest(
        'resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
      );
    const revision = checkRevision(this.#server, query);
    const wantsState = initial === 'true' || (initial === null && revision === 0);
    // What is in memory and not on disk yet will be told by #deliver: the state is taken when nothing waits.
    await this.#durable();
    const watcher = new Watcher(call, info, chosen, format, bookmarks, this.#server.store.revision);
    if (!wantsState) {
      const missed = this.#server.store.since(info.id, revision);
      if (!missed) {
        watcher.fail(
          new ApiError(
            410,
            'Expired',
            `too old resource version: ${revision} (${this.#server.store.revision})`,
          ),
        );
        return;
      }
      for (const change of missed) watcher.replay(change);
    } else {
      for (const object of this.#server.list(info.id, call.info.namespace)) watcher.initial(object);
      if (initial === 'true' && bookmarks) watcher.bookmark(this.#server.store.revision, true);
    }
    const seconds = Number(query.get('timeoutSeconds') || 1800 + Math.random() * 1800);
    const timeout = setTimeout(() => watcher.end(), Math.min(seconds, 86_400) * 1000);
    const ticker = bookmarks
      ? setInterval(() => watcher.bookmark(this.#server.store.revision, false), bookmarkEvery)
      : undefined;
    this.#watchers.add(watcher);
    const forget = (): void => {
      clearTimeout(timeout);
      clearInterval(ticker);
      this.#watchers.delete(watcher);
    };
    response.once('close', forget);
    // Who left while the disk was awaited tells nobody any more, and a timer would keep the process alive.
    if (response.destroyed) forget();
    else if (this.#isClosed) watcher.end();
  }

  close(): void {
    this.#isClosed = true;
    for (const watcher of this.#watchers) watcher.end();
  }
}

class Watcher {
  readonly #call: Call;
  readonly #info: ResourceInfo;
  readonly #selection: Selection;
  readonly #format: Format;
  readonly #bookmarks: boolean;
  /** Up to here the client knows everything. */
  #seen: number;

  constructor(
    call: Call,
    info: ResourceInfo,
    chosen: Selection,
    format: Format,
    bookmarks: boolean,
    seen: number,
  ) {
    this.#call = call;
    this.#info = info;
    this.#selection = chosen;
    this.#format = format;
    this.#bookmarks = bookmarks;
    this.#seen = seen;
    call.response.writeHead(200, {'Content-Type': 'application/json', 'Cache-Control': 'no-cache, private'});
    call.response.flushHeaders();
  }

  tell(change: Revision): void {
    if (change.revision <= this.#seen) return;
    this.#seen = change.revision;
    this.replay(change);
  }

  replay({resource, type, object, previous}: Revision): void {
    const {namespace} = this.#call.info;
    if (resource !== this.#info.id || (namespace && object.metadata.namespace !== namespace)) return;
    const was = previous !== undefined && selects(this.#selection, previous);
    const is = type !== 'DELETED' && selects(this.#selection, object);
    if (is) this.#send(was ? 'MODIFIED' : 'ADDED', object);
    else if (was) {
      // An object that left the selection is shown as it was, with the revision of leaving.
      const {resourceVersion} = object.metadata;
      this.#send(
        'DELETED',
        type === 'DELETED'
          ? object
          : {...previous, metadata: {...previous.metadata, resourceVersion: resourceVersion!}},
      );
    }
  }

  initial(object: Stored): void {
    if (selects(this.#selection, object)) this.#send('ADDED', object);
  }

  bookmark(revision: number, endsInitial: boolean): void {
    const metadata: JsonObject = {
      resourceVersion: String(revision),
      ...(endsInitial ? {annotations: {'k8s.io/initial-events-end': 'true'}} : {}),
    };
    const {kind, apiVersion} = this.#info;
    const object: JsonObject =
      this.#format.as === 'object'
        ? {kind, apiVersion, metadata}
        : {kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata};
    const text =
      this.#format.as === 'Table'
        ? `{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":${JSON.stringify({resourceVersion: String(revision)})},"columnDefinitions":null,"rows":[{"cells":null,"object":${JSON.stringify(object)}}]}`
        : JSON.stringify(object);
    this.#write(`{"type":"BOOKMARK","object":${text}}\n`);
  }

  fail(error: ApiError): void {
    this.#write(`{"type":"ERROR","object":${JSON.stringify(error.status())}}\n`);
    this.end();
  }

  end(): void {
    if (this.#bookmarks && this.#call.response.writable && this.#seen > 0) this.bookmark(this.#seen, false);
    this.#call.response.end();
  }

  #send(type: string, object: Stored): void {
    const text =
      this.#format.as === 'object' && !this.#info.view
        ? serialise(object)
        : presentObject(this.#info, object, this.#format, this.#call.query);
    this.#write(`{"type":"${type}","object":${text}}\n`);
  }

  #write(text: string): void {
    const {response} = this.#call;
    if (response.destroyed || response.writableEnded) return;
    response.write(text);
    if (response.writableLength > mostWaiting) response.destroy();
  }
}
