import {asObject, isObject, type Json, type JsonObject} from '../../../engine/json.ts';
import {copyValue, type Draft, type DraftValue, isDraft} from '../draft.ts';

/** Fills in the defaults of a structural schema, also in objects that are there already. */
export function defaultCustom(schema: JsonObject, value: DraftValue): void {
  if (Array.isArray(value)) {
    if (isObject(schema.items)) for (const item of value) defaultCustom(schema.items, item);
    return;
  }
  if (!isDraft(value)) return;
  for (const [key, property] of Object.entries(asObject(schema.properties))) {
    const own = asObject(property);
    const present = value[key];
    const isMissing = present === undefined || (present === null && own.nullable !== true);
    if (isMissing && own.default !== undefined) setDefault(value, key, own.default);
    if (value[key] !== undefined) defaultCustom(own, value[key]);
  }
  if (!isObject(schema.additionalProperties)) return;
  for (const item of Object.values(value)) defaultCustom(schema.additionalProperties, item);
}

function setDefault(parent: Draft, key: string, value: Json): void {
  parent[key] = copyValue(value);
}
