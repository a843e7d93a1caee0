import {isArray, isObject, type Json} from '../../../engine/json.ts';

/** A value as Go prints maps and lists in messages: `map[name:web ports:[80]]`. */
export function goFormat(value: Json | undefined): string {
  if (value === null || value === undefined) return '<nil>';
  if (isArray(value)) return `[${value.map(goFormat).join(' ')}]`;
  if (!isObject(value)) return String(value);
  const parts = Object.keys(value)
    .sort()
    .map((key) => `${key}:${goFormat(value[key])}`);
  return `map[${parts.join(' ')}]`;
}
