import {isArray, isObject, type Json} from '../../../engine/json.ts';

/** Why an expression is none. */
export class CompileError extends Error {
  override readonly name = 'CompileError';
}

/** What an expression gave, as JSON. */
export function jsonValue(value: unknown): Json {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(jsonValue);
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, item]) => [String(key), jsonValue(item)]));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, jsonValue(item)]));
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

/** JSON as CEL sees it: whole numbers are integers. */
export function celValue(value: Json | undefined): unknown {
  if (value === undefined) return null;
  if (isArray(value)) return value.map(celValue);
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, celValue(item)]));
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value;
}
