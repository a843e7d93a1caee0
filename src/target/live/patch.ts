import {createPatch} from 'rfc6902';
import {asObject, type Json, type JsonObject} from '../../engine/json.ts';

/**
 * The JSON Patch from one state of an object to another: only what differs, and only onto that very state, since it
 * names the uid and the resourceVersion that it was made for (409 otherwise).
 */
export function patchOf(before: JsonObject, after: JsonObject): readonly Json[] {
  const {uid, resourceVersion} = asObject(before.metadata);
  const operations = createPatch(before, after).map((one): JsonObject => {
    const value: Json | undefined = 'value' in one ? one.value : undefined;
    return {op: one.op, path: one.path, ...(value === undefined ? {} : {value})};
  });
  return [
    ...(uid === undefined ? [] : [{op: 'test', path: '/metadata/uid', value: uid}]),
    ...(resourceVersion === undefined
      ? []
      : [{op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion}]),
    ...operations,
  ];
}
