import {asArray, asObject, asString, type Json, type JsonObject} from '../../engine/json.ts';
import {groupOf, type KindInfo} from '../../engine/kinds.ts';
import {resourceOf} from '../../engine/objects.ts';
import {TargetError, type TargetEvent} from '../target.ts';
import {type KubeClient, pause, versionOf} from './client.ts';
import {type Backoff, delayOf, type Gate} from './gate.ts';
import {managerOf, normalize} from './normalize.ts';
import {listPath, pluralOf, resourceName} from './resources.ts';

export type SourceOptions = {
  readonly pageSize: number;
  /** Milliseconds without a byte on a watch after which it counts as half-open; bookmarks come each minute. */
  readonly idle: number;
  /** Seconds after which the server ends a watch. */
  readonly watchSeconds: number;
  readonly backoff: Backoff;
};

/** The state that a list or watch started from is not known any more: list again. */
class ExpiredError extends Error {
  override readonly name = 'ExpiredError';
}

/** One kind, of all namespaces or of one: listed in pages, then followed. */
export class Source {
  readonly info: KindInfo;
  readonly namespace: string | undefined;
  readonly #client: KubeClient;
  readonly #emit: (event: TargetEvent) => void;
  readonly #options: SourceOptions;
  /** Keys with the version that was told last. */
  readonly #known = new Map<string, string>();
  #version: string | undefined;
  #hasGap = false;

  constructor(
    client: KubeClient,
    info: KindInfo,
    namespace: string | undefined,
    emit: (event: TargetEvent) => void,
    options: SourceOptions,
  ) {
    this.#client = client;
    this.info = info;
    this.namespace = namespace;
    this.#emit = emit;
    this.#options = options;
  }

  /** Tells every object that is new or changed, and that those are gone which a complete list does not hold. @throws {TargetError} */
  async list(signal?: AbortSignal): Promise<void> {
    try {
      await this.#pages(this.#options.pageSize, signal);
    } catch (error) {
      if (!(error instanceof ExpiredError)) throw error;
      await this.#pages(0, signal);
    }
    if (this.#hasGap) this.#emit({type: 'coverage', kind: this.info.kind});
    this.#hasGap = false;
  }

  /** Tells why this kind can't be read; taken back by the next list that works. */
  gap(reason: string, permission?: string): void {
    this.#hasGap = true;
    this.#emit({
      type: 'coverage',
      kind: this.info.kind,
      reason,
      ...(permission === undefined ? {} : {permission}),
    });
  }

  async #pages(limit: number, signal: AbortSignal | undefined): Promise<void> {
    const seen = new Set<string>();
    let next = '';
    let version = '';
    do {
      const query: Record<string, string> = this.#selector();
      if (limit > 0) query.limit = String(limit);
      if (next) query.continue = next;
      const doing = `list ${pluralOf(this.info.kind)}`;
      const {status, body, ...reply} = await this.#client.send({
        path: listPath(this.info, this.namespace),
        query,
        signal,
        ...this.#accept('List'),
      });
      if (status === 410) throw new ExpiredError();
      if (status === 404) {
        // The API itself went, and its objects with it.
        for (const key of [...this.#known.keys()]) this.#forget(key);
      }
      if (status >= 400) throw this.#client.failure({status, body, ...reply}, doing);
      const {metadata, items} = asObject(body);
      for (const item of asArray(items)) seen.add(this.#put(item));
      next = asString(asObject(metadata).continue);
      version = asString(asObject(metadata).resourceVersion);
      const left = asObject(metadata).remainingItemCount;
      if (next && typeof left === 'number') {
        const text = `reading ${pluralOf(this.info.kind)} ${seen.size} of ${seen.size + left}`;
        this.#emit({type: 'progress', text});
      }
    } while (next);
    for (const key of [...this.#known.keys()]) if (!seen.has(key)) this.#forget(key);
    this.#version = version;
  }

  /** Follows changes until aborted: resumes, lists anew when the server forgot the state, waits when it is lost. */
  async follow(gate: Gate, signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      try {
        if (this.#version === undefined) await this.list(signal);
        const started = Date.now();
        await this.#watch(signal);
        failures = Date.now() - started < 1000 ? failures + 1 : 0;
        if (failures > 1) await pause(delayOf(this.#options.backoff, failures), signal);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof ExpiredError || (error instanceof TargetError && error.problem === 'gone')) {
          this.#version = undefined;
          if (failures > 0) await pause(delayOf(this.#options.backoff, failures), signal);
        } else if (error instanceof TargetError && isLost(error)) {
          // A single broken or silent stream is no lost server: the next request tells.
          if (failures > 0 || error.problem !== 'unreachable') await gate.wait(error);
        } else if (error instanceof TargetError && error.problem !== 'unreadable') {
          await pause(delayOf(this.#options.backoff, failures), signal);
          if (error.problem === 'forbidden') this.#forbidden(error);
        } else throw error;
        failures += 1;
      }
    }
  }

  /** What may not be read any more is told: what was seen is from before. The next list that works takes it back. */
  #forbidden(error: TargetError): void {
    this.#version = undefined;
    if (this.#hasGap) return;
    this.gap(error.message, `list ${resourceName(this.info)}`);
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const {watchSeconds, idle} = this.#options;
    const seconds = Math.ceil(watchSeconds * (1 + Math.random()));
    const query = {
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: this.#version ?? '',
      timeoutSeconds: String(seconds),
      ...this.#selector(),
    };
    const lines = this.#client.lines(
      {path: listPath(this.info, this.namespace), query, signal, timeout: idle, ...this.#accept('')},
      `watch ${pluralOf(this.info.kind)}`,
    );
    for await (const line of lines) this.#event(asObject(line));
  }

  #event({type, object}: JsonObject): void {
    if (type === 'ERROR') {
      const {code, message} = asObject(object);
      if (code === 410) throw new ExpiredError();
      throw new TargetError('server', `Watching ${pluralOf(this.info.kind)} broke off.`, [asString(message)]);
    }
    if (type === 'BOOKMARK') this.#version = versionOf(object);
    else if (type === 'DELETED') {
      this.#version = versionOf(object);
      this.#forget(resourceOf(normalize(object ?? null, this.info)).key);
    } else if (type === 'ADDED' || type === 'MODIFIED') {
      this.#version = versionOf(object);
      this.#put(object ?? null);
    }
  }

  #put(item: Json): string {
    const resource = resourceOf(normalize(item, this.info));
    const version = versionOf(item);
    if (version === '' || this.#known.get(resource.key) !== version) {
      this.#known.set(resource.key, version);
      const manager = managerOf(item);
      this.#emit({type: 'set', resource, ...(manager === undefined ? {} : {manager})});
    }
    return resource.key;
  }

  #forget(key: string): void {
    if (this.#known.delete(key)) this.#emit({type: 'delete', key});
  }

  #selector(): Record<string, string> {
    const {fieldSelector} = this.info;
    return fieldSelector === undefined ? {} : {fieldSelector};
  }

  /** Secrets are asked for as metadata alone: their data never leaves the server. */
  #accept(list: 'List' | ''): {accept?: string} {
    if (!this.info.metadataOnly) return {};
    return {accept: `application/json;as=PartialObjectMetadata${list};g=meta.k8s.io;v=v1`};
  }
}

/** Metrics are a measurement, not stored objects: they can't be watched. */
export const isWatchable = (info: KindInfo): boolean => groupOf(`${info.group}/x`) !== 'metrics.k8s.io';

const isLost = ({problem}: TargetError): boolean =>
  problem === 'unreachable' ||
  problem === 'unauthenticated' ||
  problem === 'exec-plugin' ||
  problem === 'certificate';
