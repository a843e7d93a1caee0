import {plainText} from '../engine/text.ts';

/** A copy whose texts, keys apart, are safe on a terminal and in a page: nothing moves the cursor or turns the reading direction. */
export function plainTexts<T>(data: T): T;
export function plainTexts(data: unknown): unknown {
  if (typeof data === 'string') return plainText(data);
  if (Array.isArray(data)) return data.map((item) => plainTexts(item));
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, plainTexts(value)]));
}

/** What JSON leaves as it is, although a terminal acts on it or a reader is misled by it. */
const unescaped = /[\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** The same JSON, with these characters written as `\u202e`. */
export const asciiControls = (json: string): string =>
  json.replace(unescaped, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
