import {asObject, type Json, type JsonObject} from '../../engine/json.ts';
import type {ResourceInfo} from './resources.ts';
import type {Field, Schema, Shape, TypeInfo} from './schema.ts';

const prefixes: Readonly<Record<string, string>> = {
  meta: 'io.k8s.apimachinery.pkg.apis.meta',
  apiextensions: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions',
  apiregistration: 'io.k8s.kube-aggregator.pkg.apis.apiregistration',
};

/** `core/v1.Pod` as OpenAPI names it. */
function openApiName(name: string): string {
  const [group = '', rest = ''] = name.split('/');
  return `${prefixes[group] ?? `io.k8s.api.${group}`}.${rest}`;
}

const reference = (name: string): JsonObject => ({$ref: `#/components/schemas/${openApiName(name)}`});

const scalars: Readonly<Record<string, JsonObject>> = {
  s: {type: 'string'},
  b: {type: 'boolean'},
  i: {type: 'integer', format: 'int32'},
  I: {type: 'integer', format: 'int64'},
  n: {type: 'number', format: 'double'},
  y: {type: 'string', format: 'byte'},
  t: {type: 'string', format: 'date-time'},
  T: {type: 'string', format: 'date-time'},
};

const machinery = 'io.k8s.apimachinery.pkg';

/** Scalars that the document names, as `explain` shows their names. */
const named: Readonly<Record<string, readonly [name: string, schema: JsonObject]>> = {
  Q: [`${machinery}.api.resource.Quantity`, {oneOf: [{type: 'string'}, {type: 'number'}]}],
  q: [
    `${machinery}.util.intstr.IntOrString`,
    {oneOf: [{type: 'integer'}, {type: 'string'}], format: 'int-or-string'},
  ],
  o: [`${machinery}.runtime.RawExtension`, {type: 'object'}],
};

const fieldsV1: readonly [string, JsonObject] = [`${machinery}.apis.meta.v1.FieldsV1`, {type: 'object'}];

/** The document of one group and version: what `kubectl explain` and the validation of `apply` look for. */
export function openApiDocument(
  base: string,
  resources: readonly ResourceInfo[],
  schema: Schema,
): JsonObject {
  const schemas: Record<string, Json> = {};
  if (resources.some((info) => info.custom)) addType(schema.type('meta/v1.ObjectMeta'), schemas);
  const paths: Record<string, Json> = {};
  for (const info of resources) {
    if (!info.kind || info.verbs.length === 0) continue;
    const gvk: JsonObject = {group: info.group, version: info.version, kind: info.kind};
    const collection = `/${base}/${info.namespaced ? 'namespaces/{namespace}/' : ''}${info.plural}`;
    const write = operation(gvk, info);
    paths[collection] = {
      ...(info.verbs.includes('list') ? {get: operation(gvk, info, 'list')} : {}),
      ...(info.verbs.includes('create') ? {post: {...write, 'x-kubernetes-action': 'post'}} : {}),
    };
    paths[`${collection}/{name}`] = {
      ...(info.verbs.includes('get') ? {get: operation(gvk, info, 'get')} : {}),
      ...(info.verbs.includes('update') ? {put: {...write, 'x-kubernetes-action': 'put'}} : {}),
      ...(info.verbs.includes('patch') ? {patch: {...write, 'x-kubernetes-action': 'patch'}} : {}),
    };
    addKind(info, gvk, schemas);
  }
  return {
    openapi: '3.0.0',
    info: {title: 'Kubernetes', version: schema.version},
    paths,
    components: {schemas},
  };
}

const queryParameter = (name: string): JsonObject => ({
  name,
  in: 'query',
  schema: {type: 'string', uniqueItems: true},
});

const operation = (gvk: JsonObject, info: ResourceInfo, action = ''): JsonObject => {
  const content = {'application/json': {schema: {$ref: `#/components/schemas/${schemaName(info)}`}}};
  return {
    parameters: action ? [] : ['dryRun', 'fieldManager', 'fieldValidation'].map(queryParameter),
    responses: {200: {description: 'OK', content}},
    ...(action ? {'x-kubernetes-action': action} : {}),
    'x-kubernetes-group-version-kind': gvk,
  };
};

const schemaName = (info: ResourceInfo): string =>
  info.custom
    ? `${info.group.split('.').reverse().join('.')}.${info.version}.${info.kind}`
    : openApiName(info.type.name);

function addKind(info: ResourceInfo, gvk: JsonObject, schemas: Record<string, Json>): void {
  const name = schemaName(info);
  if (info.custom) {
    const own = asObject(info.custom.schema as Json);
    schemas[name] = {
      ...own,
      properties: {
        apiVersion: {type: 'string'},
        kind: {type: 'string'},
        metadata: {allOf: [reference('meta/v1.ObjectMeta')]},
        ...withoutMetadata(asObject(own.properties)),
      },
      'x-kubernetes-group-version-kind': [gvk],
    };
    return;
  }
  if (!info.type.name.includes('/')) return;
  addType(info.type, schemas);
  schemas[name] = {...asObject(schemas[name]), 'x-kubernetes-group-version-kind': [gvk]};
}

const withoutMetadata = ({metadata: _, ...rest}: JsonObject): JsonObject => rest;

function addType(type: TypeInfo, schemas: Record<string, Json>): void {
  const name = openApiName(type.name);
  if (schemas[name]) return;
  schemas[name] = {};
  const properties: Record<string, Json> = {};
  const required: string[] = [];
  for (const field of type.fields.values()) {
    properties[field.name] = property(field, schemas);
    if (field.required) required.push(field.name);
  }
  schemas[name] = {
    type: 'object',
    ...(type.fields.size > 0 ? {properties} : {}),
    ...(required.length > 0 ? {required: required.sort()} : {}),
    ...(type.atomic ? {'x-kubernetes-map-type': 'atomic'} : {}),
  };
}

function property(field: Field, schemas: Record<string, Json>): JsonObject {
  const shape =
    field.name === 'fieldsV1' ? namedSchema(fieldsV1, schemas) : shapeSchema(field.shape, schemas);
  const base: JsonObject = shape.$ref ? {allOf: [shape]} : shape;
  return {
    ...base,
    ...(field.values.length > 0 && field.shape.is === 'scalar' ? {enum: [...field.values]} : {}),
    ...(field.strategies.length > 0 ? {'x-kubernetes-patch-strategy': field.strategies.join(',')} : {}),
    ...(field.mergeKey ? {'x-kubernetes-patch-merge-key': field.mergeKey} : {}),
    ...(field.listType ? {'x-kubernetes-list-type': field.listType} : {}),
    ...(field.listKeys.length > 0 ? {'x-kubernetes-list-map-keys': [...field.listKeys]} : {}),
    ...(field.atomic ? {'x-kubernetes-map-type': 'atomic'} : {}),
  };
}

function namedSchema(
  [name, schema]: readonly [string, JsonObject],
  schemas: Record<string, Json>,
): JsonObject {
  schemas[name] ??= schema;
  return {$ref: `#/components/schemas/${name}`};
}

function shapeSchema(shape: Shape, schemas: Record<string, Json>): JsonObject {
  if (shape.is === 'scalar') {
    const own = named[shape.code];
    return own ? namedSchema(own, schemas) : (scalars[shape.code] ?? {type: 'object'});
  }
  if (shape.is === 'struct') {
    const type = shape.type();
    addType(type, schemas);
    return reference(type.name);
  }
  const inner = shapeSchema(shape.of, schemas);
  return shape.is === 'list' ? {type: 'array', items: inner} : {type: 'object', additionalProperties: inner};
}
