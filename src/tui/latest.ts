type Request = {
  readonly of: unknown;
  readonly work: (signal: AbortSignal) => Promise<unknown>;
  readonly abort: AbortController;
  timer: NodeJS.Timeout | undefined;
  isRunning: boolean;
  again: Request | undefined;
};

/** Work that is asked for again and again, of which the last answer counts; it starts once keys rest. */
export class Latest {
  readonly #requests = new Map<string, Request>();
  readonly #rest: number;
  readonly #fail: (error: unknown) => void;

  constructor(rest: number, fail: (error: unknown) => void) {
    this.#rest = rest;
    this.#fail = fail;
  }

  /**
   * Takes the place of the work of the same name. What is under way ends for it, unless it is of the same thing: that
   * is finished first, so that something which changes all the time is shown at all.
   */
  ask(name: string, of: unknown, work: Request['work']): void {
    const before = this.#requests.get(name);
    const request: Request = {
      of,
      work,
      abort: new AbortController(),
      timer: undefined,
      isRunning: false,
      again: undefined,
    };
    if (before?.isRunning && before.of === of) {
      before.again = request;
      return;
    }
    if (before) end(before);
    this.#start(name, request);
  }

  /** Nobody waits for any of it any more. */
  close(): void {
    for (const request of this.#requests.values()) end(request);
    this.#requests.clear();
  }

  #start(name: string, request: Request): void {
    this.#requests.set(name, request);
    request.timer = setTimeout(() => void this.#run(name, request), this.#rest);
  }

  async #run(name: string, request: Request): Promise<void> {
    const {signal} = request.abort;
    request.isRunning = true;
    try {
      await request.work(signal);
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
    if (signal.aborted) return;
    this.#requests.delete(name);
    if (request.again) this.#start(name, request.again);
  }
}

function end(request: Request): void {
  clearTimeout(request.timer);
  request.again = undefined;
  request.abort.abort();
}
