import type {JsonObject} from '../../../engine/json.ts';
import type {Context} from '../context.ts';

/** Thrown out of a write that waits for another program: when that has answered, the write is done again. */
export class Unanswered extends Error {
  readonly answered: Promise<unknown>;

  constructor(answered: Promise<unknown>) {
    super('another program is being asked about this write');
    this.answered = answered;
  }
}

export type Question = {
  readonly key: string;
  /** Never rejects: that nobody answers is an answer. */
  readonly ask: () => Promise<unknown>;
};

/** What one write has asked, and what it was told: a write that is done again asks nothing twice. */
export class Asks {
  readonly #asking = new Map<string, Promise<unknown>>();
  readonly #answers = new Map<string, unknown>();
  readonly #fixed = new Map<string, string>();

  /** The answers to the questions, which are all asked at once. @throws {Unanswered} while some are missing. */
  answersTo(questions: readonly Question[]): readonly unknown[] {
    const missing = questions.filter(({key}) => !this.#answers.has(key));
    if (missing.length > 0) throw new Unanswered(Promise.all(missing.map((one) => this.#asked(one))));
    return questions.map(({key}) => this.#answers.get(key));
  }

  /** Asks, unless an earlier attempt did and still waits. */
  #asked({key, ask}: Question): Promise<unknown> {
    let asking = this.#asking.get(key);
    if (!asking) {
      asking = ask().then((answer) => this.#answers.set(key, answer));
      this.#asking.set(key, asking);
    }
    return asking;
  }

  /** A value that is made up once: the second attempt stores the object that the first has shown. */
  fixed(key: string, make: () => string): string {
    const value = this.#fixed.get(key) ?? make();
    this.#fixed.set(key, value);
    return value;
  }
}

/** Does a write as often as it takes until all whom it asks have answered. Only what the last attempt says is told. */
export async function whenAnswered<T>(context: Context, write: (context: Context) => T): Promise<T> {
  const asks = new Asks();
  for (;;) {
    const told: (() => void)[] = [];
    const {annotate} = context;
    const attempt: Context = {
      ...context,
      asks,
      warn: (text) => told.push(() => context.warn(text)),
      ...(annotate ? {annotate: (...annotation) => told.push(() => annotate(...annotation))} : {}),
    };
    try {
      const result = write(attempt);
      for (const tell of told) tell();
      return result;
    } catch (error) {
      if (!(error instanceof Unanswered)) {
        for (const tell of told) tell();
        throw error;
      }
      await error.answered;
    }
  }
}

/** More than that many writes of controllers do not wait at once. */
const mostPending = 1000;

/**
 * What the writes of controllers have asked. A controller that was told to wait (by `Unanswered`) makes the same write
 * again, with other times and another made-up name; it is known by the rest.
 */
export class PendingAsks {
  readonly #asks = new Map<string, Asks>();

  /** @throws {Unanswered} */
  run<T>(what: string, object: JsonObject, context: Context, write: (context: Context) => T): T {
    const key = `${context.user.name} ${what} ${JSON.stringify(object).replaceAll(times, '')}`;
    const asks = this.#asks.get(key) ?? new Asks();
    this.#asks.delete(key);
    try {
      return write({...context, asks});
    } catch (error) {
      if (error instanceof Unanswered) this.#keep(key, asks);
      throw error;
    }
  }

  #keep(key: string, asks: Asks): void {
    this.#asks.set(key, asks);
    const [oldest] = this.#asks.keys();
    if (this.#asks.size > mostPending && oldest !== undefined) this.#asks.delete(oldest);
  }
}

const times = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;

/** Does a write of which nobody waits for the result: at once or, where others are asked, when they have answered. */
export function eventually(write: () => void, onError: (error: unknown) => void = () => undefined): void {
  try {
    write();
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    void error.answered.then(() => {
      try {
        eventually(write, onError);
      } catch (later) {
        onError(later);
      }
    });
  }
}
