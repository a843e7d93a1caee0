/** Scalars: s string, b bool, i int32, I int64, n float, y bytes, t time, T microtime, Q quantity, q int or string, o any. */
export type Shape =
  | {readonly is: 'scalar'; readonly code: string}
  | {readonly is: 'list'; readonly of: Shape}
  | {readonly is: 'map'; readonly of: Shape}
  | {readonly is: 'struct'; readonly type: () => TypeInfo};

export type Field = {
  readonly name: string;
  readonly shape: Shape;
  readonly pointer: boolean;
  /** Dropped when it is empty. */
  readonly omit: boolean;
  /** Protobuf field number, with those of the messages around it where JSON has it inline: `2.1`. */
  readonly number: string;
  readonly required: boolean;
  /** Strategic merge: `merge`, `replace`, `retainKeys`. */
  readonly strategies: readonly string[];
  readonly mergeKey: string;
  /** Server-side apply: keys of a list of type map. */
  readonly listKeys: readonly string[];
  readonly listType: string;
  readonly atomic: boolean;
  readonly values: readonly string[];
  /** The Go type that decoding errors name. */
  readonly goType: string;
  /** Of a custom kind: kept whatever it is, and judged by the kind's schema. */
  readonly loose?: boolean;
  /** Null is a value. */
  readonly nullable?: boolean;
};

export type TypeInfo = {
  readonly name: string;
  readonly goName: string;
  readonly atomic: boolean;
  readonly fields: ReadonlyMap<string, Field>;
  /** Unknown fields are kept: `x-kubernetes-preserve-unknown-fields`. */
  readonly open?: boolean;
};

export type SchemaData = {
  readonly version: string;
  readonly kinds: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<string, Readonly<Record<string, string>>>>;
};

const goNames: Readonly<Record<string, string>> = {
  s: 'string',
  b: 'bool',
  i: 'int32',
  I: 'int64',
  n: 'float64',
  y: '[]uint8',
  t: 'v1.Time',
  T: 'v1.MicroTime',
  Q: 'resource.Quantity',
  q: 'intstr.IntOrString',
};

/** The types of the API, each read from its compact form when it is first asked for. */
export class Schema {
  readonly version: string;
  readonly #data: SchemaData;
  readonly #types = new Map<string, TypeInfo>();

  constructor(data: SchemaData) {
    this.#data = data;
    this.version = data.version;
  }

  /** The type of a kind, `apps/v1/Deployment`; undefined for kinds that the API does not have. */
  kind(apiVersion: string, kind: string): TypeInfo | undefined {
    const name = this.#data.kinds[`${apiVersion}/${kind}`];
    return name === undefined ? undefined : this.type(name);
  }

  /** @throws {Error} when the type is not in the data. */
  type(name: string): TypeInfo {
    const known = this.#types.get(name);
    if (known) return known;
    const data = this.#data.types[name];
    if (!data) throw new Error(`The schema has no type ${name}.`);
    const fields = new Map<string, Field>();
    const type = {name, goName: name.slice(name.lastIndexOf('.') + 1), atomic: data['!'] === 'x', fields};
    this.#types.set(name, type);
    for (const [field, text] of Object.entries(data)) {
      if (field !== '!') fields.set(field, this.#field(field, text));
    }
    return type;
  }

  get kinds(): readonly string[] {
    return Object.keys(this.#data.kinds);
  }

  #field(name: string, text: string): Field {
    const [head = '', ...attributes] = text.split(' ');
    const [, code = '', flags = ''] = /^([^*~^]*)([*~^]*)$/.exec(head) ?? [];
    const value = (prefix: string): string =>
      attributes.find((item) => item.startsWith(`${prefix}=`))?.slice(2) ?? '';
    const list = value('l');
    const split = (part: string, by: string): readonly string[] => (part ? part.split(by) : []);
    return {
      name,
      shape: this.#shape(code),
      pointer: flags.includes('*'),
      // Go's omitempty never drops a struct, and these are structs in Go.
      omit: flags.includes('^') || (flags.includes('~') && (flags.includes('*') || !/^[@tTQq]/.test(code))),
      number: attributes.find((item) => item.startsWith('#'))?.slice(1) ?? '',
      required: attributes.includes('r'),
      strategies: split(value('s'), ','),
      mergeKey: value('k'),
      listKeys: list.startsWith('!') ? [] : split(list, ','),
      listType: list.startsWith('!') ? list.slice(1) : list ? 'map' : '',
      atomic: attributes.includes('x'),
      values: split(value('e'), '|'),
      goType: value('g') || goType(code),
    };
  }

  #shape(code: string): Shape {
    const rest = code.slice(1);
    if (code[0] === '[') return {is: 'list', of: this.#shape(rest)};
    if (code[0] === '{') return {is: 'map', of: this.#shape(rest)};
    return code[0] === '@' ? {is: 'struct', type: () => this.type(rest)} : {is: 'scalar', code};
  }
}

function goType(code: string): string {
  if (code[0] === '[') return `[]${goType(code.slice(1))}`;
  if (code[0] === '{') return `map[string]${goType(code.slice(1))}`;
  if (code[0] === '@') return code.replace(/^@.*\/([^/.]+)\.([^.]+)$/, '$1.$2');
  return goNames[code] ?? code;
}
