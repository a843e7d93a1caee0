import {isArray, isObject, type Json} from '../../../engine/json.ts';

/** Why an expression is none. */
export class CompileError extends Error {
  override readonly name = 'CompileError';
}

/** JSON as CEL sees it: whole numbers are integers. */
export function celValue(value: Json | undefined): unknown {
  if (value === undefined) return null;
  if (isArray(value)) return value.map(celValue);
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, celValue(item)]));
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value;
}
