/** Characters that two texts begin with. */
export function commonHead(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a.charCodeAt(length) === b.charCodeAt(length)) length += 1;
  return length;
}

/** Characters that they end with, what they begin with left out. */
export function commonTail(a: string, b: string, head: number): number {
  const longest = Math.min(a.length, b.length) - head;
  let length = 0;
  while (length < longest && a.charCodeAt(a.length - 1 - length) === b.charCodeAt(b.length - 1 - length))
    length += 1;
  return length;
}
