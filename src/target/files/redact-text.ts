import {visit} from 'yaml';
import {redact, redacted} from '../../engine/credentials.ts';
import {isArray, isObject, type Json} from '../../engine/json.ts';
import {parseYaml, toJson} from './yaml.ts';

/** The text of documents as a person may see it: every credential as `*** (20 chars)`. */
export function redactText(text: string): string {
  let next = text;
  for (const document of parseYaml(text).toReversed()) {
    if (document.errors.length > 0) return '';
    const data = toJson(document);
    if (!isObject(data)) continue;
    const secrets = new Set<string>();
    collect(data, redact(data), secrets);
    if (secrets.size === 0) continue;
    const places: {readonly start: number; readonly end: number; readonly value: string}[] = [];
    visit(document, {
      Scalar: (_, {value, range}) => {
        if (typeof value === 'string' && secrets.has(value) && range) {
          places.push({start: range[0], end: range[1], value});
        }
      },
    });
    for (const {start, end, value} of places.toReversed()) {
      const isLine = next[end - 1] === '\n';
      next = next.slice(0, start) + redacted(value) + (isLine ? '\n' : '') + next.slice(end);
    }
  }
  return next;
}

/** The strings that differ between an object and what may be shown of it. */
function collect(data: Json, shown: Json | undefined, into: Set<string>): void {
  if (data === shown) return;
  if (typeof data === 'string') into.add(data);
  else if (isArray(data))
    data.forEach((item, index) => void collect(item, isArray(shown) ? shown[index] : undefined, into));
  else if (isObject(data)) {
    for (const [key, value] of Object.entries(data))
      collect(value, isObject(shown) ? shown[key] : undefined, into);
  }
}
