/** Escape sequences (CSI, OSC and the like), lone control characters, and those that turn the reading direction. */
const unsafe =
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]|[\u0000-\u001a\u001c-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+|\u001b/g;

/**
 * Text that a cluster, a file or a program wrote, safe to print: line breaks and tabs become one space, everything else
 * that could move the cursor, colour or reorder what a person reads is taken out.
 */
export const plainText = (text: string): string =>
  text.replace(unsafe, (found) => (/[\t\n\r\u0085\u2028\u2029]/.test(found) ? ' ' : ''));

/** The closest of some names to what was typed, undefined where none is close. */
export function didYouMean(typed: string, names: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(typed.length / 3)) + 1;
  for (const name of names) {
    const steps = distance(typed.toLowerCase(), name.toLowerCase());
    if (steps < least) [best, least] = [name, steps];
  }
  return best;
}

/** Edit distance: insertions, deletions, replacements. */
function distance(a: string, b: string): number {
  let row = Array.from({length: b.length + 1}, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
