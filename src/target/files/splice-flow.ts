import {isArray, isObject, type Json} from '../../engine/json.ts';
import type {Entry, Found} from './locate.ts';
import {lineStart, type Splice} from './splice-block.ts';
import {flowText, type Style} from './yaml-text.ts';

/** How a flow collection is written: quoted keys as in JSON, entries on lines of their own. */
type Manner = {readonly asJson: boolean; readonly indent: string | undefined};

function mannerOf({collection, entries}: Found, text: string): Manner {
  const last = entries.at(-1);
  const near = last ?? {start: collection.range[0]};
  const asJson = last && typeof last.key === 'string' ? text[last.start] === '"' : /^\s*[{[]\s*"/.test(text);
  const before = text.slice(lineStart(text, near.start), near.start);
  return {asJson, indent: last && /^[ \t]*$/.test(before) ? before : undefined};
}

/** A value on lines of its own where its neighbours are, else on one. */
function valueText(json: Json, {asJson, indent}: Manner, style: Style, text: string): string {
  const isLong = (isArray(json) || isObject(json)) && Object.keys(json).length > 0;
  if (!asJson || indent === undefined || !isLong) return flowText(json, asJson);
  const step = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
  return JSON.stringify(json, null, step).replaceAll('\n', style.eol + indent);
}

const keyText = (key: string | number, json: string, asJson: boolean): string => {
  if (typeof key === 'number') return json;
  const pair = flowText({[key]: null}, asJson);
  return `${pair.slice(1, -': null}'.length)}: ${json}`;
};

/** A new pair or element of a flow collection, also of an empty one. */
export function insertFlow(
  found: Found,
  index: number,
  key: string | number,
  json: Json,
  text: string,
  style: Style,
): Splice {
  const manner = mannerOf(found, text);
  const entry = keyText(key, valueText(json, manner, style, text), manner.asJson);
  const {collection, entries} = found;
  if (entries.length === 0) {
    const [start, end] = collection.range;
    return {start: start + 1, end: end - 1, text: entry};
  }
  const between = manner.indent === undefined ? ' ' : style.eol + manner.indent;
  const next = entries[index];
  if (typeof key === 'number' && next)
    return {start: next.start, end: next.start, text: `${entry},${between}`};
  const {end} = entries.at(-1)!;
  return {start: end, end, text: `,${between}${entry}`};
}

/** Another value for a pair or element of a flow collection. */
export function replaceFlow(found: Found, json: Json, text: string, style: Style): Splice {
  const manner = mannerOf(found, text);
  const entry = found.entries[found.index]!;
  const quoted =
    typeof json === 'string' && entry.end > entry.value ? inQuotes(json, text[entry.value]) : undefined;
  const value = quoted ?? valueText(json, manner, style, text);
  if (entry.value < entry.end) return {start: entry.value, end: entry.end, text: value};
  return {start: entry.mark, end: entry.end, text: text[entry.mark - 1] === ':' ? ` ${value}` : `: ${value}`};
}

function inQuotes(json: string, quote: string | undefined): string | undefined {
  if (quote === '"') return JSON.stringify(json);
  return quote === "'" && !/[\n\r\t]/.test(json) ? `'${json.replaceAll("'", "''")}'` : undefined;
}

/** Without a pair or element that is not the only one. */
export function removeFlow({entries, index}: Found): Splice {
  const entry = entries[index]!;
  const previous: Entry | undefined = entries[index - 1];
  if (previous) return {start: previous.end, end: entry.end, text: ''};
  return {start: entry.start, end: entries[1]!.start, text: ''};
}
