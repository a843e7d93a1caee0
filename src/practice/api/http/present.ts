import type {JsonObject} from '../../../engine/json.ts';
import {badRequest} from '../api-error.ts';
import type {Stored} from '../machine.ts';
import type {ResourceInfo} from '../resources.ts';
import {rowOf, tableColumns} from '../tables/tables.ts';
import type {Format} from './negotiate.ts';
import {serialise, serialiseItem} from './respond.ts';

/** An object's metadata alone, as `PartialObjectMetadata`. */
export const partial = (object: JsonObject): JsonObject => ({
  kind: 'PartialObjectMetadata',
  apiVersion: 'meta.k8s.io/v1',
  metadata: object.metadata ?? {},
});

type IncludeObject = 'Metadata' | 'None' | 'Object';

function includeOf(query: URLSearchParams): IncludeObject {
  const value = query.get('includeObject') || 'Metadata';
  if (value === 'Metadata' || value === 'None' || value === 'Object') return value;
  throw badRequest(`unrecognized includeObject value: ${JSON.stringify(value)}`);
}

/** A Table of objects with kubectl's columns, as text. */
export function tableText(
  info: ResourceInfo,
  objects: readonly Stored[],
  metadata: JsonObject,
  query: URLSearchParams,
): string {
  const include = includeOf(query);
  const rows = objects.map((object) => {
    const {cells, conditions} = rowOf(info, object);
    const shown =
      include === 'None'
        ? ''
        : `,"object":${include === 'Object' ? serialise(object) : serialise(partialOf(object))}`;
    return `{"cells":${JSON.stringify(cells)}${conditions ? `,"conditions":${JSON.stringify(conditions)}` : ''}${shown}}`;
  });
  return `{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":${JSON.stringify(metadata)},"columnDefinitions":${tableColumns(info)},"rows":[${rows.join(',')}]}`;
}

const partials = new WeakMap<JsonObject, JsonObject>();

function partialOf(object: JsonObject): JsonObject {
  let made = partials.get(object);
  if (!made) {
    made = partial(object);
    partials.set(object, made);
  }
  return made;
}

/** One object in the form that the client wants. */
export function presentObject(
  info: ResourceInfo,
  object: JsonObject,
  format: Format,
  query: URLSearchParams,
): string {
  if (format.as === 'Table') {
    const metadata = object.metadata as JsonObject;
    return tableText(info, [object as Stored], {resourceVersion: metadata.resourceVersion ?? ''}, query);
  }
  if (format.as === 'PartialObjectMetadata') return serialise(partialOf(object));
  return serialise(info.view ? info.view.fromStored(object) : object);
}

export function presentList(
  info: ResourceInfo,
  objects: readonly Stored[],
  metadata: JsonObject,
  format: Format,
  query: URLSearchParams,
): string {
  if (format.as === 'Table') return tableText(info, objects, metadata, query);
  if (format.as === 'PartialObjectMetadataList')
    return `{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1","metadata":${JSON.stringify(metadata)},"items":[${objects.map((object) => serialise(partialOf(object))).join(',')}]}`;
  // Custom kinds are listed by another part of the server, which leaves nothing out.
  const shown = info.custom ? {continue: '', ...metadata} : metadata;
  const kind = info.custom?.listKind ?? `${info.kind}List`;
  return `{"kind":${JSON.stringify(kind)},"apiVersion":${JSON.stringify(info.apiVersion)},"metadata":${JSON.stringify(shown)},"items":[${objects.map((object) => serialiseItem(info.view ? info.view.fromStored(object) : object, info.custom !== undefined)).join(',')}]}`;
}
