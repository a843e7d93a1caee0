import {asObject, asString, type Json, type JsonObject} from './json.ts';

/** A Kubernetes object as the server or a file has it, nothing dropped. */
export type KubeObject = JsonObject & {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: JsonObject & {readonly name?: string; readonly namespace?: string};
};

/** Names an object. `namespace` is empty for cluster-scoped kinds. */
export type Ref = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Tells apart two documents on disk that describe the same object; the resource's `key`. */
  readonly key?: string;
};

/**
 * An entry of the inventory: an API object, or a derived one (kinds Grant, Kubelet, Component) that controls see like
 * any other.
 */
export type Resource = {
  /** Unique in an inventory. Equal to `id` on a cluster; on disk with file and document behind it. */
  readonly key: string;
  /** `Kind/namespace/name`; a grant is `Subject/ns/name + Role/ns/name + Binding/ns/name`, as in reports. */
  readonly id: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly object: JsonObject;
  /** Where it was seen: `live`, or `path:line`. */
  readonly source: string;
};

export const objectId = (kind: string, namespace: string, name: string): string =>
  `${kind}/${namespace}/${name}`;

export function refOf(resource: Resource): Ref {
  const {apiVersion, kind, namespace, name, key, id} = resource;
  return key === id ? {apiVersion, kind, namespace, name} : {apiVersion, kind, namespace, name, key};
}

export function refOfObject(object: JsonObject): Ref {
  const metadata = asObject(object.metadata);
  return {
    apiVersion: asString(object.apiVersion),
    kind: asString(object.kind),
    namespace: asString(metadata.namespace),
    name: asString(metadata.name),
  };
}

export const refId = (ref: Ref): string => ref.key ?? objectId(ref.kind, ref.namespace, ref.name);

/** `Deployment home/backend`: how messages name an object. */
export const describe = (object: {kind: string; namespace: string; name: string}): string =>
  `${object.kind} ${object.namespace ? `${object.namespace}/` : ''}${object.name}`;

export function resourceOf(object: JsonObject, source = 'live', key?: string): Resource {
  const ref = refOfObject(object);
  const id = objectId(ref.kind, ref.namespace, ref.name);
  return {...ref, key: key ?? id, id, object, source};
}

export const labelsOf = (object: JsonObject): JsonObject => asObject(asObject(object.metadata).labels);
export const annotationsOf = (object: JsonObject): JsonObject =>
  asObject(asObject(object.metadata).annotations);

export type OwnerReference = {readonly apiVersion: string; readonly kind: string; readonly name: string};

export function ownersOf(object: JsonObject): readonly OwnerReference[] {
  const owners = asObject(object.metadata).ownerReferences;
  return Array.isArray(owners)
    ? owners.map((owner: Json) => {
        const {apiVersion, kind, name} = asObject(owner);
        return {apiVersion: asString(apiVersion), kind: asString(kind), name: asString(name)};
      })
    : [];
}
