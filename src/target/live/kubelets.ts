import {asObject} from '../../engine/json.ts';
import {kubeletResource} from '../../engine/kubelet.ts';
import type {Resource} from '../../engine/objects.ts';
import {statusMessage} from '../errors.ts';
import type {TargetEvent} from '../target.ts';
import {inParallel} from './batch.ts';
import {type KubeClient, pause} from './client.ts';

export const kubeletGap =
  'What the kubelets enforce is read through nodes/proxy, which is as strong as exec on every node: ask for it with --nodes-proxy.';

/** Reads the configuration that each kubelet runs with, through the API server. Pure evidence: nothing is changed. */
export class Kubelets {
  readonly #client: KubeClient;
  readonly #emit: (event: TargetEvent) => void;
  readonly #told = new Map<string, string>();
  readonly #failed = new Map<string, string>();
  readonly #busy = new Map<string, Promise<void>>();

  constructor(client: KubeClient, emit: (event: TargetEvent) => void) {
    this.#client = client;
    this.#emit = emit;
  }

  async readAll(nodes: readonly string[], signal: AbortSignal | undefined): Promise<void> {
    await inParallel(nodes, 4, (node) => this.read(node, signal));
  }

  /** Reads one node, and tells it where it is new or changed. Calls for a node that is being read share the answer. */
  read(node: string, signal: AbortSignal | undefined): Promise<void> {
    const running = this.#busy.get(node);
    if (running) return running;
    const started = this.#read(node, signal).finally(() => this.#busy.delete(node));
    this.#busy.set(node, started);
    return started;
  }

  /** Reads all that are known again and again, until aborted: a kubelet tells nobody that it was configured anew. */
  async follow(milliseconds: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      // A read that fails keeps what was known, and the next one asks again.
      await pause(milliseconds, signal)
        .then(() => this.readAgain(signal))
        .catch(() => undefined);
    }
  }

  /** Reads all that were asked before, once more. A read that fails keeps what was known. */
  async readAgain(signal: AbortSignal): Promise<void> {
    await this.readAll([...this.#told.keys(), ...this.#failed.keys()], signal).catch(() => undefined);
  }

  forget(node: string): void {
    this.#tellGap(node, undefined);
    if (this.#told.delete(node)) this.#emit({type: 'delete', key: keyOf(node)});
  }

  async #read(node: string, signal: AbortSignal | undefined): Promise<void> {
    const path = `/api/v1/nodes/${encodeURIComponent(node)}/proxy/configz`;
    const {status, body} = await this.#client.send({path, signal, timeout: 10_000});
    const config = asObject(body).kubeletconfig;
    if (status !== 200 || config === undefined) {
      const why = status === 403 ? 'you may not get nodes/proxy' : statusMessage(body, status);
      this.#tellGap(
        node,
        `The configuration of the kubelet of ${node} could not be read: ${why}.`.replace(/\.+$/, '.'),
      );
      return;
    }
    this.#tellGap(node, undefined);
    const text = JSON.stringify(config);
    if (this.#told.get(node) === text) return;
    this.#told.set(node, text);
    const resource: Resource = kubeletResource(node, asObject(config), `configz of node ${node}`);
    this.#emit({type: 'set', resource});
  }

  #tellGap(node: string, reason: string | undefined): void {
    if (this.#failed.get(node) === reason) return;
    if (reason === undefined) this.#failed.delete(node);
    else this.#failed.set(node, reason);
    const first = this.#failed.values().next().value;
    this.#emit(
      first === undefined
        ? {type: 'coverage', kind: 'Kubelet'}
        : {type: 'coverage', kind: 'Kubelet', reason: first, permission: 'get nodes/proxy'},
    );
  }
}

const keyOf = (node: string): string => `Kubelet//${node}`;
