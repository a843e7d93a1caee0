import {isObject, type Json, type JsonObject} from '../../../engine/json.ts';
import {ApiError, badRequest, type FieldError, invalid, invalidValue} from '../api-error.ts';
import {DecodeError, decode} from '../decode.ts';
import type {Draft} from '../draft.ts';
import type {Stored} from '../machine.ts';
import {goFormat} from '../patch/go-format.ts';
import {jsonPatch} from '../patch/json-patch.ts';
import {mergePatch} from '../patch/merge.ts';
import {strategicMerge} from '../patch/strategic.ts';
import type {ResourceInfo} from '../resources.ts';
import type {TypeInfo} from '../schema.ts';
import {duplicates} from './body.ts';
import type {Call} from './call.ts';
import {fieldValidation, strictProblems} from './decode-body.ts';
import {goJsonProblem} from './json-problem.ts';

export type PatchType = 'json' | 'merge' | 'strategic-merge' | 'apply';

export const unsupportedMedia = (): ApiError =>
  new ApiError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});

/** @throws {ApiError} 415 */
export function patchType(media: string): PatchType {
  const match = /^application\/(json|merge|strategic-merge)-patch\+json$/.exec(media);
  if (match) return match[1] as PatchType;
  if (media === 'application/apply-patch+yaml') return 'apply';
  throw unsupportedMedia();
}

const patchInvalid = (value: Json, detail: string): ApiError => {
  const error: FieldError = invalidValue('patch', value, detail);
  return invalid({plural: '', group: '', kind: ''}, '', [error]);
};

/** What to do to the stored object. The patch text is read once; the object may be read again after a conflict. */
export function patchChange(
  call: Call,
  kind: PatchType,
  text: string,
  info: ResourceInfo,
  type: TypeInfo,
): (current: Stored) => Draft {
  // What is not there is missing, whatever the patch is.
  let read: {readonly patch: Json; readonly doubles: readonly string[]} | undefined;
  const apply = (current: JsonObject, patch: Json): Draft => {
    if (kind === 'json') return jsonPatch(current, patch);
    if (!isObject(patch))
      throw badRequest(
        `${kind === 'merge' ? 'error decoding patch: ' : ''}json: cannot unmarshal ${Array.isArray(patch) ? 'array' : typeof patch} into Go value of type map[string]interface {}`,
      );
    if (kind === 'merge') return mergePatch(current, patch);
    if (info.custom)
      throw new ApiError(
        415,
        'UnsupportedMediaType',
        'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
      );
    return strategicMerge(current, patch, type);
  };
  return (current) => {
    read ??= {patch: parsePatch(text), doubles: duplicates(text)};
    const {patch, doubles} = read;
    const patched = apply(current, patch);
    const shown = (): Json => (kind === 'strategic-merge' ? goFormat(patch) : JSON.stringify(patched));
    if (patched.apiVersion !== current.apiVersion || patched.kind !== current.kind)
      throw patchInvalid(
        shown(),
        `no kind ${JSON.stringify(patched.kind ?? '')} is registered for version ${JSON.stringify(patched.apiVersion ?? '')}`,
      );
    const unknown: string[] = [];
    let decoded: Draft;
    try {
      decoded = decode(type, patched, unknown);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      throw patchInvalid(shown(), kind === 'strategic-merge' ? error.strategic : error.message);
    }
    const problems = strictProblems(doubles, unknown);
    if (problems.length > 0) {
      const mode = fieldValidation(call);
      if (mode === 'Strict') throw patchInvalid(shown(), `strict decoding error: ${problems.join(', ')}`);
      if (mode === 'Warn')
        for (const text of problems) if (!call.warnings.includes(text)) call.warnings.push(text);
    }
    return decoded;
  };
}

function parsePatch(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw badRequest(`error decoding patch: ${goJsonProblem(text)}`);
  }
}
