import type {Change} from '../../engine/change.ts';
import {asString, type JsonObject} from '../../engine/json.ts';
import type {Ref} from '../../engine/objects.ts';
import {isLost} from '../errors.ts';
import {accessOf, type ClusterAccess, loadKubeconfig} from '../kubeconfig.ts';
import {
  type Access,
  type Applied,
  type PreviewItem,
  type Target,
  TargetError,
  type TargetEvent,
} from '../target.ts';
import {readAccess} from './access.ts';
import {applyItem} from './apply.ts';
import {batches} from './batch.ts';
import {KubeClient, pause, uidOf} from './client.ts';
import {shellEnvironment} from './environment.ts';
import {EvidenceReader} from './evidence.ts';
import {Gate} from './gate.ts';
import {Kubelets, kubeletGap} from './kubelets.ts';
import {type Listed, type ListingOptions, listDenied, listEverything, listGranted} from './listing.ts';
import {previewChange} from './preview.ts';
import {readObject} from './read.ts';
import {Resources} from './resources.ts';
import {isWatchable} from './source.ts';

export type LiveOptions = {
  /** Path of a kubeconfig; else $KUBECONFIG, else ~/.kube/config. */
  readonly kubeconfig?: string | undefined;
  /** Else the current one. */
  readonly context?: string | undefined;
  readonly kind?: 'practice' | 'live';
  /** As shown in the title; else the context's name. */
  readonly name?: string;
  /** Whether kubelets may be asked through nodes/proxy (as strong as exec on every node); always for practice. */
  readonly nodesProxy?: boolean;
  /** Namespaces to read where all may not be listed; else that of the context. */
  readonly namespaces?: readonly string[];
  /** Timings, for tests. */
  readonly timing?: Partial<Omit<ListingOptions, 'namespaces' | 'named'>>;
};

const timing = {
  pageSize: 500,
  idle: 100_000,
  watchSeconds: 240,
  backoff: {first: 500, most: 30_000},
  width: 6,
} as const;

/** Milliseconds between two looks at what the kubelets run with. */
const kubeletsEach = {practice: 1000, live: 60_000} as const;

/**
 * A cluster, reached as the kubeconfig says. Nothing is sent before the first call.
 * @throws {TargetError} `bad-kubeconfig`, `unknown-context`
 */
export async function liveTarget(options: LiveOptions = {}): Promise<Target> {
  const config = loadKubeconfig(options.kubeconfig);
  return new LiveTarget(accessOf(config, options.context), options, config.currentContext);
}

class LiveTarget implements Target {
  readonly kind: 'practice' | 'live';
  readonly name: string;
  readonly address: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly #client: KubeClient;
  readonly #resources: Resources;
  readonly #options: LiveOptions;
  readonly #listing: ListingOptions;
  readonly #endEnvironment: () => void;
  #identity: string | undefined;
  #emit: ((event: TargetEvent) => void) | undefined;
  #relist: (() => void) | undefined;
  #look: (() => Promise<unknown>) | undefined;

  constructor(access: ClusterAccess, options: LiveOptions, currentContext: string) {
    this.kind = options.kind ?? 'live';
    this.name = options.name ?? access.context.name;
    this.address = asString(access.cluster.server);
    this.#options = options;
    this.#client = new KubeClient(this.name, access, {
      onWait: (seconds) =>
        this.#emit?.({
          type: 'progress',
          text: `${this.name} asks to wait ${seconds} s (429). kubekata waits.`,
        }),
    });
    this.#resources = new Resources(this.#client);
    const {namespaces = access.context.namespace ? [access.context.namespace] : []} = options;
    this.#listing = {...timing, ...options.timing, namespaces, named: namespaces.length > 0};
    const shell = shellEnvironment(access, currentContext);
    this.environment = shell.environment;
    this.#endEnvironment = shell.end;
  }

  async identity(signal?: AbortSignal): Promise<string> {
    if (this.#identity !== undefined) return this.#identity;
    const {status, body} = await this.#client.send({path: '/api/v1/namespaces/kube-system', signal});
    // Who may not read kube-system knows the cluster by its address and authority alone.
    this.#identity = status === 200 ? uidOf(body) : await addressIdentity(this.#client.who.access);
    return this.#identity;
  }

  async list(signal?: AbortSignal): Promise<readonly TargetEvent[]> {
    const events: TargetEvent[] = [];
    const emit = (event: TargetEvent) => {
      events.push(event);
    };
    await this.#listAll(emit, signal);
    emit({type: 'ready'});
    return events;
  }

  async watch(onEvents: (events: readonly TargetEvent[]) => void, signal: AbortSignal): Promise<void> {
    const {emit, flush} = batches(onEvents);
    const stop = new AbortController();
    const both = AbortSignal.any([signal, stop.signal]);
    this.#emit = emit;
    try {
      const kubelets = new Kubelets(this.#client, emit);
      const evidence = new EvidenceReader(this.#client, emit);
      const tell = (event: TargetEvent) => {
        emit(event);
        if (!started) return;
        evidence.see(event);
        if (this.#asksKubelets) followNode(event, kubelets, both);
      };
      let started = false;
      const listed = await this.#listAll(tell, both, kubelets, evidence);
      started = true;
      this.#look = () =>
        Promise.all([evidence.ask(both), this.#asksKubelets ? kubelets.readAgain(both) : undefined]);
      emit({type: 'ready'});
      const listen = (event: TargetEvent) => {
        emit(event);
        // A server that was away may have come back with other flags.
        if (event.type === 'back') void evidence.ask(both);
      };
      const gate = new Gate(this.#client, listen, this.#listing.backoff, both);
      const following = listed.sources
        .filter(({info}) => isWatchable(info))
        .map((source) => source.follow(gate, both));
      if (this.#asksKubelets) following.push(kubelets.follow(kubeletsEach[this.kind], both));
      following.push(this.#followGrants(listed, tell, gate, both));
      await Promise.all(following);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      stop.abort();
      this.#emit = undefined;
      this.#relist = undefined;
      this.#look = undefined;
      flush();
    }
  }

  preview(change: Change, signal?: AbortSignal): Promise<readonly PreviewItem[]> {
    return previewChange({client: this.#client, resources: this.#resources}, change, signal);
  }

  apply(item: PreviewItem, signal?: AbortSignal): Promise<Applied> {
    return applyItem({client: this.#client, resources: this.#resources}, item, signal);
  }

  read(ref: Ref, signal?: AbortSignal): Promise<JsonObject | undefined> {
    return readObject({client: this.#client, resources: this.#resources}, ref, signal);
  }

  async close(): Promise<void> {
    this.#endEnvironment();
    await this.#client.close();
  }

  access(namespaces: readonly string[], signal?: AbortSignal): Promise<Access> {
    return readAccess(this.#client, namespaces, signal);
  }

  async relist(): Promise<void> {
    this.#relist?.();
    await this.#look?.();
  }

  /** Each time that `relist` asks for it: reads what was forbidden before, and follows it from then on. */
  async #followGrants(
    listed: Listed,
    emit: (event: TargetEvent) => void,
    gate: Gate,
    signal: AbortSignal,
  ): Promise<void> {
    let known = listed;
    const following: Promise<void>[] = [];
    while (known.denied.length > 0) {
      await new Promise<void>((resolve, reject) => {
        this.#relist = resolve;
        signal.addEventListener('abort', () => reject(signal.reason), {once: true});
      });
      // A server that is away just now is asked again at the next call.
      const asked = this.#listAgain(known, emit, signal);
      const found = await asked.catch(() => undefined);
      if (found === undefined) continue;
      known = {...known, sources: [...known.sources, ...found.sources], denied: found.denied};
      const watchable = found.sources.filter(({info}) => isWatchable(info));
      following.push(...watchable.map((source) => source.follow(gate, signal)));
    }
    this.#relist = undefined;
    await Promise.all(following);
  }

  /** What was forbidden, in the whole cluster and then in single namespaces. @throws {TargetError} */
  async #listAgain(
    known: Listed,
    emit: (event: TargetEvent) => void,
    signal: AbortSignal,
  ): Promise<Pick<Listed, 'sources' | 'denied'>> {
    const whole = await listDenied(this.#client, known.denied, emit, this.#listing, signal);
    const left = {...known, denied: whole.denied};
    const partly = await listGranted(this.#client, left, emit, this.#listing, signal);
    return {sources: [...whole.sources, ...partly], denied: whole.denied};
  }

  get #asksKubelets(): boolean {
    return this.kind === 'practice' || this.#options.nodesProxy === true;
  }

  async #listAll(
    emit: (event: TargetEvent) => void,
    signal: AbortSignal | undefined,
    kubelets = new Kubelets(this.#client, emit),
    evidence = new EvidenceReader(this.#client, emit),
  ): Promise<Listed> {
    await this.#reach(signal);
    const nodes: string[] = [];
    const tell = (event: TargetEvent) => {
      if (event.type === 'set' && event.resource.kind === 'Node') nodes.push(event.resource.name);
      emit(event);
      evidence.see(event);
    };
    const asked = evidence.ask(signal);
    const listed = await listEverything(this.#client, tell, this.#listing, signal);
    await asked;
    if (this.#asksKubelets) await kubelets.readAll(nodes, signal);
    else emit({type: 'coverage', kind: 'Kubelet', reason: kubeletGap, permission: 'get nodes/proxy'});
    return listed;
  }

  /** Finds out whether the server answers before anything is asked of it: three tries. @throws {TargetError} */
  async #reach(signal: AbortSignal | undefined): Promise<void> {
    const started = Date.now();
    for (let tries = 1; ; tries += 1) {
      try {
        await this.#client.get({path: '/version', signal, timeout: 15_000}, 'read its version');
        return;
      } catch (error) {
        if (!(error instanceof TargetError)) throw error;
        if (error.problem === 'forbidden' || error.problem === 'gone') return;
        if (error.problem !== 'unreachable' || !isLost(error)) throw error;
        if (tries === 3) throw this.#client.unreachable(error, tries, (Date.now() - started) / 1000);
      }
      await pause(this.#listing.backoff.first * tries, signal);
    }
  }
}

/** A kubelet that is configured anew restarts, and its Node tells. */
function followNode(event: TargetEvent, kubelets: Kubelets, signal: AbortSignal): void {
  if (event.type === 'delete' && event.key.startsWith('Node//'))
    kubelets.forget(event.key.slice('Node//'.length));
  if (event.type !== 'set' || event.resource.kind !== 'Node') return;
  // A read that fails keeps what was known: the next event of the node asks again.
  kubelets.read(event.resource.name, signal).catch(() => undefined);
}

async function addressIdentity({cluster}: ClusterAccess): Promise<string> {
  const {createHash} = await import('node:crypto');
  const known = [cluster.server, cluster['certificate-authority-data'], cluster['certificate-authority']];
  return `address-${createHash('sha256').update(JSON.stringify(known)).digest('hex').slice(0, 32)}`;
}
