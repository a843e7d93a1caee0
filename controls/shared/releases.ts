/** Last day on which the Kubernetes project published fixes for a minor of version 1, by the minor. */
// From https://kubernetes.io/releases/ (endOfLifeDate), as of 1.37.
const ends: ReadonlyMap<number, string> = new Map([
  [24, '2023-07-28'],
  [25, '2023-10-28'],
  [26, '2024-02-28'],
  [27, '2024-07-16'],
  [28, '2024-10-22'],
  [29, '2025-02-28'],
  [30, '2025-07-15'],
  [31, '2025-11-11'],
  [32, '2026-02-28'],
  [33, '2026-06-28'],
  [34, '2026-10-27'],
  [35, '2027-02-28'],
  [36, '2027-06-28'],
  [37, '2027-10-28'],
]);

const minors = [...ends.keys()];
const [oldest = 0] = minors;
export const newestKnown = minors.at(-1) ?? 0;

/** The last day of fixes of a minor: a date, `before` those known here, or undefined for one that came later. */
export const endOf = (minor: number): string | undefined => (minor < oldest ? 'before' : ends.get(minor));

/** The oldest minor that gets fixes on a day; undefined where all that are known here had their end. */
export const oldestMaintained = (today: string): number | undefined =>
  minors.find((minor) => (ends.get(minor) ?? '') >= today);

/**
 * Whether a minor gets fixes on a day. One that came after those known here does at least as long as the newest of
 * them; what is after that is not known: undefined.
 */
export function isMaintained(minor: number, today: string): boolean | undefined {
  const end = endOf(minor);
  if (end !== undefined) return end !== 'before' && end >= today;
  return (ends.get(newestKnown) ?? '') >= today ? true : undefined;
}
