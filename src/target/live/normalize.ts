import {asArray, asObject, asString, type Json, type JsonObject} from '../../engine/json.ts';
import {apiVersionOf, type KindInfo} from '../../engine/kinds.ts';
import {plainText} from '../../engine/text.ts';

export const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** Without the bookkeeping of field managers, and without the copy of itself that kubectl leaves (it may hold credentials). */
export function withoutBookkeeping(object: JsonObject): JsonObject {
  const {managedFields: _, annotations, ...metadata} = asObject(object.metadata);
  const {[lastApplied]: __, ...kept} = asObject(annotations);
  return {
    ...object,
    metadata: Object.keys(kept).length > 0 ? {...metadata, annotations: kept} : metadata,
  };
}

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

const serverFields = [
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'generation',
  'selfLink',
  'managedFields',
];

/** What a person reads and what is compared: without status and what the server alone manages. */
export function withoutServerFields(object: JsonObject): JsonObject {
  const {status: _, ...clean} = withoutBookkeeping(object);
  const metadata = Object.entries(asObject(clean.metadata)).filter(([name]) => !serverFields.includes(name));
  return {...clean, metadata: Object.fromEntries(metadata)};
}
