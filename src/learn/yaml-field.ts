import {LineCounter, parseDocument} from 'yaml';
import {isArray, isObject, type Json, type JsonObject} from '../engine/json.ts';

/** A drill, a card or a file of progress that is not as it has to be: told with its file and line. */
export class ContentError extends Error {
  override readonly name = 'ContentError';
}

type Document = ReturnType<typeof parseDocument>;
type Source = {readonly file: string; readonly document: Document; readonly lines: LineCounter};
type Key = string | number;

/** A value of a YAML file that knows where it stands. Every reader throws a ContentError with file and line. */
export class Field {
  readonly value: Json | undefined;
  readonly #source: Source;
  readonly #path: readonly Key[];

  private constructor(source: Source, path: readonly Key[], value: Json | undefined) {
    this.#source = source;
    this.#path = path;
    this.value = value;
  }

  /** The whole of a file of one document. */
  static parse(text: string, file: string): Field {
    const lines = new LineCounter();
    const document = parseDocument(text, {lineCounter: lines, merge: true});
    const error = document.errors[0];
    if (error) {
      const line = error.linePos?.[0].line ?? 1;
      throw new ContentError(`${file}:${line}: ${error.message.split('\n')[0] ?? 'this is no YAML'}`, {
        cause: error,
      });
    }
    return new Field({file, document, lines}, [], document.toJS() as Json);
  }

  fail(message: string): never {
    throw new ContentError(`${this.#source.file}:${this.#line()}: ${message}`);
  }

  get(key: string): Field {
    const value = isObject(this.value) ? this.value[key] : undefined;
    return new Field(this.#source, [...this.#path, key], value);
  }

  get isSet(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  has(key: string): boolean {
    return this.get(key).isSet;
  }

  object(): JsonObject {
    return isObject(this.value) ? this.value : this.fail(`${this.#name()} has to be a mapping.`);
  }

  /** The fields of a mapping, which may have these keys only. */
  only(...keys: readonly string[]): this {
    for (const key of Object.keys(this.object())) {
      if (!keys.includes(key)) this.get(key).fail(`${key} is no key here. Known are: ${keys.join(', ')}.`);
    }
    return this;
  }

  text(): string {
    const {value} = this;
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
    return this.fail(`${this.#name()} has to be text, it is ${JSON.stringify(value) ?? 'not set'}.`);
  }

  optionalText(): string | undefined {
    return this.isSet ? this.text() : undefined;
  }

  number(): number {
    return typeof this.value === 'number' ? this.value : this.fail(`${this.#name()} has to be a number.`);
  }

  boolean(): boolean {
    return typeof this.value === 'boolean'
      ? this.value
      : this.fail(`${this.#name()} has to be true or false.`);
  }

  oneOf<T extends string>(known: readonly T[]): T {
    const found = known.find((one) => one === this.value);
    return found ?? this.fail(`${this.#name()} has to be one of ${known.join(', ')}.`);
  }

  list(): readonly Field[] {
    if (!isArray(this.value)) return this.fail(`${this.#name()} has to be a list.`);
    return this.value.map((item, index) => new Field(this.#source, [...this.#path, index], item));
  }

  optionalList(): readonly Field[] {
    return this.isSet ? this.list() : [];
  }

  #name(): string {
    const keys = this.#path.filter((key) => typeof key === 'string');
    return keys.at(-1) ?? 'This';
  }

  /** Of the value, or of what it should be in. */
  #line(): number {
    for (let length = this.#path.length; length >= 0; length -= 1) {
      const path = this.#path.slice(0, length);
      const node = length === 0 ? this.#source.document.contents : this.#source.document.getIn(path, true);
      const range = (node as {range?: readonly number[] | null} | null | undefined)?.range;
      if (range?.[0] !== undefined) return this.#source.lines.linePos(range[0]).line;
    }
    return 1;
  }
}
