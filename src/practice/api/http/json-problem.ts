/** What Go says of a text that is no JSON. */
export function goJsonProblem(text: string): string {
  const trimmed = text.trimStart();
  if (trimmed === '') return 'unexpected end of JSON input';
  const literals: Readonly<Record<string, string>> = {n: 'null', t: 'true', f: 'false'};
  const literal = literals[trimmed[0]!];
  if (literal) {
    for (let at = 1; at < literal.length; at += 1) {
      const char = trimmed[at];
      if (char === undefined) return 'unexpected end of JSON input';
      if (char !== literal[at])
        return `invalid character '${char}' in literal ${literal} (expecting '${literal[at]}')`;
    }
  }
  if (!'{["-0123456789'.includes(trimmed[0]!))
    return `invalid character '${trimmed[0]}' looking for beginning of value`;
  let at = -1;
  try {
    JSON.parse(text);
  } catch (error) {
    at = Number(/position (\d+)/.exec((error as Error).message)?.[1] ?? -1);
  }
  const char = text[at];
  return char === undefined
    ? 'unexpected end of JSON input'
    : `invalid character '${char}' looking for beginning of value`;
}
