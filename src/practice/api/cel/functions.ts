import type {Environment} from '@marcbachmann/cel-js';
import {nanoOf, parseQuantity, quantityMessage} from '../quantity.ts';

/** A resource quantity in billionths. */
export class Quantity {
  readonly nano: bigint;

  constructor(nano: bigint) {
    this.nano = nano;
  }
}

/** `sets.contains(a, b)` and its like are functions of this one value. */
export class Sets {}

const billion = 1_000_000_000n;

const same = (a: unknown, b: unknown): boolean =>
  a === b || (typeof a === 'object' && typeof b === 'object' && show(a) === show(b));
const show = (value: unknown): string =>
  JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? `${item}n` : item));
const holds = (list: readonly unknown[], value: unknown): boolean => list.some((one) => same(one, value));
const compare = (a: unknown, b: unknown): number => {
  const [left, right] = [a as string, b as string];
  return left < right ? -1 : left > right ? 1 : 0;
};

const isQuantity = (text: string): boolean => parseQuantity(text) !== undefined;

function quantity(text: string): Quantity {
  if (!isQuantity(text)) throw new Error(quantityMessage);
  return new Quantity(nanoOf(text));
}

/** `jsonpatch.escapeKey(key)` is a function of this one value. */
export class JsonPatches {}

/** Adds the functions that Kubernetes has beyond those of the language. */
export function registerKubernetes(environment: Environment): void {
  const on = (signature: string, handler: (...args: never[]) => unknown): unknown =>
    environment.registerFunction(signature, handler as (...args: unknown[]) => unknown);
  const type = 'kubernetes.Quantity';
  environment.registerType(type, {ctor: Quantity, fields: {}});
  on(`quantity(string): ${type}`, quantity);
  on('isQuantity(string): bool', isQuantity);
  on(`${type}.isGreaterThan(${type}): bool`, (a: Quantity, b: Quantity) => a.nano > b.nano);
  on(`${type}.isLessThan(${type}): bool`, (a: Quantity, b: Quantity) => a.nano < b.nano);
  on(`${type}.compareTo(${type}): int`, (a: Quantity, b: Quantity) => BigInt(compare(a.nano, b.nano)));
  on(`${type}.add(${type}): ${type}`, (a: Quantity, b: Quantity) => new Quantity(a.nano + b.nano));
  on(`${type}.sub(${type}): ${type}`, (a: Quantity, b: Quantity) => new Quantity(a.nano - b.nano));
  on(`${type}.add(int): ${type}`, (a: Quantity, b: bigint) => new Quantity(a.nano + b * billion));
  on(`${type}.sub(int): ${type}`, (a: Quantity, b: bigint) => new Quantity(a.nano - b * billion));
  on(`${type}.sign(): int`, (a: Quantity) => BigInt(compare(a.nano, 0n)));
  on(`${type}.isInteger(): bool`, (a: Quantity) => a.nano % billion === 0n);
  on(`${type}.asInteger(): int`, (a: Quantity) => {
    if (a.nano % billion !== 0n) throw new Error('cannot convert value to integer');
    return a.nano / billion;
  });
  on(`${type}.asApproximateFloat(): double`, (a: Quantity) => Number(a.nano) / Number(billion));

  environment.registerType('kubernetes.JsonPatches', {ctor: JsonPatches, fields: {}});
  environment.registerConstant('jsonpatch', 'kubernetes.JsonPatches', new JsonPatches());
  on('kubernetes.JsonPatches.escapeKey(string): string', (_: JsonPatches, key: string) =>
    key.replaceAll('~', '~0').replaceAll('/', '~1'),
  );

  environment.registerType('kubernetes.Sets', {ctor: Sets, fields: {}});
  environment.registerConstant('sets', 'kubernetes.Sets', new Sets());
  type List = readonly unknown[];
  const contains = (a: List, b: List): boolean => b.every((one) => holds(a, one));
  on('kubernetes.Sets.contains(list, list): bool', (_: Sets, a: List, b: List) => contains(a, b));
  on('kubernetes.Sets.intersects(list, list): bool', (_: Sets, a: List, b: List) =>
    b.some((one) => holds(a, one)),
  );
  on(
    'kubernetes.Sets.equivalent(list, list): bool',
    (_: Sets, a: List, b: List) => contains(a, b) && contains(b, a),
  );

  on('list.isSorted(): bool', (list: List) =>
    list.every((one, at) => at === 0 || compare(list[at - 1], one) <= 0),
  );
  on('list.sum(): dyn', (list: readonly bigint[]) => list.reduce((a, b) => a + b, 0n));
  const extreme = (sign: number) => (list: List) => {
    if (list.length === 0) throw new Error(`${sign < 0 ? 'min' : 'max'} called on empty list`);
    return list.reduce((a, b) => (compare(b, a) * sign > 0 ? b : a));
  };
  on('list.min(): dyn', extreme(-1));
  on('list.max(): dyn', extreme(1));
  on('list.indexOf(dyn): int', (list: List, value: unknown) =>
    BigInt(list.findIndex((one) => same(one, value))),
  );
  on('list.lastIndexOf(dyn): int', (list: List, value: unknown) =>
    BigInt(list.findLastIndex((one) => same(one, value))),
  );

  on(
    'string.find(string): string',
    (text: string, pattern: string) => new RegExp(pattern).exec(text)?.[0] ?? '',
  );
  on('string.findAll(string): list<string>', (text: string, pattern: string) =>
    [...text.matchAll(new RegExp(pattern, 'g'))].map(([all]) => all),
  );
  on('string.replace(string, string): string', (text: string, from: string, to: string) =>
    text.split(from).join(to),
  );
  on(
    'string.replace(string, string, int): string',
    (text: string, from: string, to: string, most: bigint) => {
      if (most < 0n) return text.split(from).join(to);
      const parts = text.split(from);
      const head = parts.slice(0, Number(most) + 1).join(to);
      const rest = parts.slice(Number(most) + 1);
      return rest.length > 0 ? `${head}${from}${rest.join(from)}` : head;
    },
  );
  on('string.charAt(int): string', (text: string, at: bigint) => text.charAt(Number(at)));
  on('string.reverse(): string', (text: string) => [...text].reverse().join(''));
}

/** `"%s has %d".format([a, b])` */
export function formatString(text: string, values: readonly unknown[]): string {
  let at = 0;
  return text.replaceAll(/%(?:\.(\d+))?([sdfexXob%])/g, (_all, digits: string | undefined, verb: string) => {
    if (verb === '%') return '%';
    if (at >= values.length) throw new Error(`index ${at} out of range`);
    const value = values[at];
    at += 1;
    if (verb === 'f') return Number(value).toFixed(Number(digits ?? 6));
    if (verb === 'e') return Number(value).toExponential(Number(digits ?? 6));
    if (verb === 'x') return BigInt(String(value)).toString(16);
    if (verb === 'X') return BigInt(String(value)).toString(16).toUpperCase();
    if (verb === 'o') return BigInt(String(value)).toString(8);
    if (verb === 'b') return typeof value === 'boolean' ? String(value) : BigInt(String(value)).toString(2);
    return plain(value);
  });
}

function plain(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(plain).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => `${key}: ${plain(item)}`)
      .join(', ')}}`;
  return String(value);
}
