import type {Resource} from './objects.ts';

type Item = {readonly resource: Resource};

let collator: Intl.Collator | undefined;

/** A collator takes a microsecond, and most neighbours are of one namespace and kind. */
function order(a: string, b: string): number {
  if (a === b) return 0;
  // Made late: it costs 3 ms, and the first frame needs none.
  collator ??= new Intl.Collator('en', {numeric: true});
  return collator.compare(a, b);
}

/** By namespace, then kind, then name: the order in which lists show objects. */
export const compareResources = (a: Resource, b: Resource): number =>
  order(a.namespace, b.namespace) || order(a.kind, b.kind) || order(a.key, b.key);

export const sorted = <T extends Item>(items: readonly T[]): readonly T[] =>
  items.toSorted(({resource: a}, {resource: b}) => compareResources(a, b));

/**
 * Puts items into a sorted list, both in order, with as many comparisons as it takes to find their places: one change
 * among 25,000 costs 15, where sorting anew costs 400,000 (100 ms).
 */
export function merged<T extends Item>(list: readonly T[], added: readonly T[]): readonly T[] {
  if (added.length === 0) return list;
  const result: T[] = [];
  let from = 0;
  for (const item of added) {
    const to = placeOf(list, item, from);
    for (let index = from; index < to; index += 1) result.push(list[index]!);
    result.push(item);
    from = to;
  }
  for (let index = from; index < list.length; index += 1) result.push(list[index]!);
  return result;
}

/** Index of the first item that goes behind, from `low` on. */
function placeOf<T extends Item>(list: readonly T[], {resource}: T, low: number): number {
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareResources(list[middle]!.resource, resource) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
