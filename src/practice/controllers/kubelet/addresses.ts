import type {ChangeEvent} from '../../api/machine.ts';
import type {Node, Pod} from '../types.ts';

/** Hands out the addresses of a node's range. */
export class Addresses {
  readonly #taken = new Map<string, string>();
  readonly #byPod = new Map<string, string>();

  /** Takes notice of the addresses that pods have, and of those that are free again. */
  observe({type, object}: ChangeEvent): void {
    const pod = object as Pod;
    const {uid} = pod.metadata;
    const ip = pod.status?.podIP;
    const isOver = type === 'DELETED' || pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
    if (isOver) {
      const known = this.#byPod.get(uid);
      if (known !== undefined) this.#taken.delete(known);
      this.#byPod.delete(uid);
    } else if (ip !== undefined && pod.spec.hostNetwork !== true) this.#take(uid, ip);
  }

  allocate(pod: Pod, node: Node): string | undefined {
    const known = this.#byPod.get(pod.metadata.uid);
    if (known !== undefined) return known;
    const base = (node.spec.podCIDR ?? '10.244.0.0/24').split('/')[0] ?? '';
    const prefix = base.slice(0, base.lastIndexOf('.'));
    for (let last = 2; last < 255; last += 1) {
      const ip = `${prefix}.${last}`;
      if (this.#taken.has(ip)) continue;
      this.#take(pod.metadata.uid, ip);
      return ip;
    }
    return undefined;
  }

  #take(uid: string, ip: string): void {
    this.#taken.set(ip, uid);
    this.#byPod.set(uid, ip);
  }
}

export const nodeAddress = (node: Node): string =>
  node.status?.addresses?.find(({type}) => type === 'InternalIP')?.address ?? '127.0.0.1';
