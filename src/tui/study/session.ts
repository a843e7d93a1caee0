import type {Framework} from '../../engine/control.ts';
import {Inventory} from '../../engine/inventory.ts';
import {asObject, asString} from '../../engine/json.ts';
import type {Resource} from '../../engine/objects.ts';
import {Scanner, walkOrder} from '../../engine/scan.ts';
import {plainText} from '../../engine/text.ts';
import {Objects} from '../../learn/api.ts';
import type {Drill} from '../../learn/drill.ts';
import {workFolder} from '../../learn/drill-files.ts';
import {DrillLocks} from '../../learn/drill-locks.ts';
import {cardsOfCluster, specOf} from '../../learn/generated-cards.ts';
import type {Place} from '../../learn/place.ts';
import {type CriterionResult, verify, type World} from '../../learn/verify.ts';
import type {TargetEvent} from '../../target/target.ts';
import type {StudyCluster, StudyOptions} from './options.ts';
import type {Event, Happening} from './state.ts';

/** The cluster that is studied on: read whole, followed, and judged. */
export class StudySession {
  readonly place: Place;
  readonly locks: DrillLocks;
  readonly cluster: StudyCluster;
  readonly #framework: Framework;
  readonly #walkFramework: Framework;
  readonly #dispatch: (event: Event) => void;
  readonly #inventory = new Inventory();
  readonly #stop = new AbortController();
  readonly #ready = Promise.withResolvers<void>();
  /** Specs of the objects in cards, by key. */
  #drawn: ReadonlyMap<string, string> = new Map();
  #changed: ReadonlySet<string> = new Set();
  #isReady = false;
  /** Told when anything in the cluster changed. */
  onChange: () => void = () => {};
  /** Namespaces whose changes are told. */
  watched: ReadonlySet<string> = new Set();

  constructor(
    cluster: StudyCluster,
    {framework, walkFramework}: Pick<StudyOptions, 'framework' | 'walkFramework'>,
    dispatch: (event: Event) => void,
  ) {
    this.cluster = cluster;
    this.#framework = framework;
    this.#walkFramework = walkFramework;
    this.#dispatch = dispatch;
    const {client, work, nodes, pristineNodes} = cluster;
    this.locks = new DrillLocks(work, cluster.locks);
    this.place = {objects: new Objects(client), work, nodes, pristineNodes, locks: this.locks};
    this.#ready.promise.catch(() => undefined);
  }

  /** Follows the cluster until it is closed. */
  async follow(): Promise<void> {
    try {
      await this.cluster.target.watch((events) => this.#take(events), this.#stop.signal);
    } catch (error) {
      this.#ready.reject(error);
      if (!this.#stop.signal.aborted) throw error;
    }
  }

  judge(drill: Drill): Promise<readonly CriterionResult[]> {
    const world: World = {
      objects: this.place.objects,
      inventory: async () => {
        await this.#ready.promise;
        return this.#inventory;
      },
      framework: this.#framework,
      work: workFolder(this.place, drill),
      nodes: this.place.nodes,
    };
    return verify(drill.criteria, world);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.locks.releaseAll();
    await this.cluster.close();
  }

  /** Tells which objects of the cards are not any more what the questions were drawn from. */
  #compare(): void {
    const changed = new Set<string>();
    for (const [key, spec] of this.#drawn) {
      const resource = this.#inventory.byKey(key);
      if (resource === undefined || specOf(resource) !== spec) changed.add(key);
    }
    if (changed.size === this.#changed.size && [...changed].every((key) => this.#changed.has(key))) return;
    this.#changed = changed;
    this.#dispatch({type: 'changed', keys: changed});
  }

  #take(events: readonly TargetEvent[]): void {
    const happened: Happening[] = [];
    for (const event of events) {
      if (event.type === 'set') {
        const before = this.#inventory.byKey(event.resource.key);
        this.#inventory.set(event.resource);
        if (this.#isReady) happened.push(...this.#tell(event.resource, before));
      } else if (event.type === 'delete') {
        const before = this.#inventory.byKey(event.key);
        this.#inventory.delete(event.key);
        if (before && this.#isReady) happened.push(...this.#tell(before, undefined, 'deleted'));
      } else if (event.type === 'coverage') {
        this.#inventory.setGap(event.kind, event.reason === undefined ? undefined : {reason: event.reason});
      } else if (event.type === 'ready') {
        this.#isReady = true;
        this.#ready.resolve();
        this.#read();
      }
    }
    if (happened.length > 0) this.#dispatch({type: 'happened', items: happened});
    if (!this.#isReady) return;
    this.#compare();
    this.onChange();
  }

  #tell(resource: Resource, before: Resource | undefined, what?: string): readonly Happening[] {
    if (!this.watched.has(resource.namespace) || resource.kind === 'Event') return [];
    const phase = (one: Resource | undefined) => asString(asObject(one?.object.status).phase);
    const generation = (one: Resource | undefined) => asObject(one?.object.metadata).generation;
    const isPod = resource.kind === 'Pod';
    if (what === undefined && before && isPod && phase(resource) === phase(before)) return [];
    // Status churn tells nothing: of what has a generation, only a change of what is wanted.
    const isSame = before && generation(before) !== undefined && generation(before) === generation(resource);
    if (what === undefined && !isPod && isSame) return [];
    const change = before === undefined ? 'created' : isPod ? phase(resource) : 'changed';
    return [
      {
        at: Date.now(),
        object: plainText(`${resource.kind.toLowerCase()} ${resource.name}`),
        what: what ?? change,
      },
    ];
  }

  /** What the home proposes, and cards about the objects that are there. */
  #read(): void {
    const result = new Scanner(this.#walkFramework, this.#inventory).scan();
    const first = walkOrder(result.controls).find(({status}) => status === 'failed');
    const seed = Math.floor(Date.now() / 86_400_000);
    const own = cardsOfCluster(this.#inventory, this.#framework, seed);
    this.#drawn = new Map(own.flatMap(({objects}) => objects.map(({key, spec}) => [key, spec])));
    this.#dispatch({
      type: 'read',
      suggestion: first && {id: first.entry.id, title: first.entry.title, failing: first.failed},
      own,
    });
  }
}
