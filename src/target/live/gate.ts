import type {TargetError, TargetEvent} from '../target.ts';
import {type KubeClient, pause} from './client.ts';

export type Backoff = {readonly first: number; readonly most: number};

/** Milliseconds before try `attempt` (from 0): doubled each time, with jitter so that many do not come at once. */
export const delayOf = ({first, most}: Backoff, attempt: number): number =>
  Math.min(most, first * 2 ** attempt) * (0.5 + Math.random() / 2);

/**
 * Where everything that lost the connection waits: one probe for all, told as `lost` with the next try, then `back`.
 */
export class Gate {
  readonly #client: KubeClient;
  readonly #emit: (event: TargetEvent) => void;
  readonly #backoff: Backoff;
  readonly #signal: AbortSignal;
  #open: Promise<void> | undefined;

  constructor(client: KubeClient, emit: (event: TargetEvent) => void, backoff: Backoff, signal: AbortSignal) {
    this.#client = client;
    this.#emit = emit;
    this.#backoff = backoff;
    this.#signal = signal;
  }

  /** Resolves when the server answers again. Rejects when aborted. */
  wait(problem: TargetError): Promise<void> {
    this.#open ??= this.#probe(problem).finally(() => {
      this.#open = undefined;
    });
    return this.#open;
  }

  async #probe(problem: TargetError): Promise<void> {
    let message = lostMessage(this.#client.who.name, problem);
    for (let attempt = 0; ; attempt += 1) {
      const delay = delayOf(this.#backoff, attempt);
      this.#emit({type: 'lost', message, retryAt: new Date(Date.now() + delay)});
      await pause(delay, this.#signal);
      try {
        const {status} = await this.#client.send({path: '/version', signal: this.#signal, timeout: 10_000});
        if (status < 500 && status !== 401) {
          this.#emit({type: 'back'});
          return;
        }
        if (status === 401) message = lostMessage(this.#client.who.name, problem, true);
      } catch (error) {
        if (this.#signal.aborted) throw error;
      }
    }
  }
}

const time = (): string => new Date().toTimeString().slice(0, 5);

function lostMessage(
  name: string,
  problem: TargetError,
  isUnknown = problem.problem === 'unauthenticated',
): string {
  return isUnknown
    ? `${name} does not know you any more since ${time()} (401). What you see is from then.`
    : `${name} stopped answering at ${time()}. What you see is from then.`;
}
