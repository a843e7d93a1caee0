/** What a filter looks at in one row. */
export type Filtered = {
  readonly texts: readonly string[];
  readonly namespace: string | undefined;
  readonly kind: string | undefined;
  readonly failed: boolean;
  readonly domain: number | undefined;
  /** Namespaces and kinds of a row that stands for many objects. */
  readonly namespaces?: ReadonlySet<string>;
  readonly kinds?: ReadonlySet<string>;
};

type Term = {readonly without: boolean; test(row: Filtered): boolean};
export type Filter = readonly Term[];

/** Parses `word !without ns:argo kind:Pod domain:1 failed passed /regex/`: every term has to hold. */
export const parseFilter = (text: string): Filter =>
  text
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '' && word !== '!')
    .map((word) => {
      const without = word.startsWith('!');
      return {without, test: testOf(without ? word.slice(1) : word)};
    });

function testOf(word: string): (row: Filtered) => boolean {
  const [, field, value = ''] = /^(ns|kind|domain):(.*)$/.exec(word) ?? [];
  const wanted = value.toLowerCase();
  if (field === 'ns') return ({namespace, namespaces}) => has(namespace, namespaces, wanted);
  if (field === 'kind') return ({kind, kinds}) => has(kind, kinds, wanted);
  if (field === 'domain') return ({domain}) => value === '' || String(domain ?? '') === value;
  if (word === 'failed') return ({failed}) => failed;
  if (word === 'passed') return ({failed}) => !failed;
  const [, pattern] = /^\/(.+)\/$/.exec(word) ?? [];
  if (pattern !== undefined) {
    const expression = expressionOf(pattern);
    return ({texts}) => expression !== undefined && texts.some((text) => expression.test(text));
  }
  const lower = word.toLowerCase();
  return ({texts}) => texts.some((text) => text.toLowerCase().includes(lower));
}

function has(one: string | undefined, many: ReadonlySet<string> | undefined, wanted: string): boolean {
  if (many) return [...many].some((item) => item.toLowerCase().startsWith(wanted));
  return (one ?? '').toLowerCase().startsWith(wanted);
}

function expressionOf(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern, 'i');
  } catch {
    return undefined;
  }
}

export const matches = (filter: Filter, row: Filtered): boolean =>
  filter.every((term) => term.test(row) !== term.without);

/** The first plain word of a filter, which rows underline; empty without one. */
export const wordOf = (text: string): string =>
  text.split(/\s+/).find((word) => word !== '' && !/^[!/]|:|^(failed|passed)$/.test(word)) ?? '';

/** The word of these that is nearest to one that was typed, within two edits; undefined without one. */
export function nearest(typed: string, words: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = 3;
  for (const word of words) {
    const count = distance(typed.toLowerCase(), word.toLowerCase());
    if (count < least) {
      best = word;
      least = count;
    }
  }
  return best;
}

function distance(a: string, b: string): number {
  let row = Array.from({length: b.length + 1}, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + same));
    }
    row = next;
  }
  return row[b.length]!;
}
