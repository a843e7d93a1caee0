import {applyPatch, type Operation, Pointer} from 'rfc6902';
import {asString, isArray, isObject, type Json, type JsonObject} from '../../../engine/json.ts';
import {ApiError, badRequest} from '../api-error.ts';
import {copy, copyValue, type Draft, isDraft} from '../draft.ts';

/** The server gives no reason: all that does not fit the object looks the same. */
const rejected = (): ApiError =>
  new ApiError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});

/**
 * JSON patch, RFC 6902. As on a real server, `replace` of a missing key adds it.
 * @throws {ApiError} 400 for what is no patch, 422 for one that does not fit the object.
 */
export function jsonPatch(target: JsonObject, patch: Json): Draft {
  if (!isArray(patch))
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${isObject(patch) ? 'object' : typeof patch} into Go value of type []handlers.jsonPatchOp`,
    );
  if (patch.length > 10_000)
    throw new ApiError(
      413,
      'RequestEntityTooLarge',
      `Request entity too large: The allowed maximum operations in a JSON patch is 10000, got ${patch.length}`,
    );
  const result = copy(target);
  for (const item of patch) {
    let problem: Error | null | undefined;
    try {
      const operation = toOperation(result, isObject(item) ? item : {});
      problem = operation ? applyPatch(result, [operation])[0] : rejected();
    } catch {
      // A path that is no pointer.
      problem = rejected();
    }
    if (problem) throw rejected();
  }
  return result;
}

function toOperation(target: Draft, item: JsonObject): Operation | undefined {
  const {op, path, from} = item;
  if (typeof path !== 'string') return undefined;
  const value = item.value === undefined ? null : copyValue(item.value);
  switch (op) {
    case 'replace': {
      const {parent, value: current} = Pointer.fromJSON(path).evaluate(target);
      return current === undefined && isDraft(parent) ? {op: 'add', path, value} : {op, path, value};
    }
    case 'add':
    case 'test':
      return {op, path, value};
    case 'remove':
      return {op, path};
    case 'move':
    case 'copy':
      // The whole object can't be put into itself.
      return asString(from) === '' ? undefined : {op, path, from: asString(from)};
    default:
      return undefined;
  }
}
