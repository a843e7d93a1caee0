import {asArray, asObject, asString, type Json, type JsonObject} from '../../engine/json.ts';
import {apiVersionOf, type KindInfo} from '../../engine/kinds.ts';
import {withoutBookkeeping} from '../../engine/server-fields.ts';
import {plainText} from '../../engine/text.ts';

/** An item of a list or a watch as the inventory keeps it. Lists leave apiVersion and kind out; Secrets keep no data. */
export function normalize(item: Json, info: KindInfo): JsonObject {
  const {apiVersion: _, kind: __, ...object} = asObject(item);
  const clean = withoutBookkeeping({apiVersion: apiVersionOf(info), kind: info.kind, ...object});
  if (!info.metadataOnly) return clean;
  const {apiVersion, kind, metadata, type} = clean;
  return {apiVersion: apiVersion!, kind: kind!, metadata: metadata!, ...(type === undefined ? {} : {type})};
}

/** Who changed the object last, status left out: `kubectl-edit`; undefined where the server does not tell. */
export function managerOf(item: Json): string | undefined {
  let newest: JsonObject | undefined;
  for (const entry of asArray(asObject(asObject(item).metadata).managedFields).map(asObject)) {
    if (entry.subresource !== undefined) continue;
    if (newest === undefined || asString(entry.time) >= asString(newest.time)) newest = entry;
  }
  return newest === undefined ? undefined : plainText(asString(newest.manager)) || undefined;
}
