import {parse} from 'yaml';
import {isObject, type Json, type JsonObject} from './json.ts';

/** The object that a text holds as YAML or JSON, as an entry of a ConfigMap does; undefined where it holds none. */
export function embeddedObject(text: Json | undefined): JsonObject | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const value: unknown = parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
