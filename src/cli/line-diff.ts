import {diffArrays} from 'diff';

/** Lines that stay, or that give way to others; in order, together both texts. */
export type LineChange = {readonly kind: 'same' | 'removed' | 'added'; readonly lines: readonly string[]};

/** Lines with their ends. */
export const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/**
 * What turns one text into the other. Lines that both have once tie the two together, and only what lies between is
 * compared closely: a thousand small edits in a long file would else take minutes.
 */
export function lineChanges(before: string, after: string): readonly LineChange[] {
  const changes: LineChange[] = [];
  for (const change of between(linesOf(before), linesOf(after))) {
    const last = changes.at(-1);
    if (change.lines.length === 0) continue;
    if (last?.kind === change.kind) {
      changes[changes.length - 1] = {kind: last.kind, lines: last.lines.concat(change.lines)};
    } else changes.push(change);
  }
  return changes;
}

function between(before: readonly string[], after: readonly string[]): readonly LineChange[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  const start = same(before.slice(0, head));
  const end = same(before.slice(before.length - tail));
  const old = before.slice(head, before.length - tail);
  const now = after.slice(head, after.length - tail);
  const middle: LineChange[] = [];
  let oldAt = 0;
  let nowAt = 0;
  for (const [oldIndex, nowIndex] of ties(old, now)) {
    middle.push(...closely(old.slice(oldAt, oldIndex), now.slice(nowAt, nowIndex)), same([old[oldIndex]!]));
    oldAt = oldIndex + 1;
    nowAt = nowIndex + 1;
  }
  return [start, ...middle, ...closely(old.slice(oldAt), now.slice(nowAt)), end];
}

const same = (lines: readonly string[]): LineChange => ({kind: 'same', lines});

const closely = (before: readonly string[], after: readonly string[]): readonly LineChange[] => {
  if (before.length === 0) return [{kind: 'added', lines: after}];
  if (after.length === 0) return [{kind: 'removed', lines: before}];
  return diffArrays([...before], [...after]).map(({value, added, removed}) => ({
    kind: added ? 'added' : removed ? 'removed' : 'same',
    lines: value,
  }));
};

/** Pairs of lines that each text has exactly once, as many as keep their order. */
function ties(before: readonly string[], after: readonly string[]): readonly (readonly [number, number])[] {
  const places = new Map<string, {old: number; now: number; count: number}>();
  for (const [index, line] of before.entries()) {
    const known = places.get(line);
    places.set(line, known ? {...known, count: 3} : {old: index, now: -1, count: 1});
  }
  for (const [index, line] of after.entries()) {
    const known = places.get(line);
    if (known) places.set(line, {...known, now: index, count: known.count + 1});
  }
  const unique = [...places.values()].filter(({now, count}) => count === 2 && now >= 0);
  return longestIncreasing(unique).map(({old, now}) => [old, now] as const);
}

/** The longest part, in the order of `old`, whose `now` grows. */
function longestIncreasing<T extends {readonly now: number}>(items: readonly T[]): readonly T[] {
  const ends: number[] = [];
  const previous: number[] = [];
  for (const [index, {now}] of items.entries()) {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (items[ends[middle]!]!.now < now) low = middle + 1;
      else high = middle;
    }
    previous[index] = low > 0 ? ends[low - 1]! : -1;
    ends[low] = index;
  }
  const found: T[] = [];
  for (let at = ends.at(-1) ?? -1; at >= 0; at = previous[at]!) found.push(items[at]!);
  return found.reverse();
}
