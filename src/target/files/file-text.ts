import type {FileText} from '../target.ts';

type Splice = {readonly start: number; readonly end: number; readonly by: string};

/** A text, and one that it became by a splice. Only what differs is kept: a change may touch one file a thousand times. */
export class Version {
  readonly #base: string;
  readonly #parent: Version | undefined;
  readonly #splice: Splice | undefined;

  constructor(base: string, parent?: Version, splice?: Splice) {
    this.#base = base;
    this.#parent = parent;
    this.#splice = splice;
  }

  /** The text with `by` in the place of `start` to `end`. */
  replace(start: number, end: number, by: string): Version {
    // A slice would keep all of the text that it is a part of.
    return new Version(this.#base, this, {start, end, by: Buffer.from(by).toString()});
  }

  text(): string {
    const splices: Splice[] = [];
    for (let version: Version | undefined = this; version; version = version.#parent) {
      if (version.#splice) splices.push(version.#splice);
    }
    // In pieces: a thousand splices of a large text would copy it a thousand times.
    const pieces = [this.#base];
    for (const splice of splices.toReversed()) spliceInto(pieces, splice);
    return pieces.join('');
  }
}

function spliceInto(pieces: string[], {start, end, by}: Splice): void {
  let first = 0;
  let offset = 0;
  while (first < pieces.length && offset + pieces[first]!.length < start) offset += pieces[first++]!.length;
  let last = first;
  let until = offset;
  while (last < pieces.length - 1 && until + pieces[last]!.length < end) until += pieces[last++]!.length;
  const head = pieces[first]!.slice(0, start - offset);
  const tail = pieces[last]!.slice(end - until);
  pieces.splice(first, last - first + 1, head, by, tail);
}

type Shown = {readonly before: string; readonly after: string};

/** The text of a file before and after a step, computed when it is asked for, and in no journal. */
export class LazyFileText implements FileText {
  readonly file: string;
  readonly #before: Version;
  readonly #after: Version;
  readonly #show: () => Shown;

  constructor(file: string, before: Version, after: Version, show: () => Shown) {
    this.file = file;
    this.#before = before;
    this.#after = after;
    this.#show = show;
  }

  get before(): string {
    return this.#before.text();
  }

  get after(): string {
    return this.#after.text();
  }

  get shown(): Shown {
    return this.#show();
  }

  /** Left out of JSON: it is a copy of a file, credentials too. */
  toJSON(): undefined {
    return undefined;
  }
}
