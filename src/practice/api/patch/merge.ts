import {isObject, type Json, type JsonObject} from '../../../engine/json.ts';
import {copyValue, type Draft, type DraftValue, isDraft} from '../draft.ts';

/** JSON merge patch, RFC 7386. */
export function mergePatch(target: JsonObject, patch: JsonObject): Draft {
  const result: Draft = {};
  for (const key of Object.keys(target)) result[key] = copyValue(target[key]!);
  for (const key of Object.keys(patch)) {
    const value: Json = patch[key]!;
    if (value === null) delete result[key];
    else if (isObject(value)) {
      const current: DraftValue | undefined = result[key];
      result[key] = mergePatch(isDraft(current) ? current : {}, value);
    } else result[key] = copyValue(value);
  }
  return result;
}
