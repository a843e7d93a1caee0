import {asObject, type JsonObject} from './json.ts';

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
