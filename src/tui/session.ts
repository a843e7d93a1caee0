import type {Change, Fix} from '../engine/change.ts';
import type {Framework} from '../engine/control.ts';
import {Inventory} from '../engine/inventory.ts';
import {equal, type JsonObject} from '../engine/json.ts';
import {type Resource, refId, refOf} from '../engine/objects.ts';
import {getAt} from '../engine/path.ts';
import {type Accept, RecordingView, Scanner, type ScanResult, seenBy} from '../engine/scan.ts';
import {mergingFixes} from '../engine/simulate.ts';
import {tookEffect} from '../engine/simulate-file.ts';
import {inSlices} from '../engine/slices.ts';
import {plainText} from '../engine/text.ts';
import type {JournalEntry, Plan} from '../fix/plan.ts';
import {pluralOf} from '../target/live/resources.ts';
import type {Access, PreviewItem, Target, TargetEvent} from '../target/target.ts';
import type {Changed, Event} from './events.ts';
import {detailOf, forecastOf, gainOf, type Known, safeFixes} from './outlook.ts';
import type {Detail, Forecast} from './state.ts';

const frameTime = 40;
const settleTime = 3000;
/** Above so many fixes their forecast takes longer than a frame. */
const manyFixes = 300;
const mostAttempts = 2;

/** What is known of one open target: its inventory, followed as it changes, and the scan of the chosen framework. */
export class Session {
  readonly target: Target;
  readonly inventory = new Inventory();
  readonly #emit: (event: Event) => void;
  readonly #abort = new AbortController();
  readonly #watchers = new Set<() => void>();
  #framework: Framework;
  #accept: Accept | undefined;
  #scanner: Scanner;
  #scan: ScanResult;
  #complete = false;
  /** Per control: what its fixes looked at, so that they are offered anew when that changes. */
  readonly #seen = new Map<string, RecordingView>();
  #changed: Resource[] = [];
  /** Counts what changed in the inventory, or how it is judged. */
  #changes = 0;
  #by: Changed[] = [];
  #timer: NodeJS.Timeout | undefined;
  #access: Access | undefined;
  #toldPartial = false;

  constructor(target: Target, framework: Framework, emit: (event: Event) => void, accept?: Accept) {
    this.#accept = accept;
    this.target = target;
    this.#emit = emit;
    this.#framework = framework;
    this.#scanner = new Scanner(framework, this.inventory, accept);
    this.#scan = this.#scanner.scan();
  }

  /** Follows the target until `close`. Rejects when it can't be read at all. */
  follow(): Promise<void> {
    return this.target.watch((events) => this.#take(events), this.#abort.signal);
  }

  async close(): Promise<void> {
    this.#abort.abort();
    clearTimeout(this.#timer);
    await this.target.close();
  }

  /** What is accepted from now on; everything is checked anew. */
  setAccept(accept: Accept | undefined): void {
    this.#accept = accept;
    this.setFramework(this.#framework);
  }

  setFramework(framework: Framework): void {
    this.#changes += 1;
    this.#framework = framework;
    this.#scanner = new Scanner(framework, this.inventory, this.#accept);
    this.#scan = this.#scanner.scan();
    this.#tell([]);
  }

  /** The last scan. */
  result(): ScanResult {
    return this.#scan;
  }

  /** What is accepted now. */
  get accept(): Accept | undefined {
    return this.#accept;
  }

  /** What the person may write; undefined until it is known. */
  get access(): Access | undefined {
    return this.#access;
  }

  /** Checks every object anew, and reads what no watch follows. Resolves when that is judged too. */
  async rescan(): Promise<void> {
    const read = this.target.relist?.();
    this.#askAccess();
    this.#changes += 1;
    this.#scan = this.#scanner.scan();
    this.#tell([]);
    await read;
    // Events come with the next turn.
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#timer !== undefined) this.#flush();
  }

  /**
   * Rows and choices of a control, in slices; undefined for one that is not in the framework. The forecast of many
   * objects comes after them: `tell` is called twice then.
   */
  async detail(id: string, tell: (detail: Detail) => void, signal?: AbortSignal): Promise<void> {
    const result = this.#scan.controls.find(({entry}) => entry.id === id);
    if (result === undefined) return;
    const view = new RecordingView(this.inventory, this.#accept?.settings);
    // Known from the start: what changes in a pause makes it outdated too.
    this.#seen.set(id, view);
    const detail: Detail = {...(await inSlices(detailOf(result, view), {signal})), forecast: undefined};
    const safe = safeFixes(detail.approaches);
    if (safe.length === 0 || safe.length > manyFixes) tell(detail);
    if (safe.length === 0) return;
    tell({...detail, forecast: await this.forecast(id, safe, signal)});
  }

  /** What these fixes would do to the scores. */
  async forecast(id: string, fixes: readonly Fix[], signal?: AbortSignal): Promise<Forecast | undefined> {
    return this.forecastChange(id, await inSlices(mergingFixes(id, fixes), {signal}), undefined, signal);
  }

  /** What a change would do to the scores; from the start again where objects change meanwhile. */
  async forecastChange(
    id: string,
    change: Change,
    answers?: ReadonlyMap<string, string>,
    signal?: AbortSignal,
  ): Promise<Forecast | undefined> {
    for (let attempt = 0; ; attempt += 1) {
      const before = this.#changes;
      const forecast = await inSlices(forecastOf(this.#known, id, change, answers), {signal});
      // A cluster that never rests gets a forecast all the same: a few objects may be counted as they were.
      if (this.#changes === before || attempt === mostAttempts) return forecast;
    }
  }

  /** Most that one approach gains, per control, in slices. */
  async gains(signal?: AbortSignal): Promise<ReadonlyMap<string, number>> {
    const gains = new Map<string, number>();
    for (const result of this.#scan.controls) {
      if (result.failed === 0) continue;
      gains.set(result.entry.id, await inSlices(gainOf(this.#known, result), {signal}));
    }
    return gains;
  }

  get #known(): Known {
    return {inventory: this.inventory, scanner: this.#scanner, scan: this.#scan};
  }

  /** Waits until the inventory shows what an entry wrote, at most some seconds. */
  settle(entry: JournalEntry): Promise<void> {
    return this.#until(() =>
      entry.steps.every(
        ({state, item, applied}) =>
          applied === undefined ||
          (state !== 'written' && state !== 'done') ||
          this.#shows(item, applied.after),
      ),
    );
  }

  /** Waits until the inventory shows what a plan wanted, at most some seconds. */
  settleChange({items}: Plan): Promise<void> {
    return this.#until(() =>
      items.every((item) => item.rejection !== undefined || this.#shows(item, item.after)),
    );
  }

  #shows({ref, expected, step}: PreviewItem, after: JsonObject | undefined): boolean {
    if (step.do === 'file' && !tookEffect(step, after, this.inventory)) return false;
    const seen = this.inventory.byKey(refId(ref)) ?? this.inventory.get(ref.kind, ref.namespace, ref.name);
    if (after === undefined) return seen === undefined;
    return (
      seen !== undefined &&
      expected.values.every(({path}) => equal(getAt(seen.object, path), getAt(after, path)))
    );
  }

  #until(isDone: () => boolean): Promise<void> {
    if (isDone()) {
      if (this.#timer !== undefined) this.#flush();
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const stop = this.onChange(() => {
        if (isDone()) done();
      });
      const done = () => {
        clearTimeout(timer);
        stop();
        resolve();
      };
      const timer = setTimeout(done, settleTime);
    });
  }

  /** Calls back after each batch of changes, until the returned function is called. */
  onChange(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  #take(events: readonly TargetEvent[]): void {
    this.#changes += 1;
    for (const event of events) this.#takeOne(event);
    this.#timer ??= setTimeout(() => this.#flush(), this.#complete ? frameTime / 4 : frameTime);
  }

  #takeOne(event: TargetEvent): void {
    switch (event.type) {
      case 'set':
        this.#changed.push(...this.inventory.set(event.resource));
        if (this.#complete) this.#by.push({ref: refOf(event.resource), manager: event.manager, gone: false});
        break;
      case 'delete': {
        const gone = this.inventory.delete(event.key);
        this.#changed.push(...gone);
        if (this.#complete && gone[0]) this.#by.push({ref: refOf(gone[0]), manager: undefined, gone: true});
        break;
      }
      case 'coverage':
        this.inventory.setGap(
          event.kind,
          event.reason === undefined
            ? undefined
            : {
                reason: event.reason,
                ...(event.permission === undefined ? {} : {permission: event.permission}),
              },
        );
        break;
      case 'unreadable':
        this.inventory.setUnreadable(event.source, event.message);
        break;
      case 'readable':
        this.inventory.setUnreadable(event.source, undefined);
        break;
      case 'scope':
        this.inventory.setScope(event.namespaces);
        break;
      case 'progress':
        this.#emit({type: 'progress', text: plainText(event.text)});
        break;
      case 'ready':
        this.#complete = true;
        this.#askAccess();
        break;
      case 'lost':
        this.#emit({type: 'lost', text: plainText(event.message)});
        break;
      case 'back':
        this.#emit({type: 'back'});
        break;
    }
  }

  /** Asks what may be written. Where that can't be told, the server's own answers tell it later. */
  #askAccess(): void {
    const namespaces = this.inventory.list('Namespace').map(({name}) => name);
    const seen = namespaces.length > 0 ? namespaces : this.#spaces();
    this.target
      .access?.(seen, this.#abort.signal)
      .then((access) => {
        this.#access = access;
        this.#emit({type: 'access', access});
      })
      .catch(() => undefined);
  }

  #spaces(): readonly string[] {
    const found = new Set<string>();
    for (const kind of this.inventory.kinds()) {
      for (const {namespace} of this.inventory.list(kind)) if (namespace) found.add(namespace);
    }
    return [...found];
  }

  #tellPartial(): void {
    this.#toldPartial = true;
    if (this.inventory.size === 0 && this.inventory.unreadable().size === 0) {
      const text = 'No Kubernetes object that a control reads was found here: nothing was checked.';
      this.#emit({type: 'message', message: {mark: 'look', text}});
    }
    if (this.target.kind === 'files') return;
    const kinds = [...this.inventory.gaps()].flatMap(([kind, {permission}]) =>
      permission?.startsWith('list ') ? [pluralOf(kind)] : [],
    );
    const unread = [...this.inventory.unreadable().values()].map(plainText);
    const names = this.#spaces().toSorted();
    const isPart = this.inventory.gap('ClusterRole') !== undefined && names.length < 4;
    const sentences =
      unread.length === 0 && isPart
        ? [`You read ${names.length === 1 ? 'namespace' : 'namespaces'} ${names.map(plainText).join(', ')}.`]
        : unread;
    if (kinds.length > 0 || sentences.length > 0) this.#emit({type: 'partial', partial: {sentences, kinds}});
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const by = this.#by;
    const changed = this.#changed;
    this.#scan = this.#scanner.update(changed);
    this.#changed = [];
    this.#by = [];
    this.#tell(by, this.#outdatedBy(changed));
    if (this.#complete && !this.#toldPartial) this.#tellPartial();
    for (const watcher of [...this.#watchers]) watcher();
  }

  #outdatedBy(changed: readonly Resource[]): readonly string[] {
    const touched = new Set(changed.flatMap(seenBy));
    return [...this.#seen].filter(([, {seen}]) => seen && !seen.isDisjointFrom(touched)).map(([id]) => id);
  }

  #tell(by: readonly Changed[], outdated: readonly string[] = []): void {
    this.#emit({type: 'scanned', scan: this.#scan, complete: this.#complete, by, outdated});
  }
}
