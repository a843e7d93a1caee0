import {asObject, type JsonObject} from '../../../engine/json.ts';
import {ApiError, badRequest} from '../api-error.ts';
import type {Stored} from '../machine.ts';
import type {ResourceInfo} from '../resources.ts';
import {rowOf, tableColumns} from '../tables/tables.ts';
import type {Format} from './negotiate.ts';
import {serialise, serialiseItem} from './respond.ts';

/** An object's metadata alone, as `PartialObjectMetadata`. */
export const partial = (object: JsonObject): JsonObject => ({
  kind: 'PartialObjectMetadata',
  apiVersion: 'meta.k8s.io/v1',
  metadata: object.kind === 'DaemonSet' ? withoutCount(asObject(object.metadata)) : (object.metadata ?? {}),
});

/** The server counts a DaemonSet's templates in a field of its own, and writes the annotation when it shows the whole. */
function withoutCount({annotations, ...metadata}: JsonObject): JsonObject {
  const {'deprecated.daemonset.template.generation': _, ...rest} = asObject(annotations);
  return Object.keys(rest).length > 0 ? {...metadata, annotations: rest} : metadata;
}

type IncludeObject = 'Metadata' | 'None' | 'Object';

function includeOf(query: URLSearchParams): IncludeObject {
  const value = query.get('includeObject') || 'Metadata';
  if (value === 'Metadata' || value === 'None' || value === 'Object') return value;
  throw badRequest(
    `Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(value)}: must be 'Metadata', 'Object', 'None', or empty`,
  );
}

/** An empty list is shown as none. */
const listText = (items: readonly string[]): string => (items.length > 0 ? `[${items.join(',')}]` : 'null');

/** Kinds that the server has a printer of its own for. */
const hasOwnColumns = ({columns}: ResourceInfo): boolean =>
  columns.length > 0 && !columns.some(({name}) => name === 'Created At');

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
        ? ',"object":null'
        : `,"object":${include === 'Object' ? serialise(object) : serialise(partialOf(object))}`;
    return `{"cells":${JSON.stringify(cells)}${conditions ? `,"conditions":${JSON.stringify(conditions)}` : ''}${shown}}`;
  });
  return `{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":${JSON.stringify(metadata)},"columnDefinitions":${tableColumns(info)},"rows":${rows.length === 0 && hasOwnColumns(info) ? '[]' : listText(rows)}}`;
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

/** The server's own type of a kind: `core.Pod`. */
const goType = ({group, kind}: ResourceInfo): string => `${group.split('.')[0] || 'core'}.${kind}`;

const notAcceptable = (message: string): ApiError => new ApiError(406, 'NotAcceptable', message);

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
  if (format.as === 'PartialObjectMetadataList')
    throw notAcceptable(
      `you requested PartialObjectMetadataList, but the requested object is not a list (*${goType(info)})`,
    );
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
  if (format.as === 'PartialObjectMetadata')
    throw notAcceptable(
      `you requested PartialObjectMetadata, but the requested object is a list (*${goType(info)}List)`,
    );
  if (format.as === 'PartialObjectMetadataList')
    return `{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1","metadata":${JSON.stringify(metadata)},"items":${listText(objects.map((object) => serialise(partialOf(object))))}}`;
  // Custom kinds are listed by another part of the server, which leaves nothing out.
  const shown = info.custom ? {continue: '', ...metadata} : metadata;
  const kind = info.custom?.listKind ?? `${info.kind}List`;
  return `{"kind":${JSON.stringify(kind)},"apiVersion":${JSON.stringify(info.apiVersion)},"metadata":${JSON.stringify(shown)},"items":[${objects.map((object) => serialiseItem(info.view ? info.view.fromStored(object) : object, info.custom !== undefined)).join(',')}]}`;
}
