import {asArray, asObject, asString, isObject, type Json, type JsonObject} from '../../engine/json.ts';
import {apiVersionFor, type Column, type ResourceInfo, type Subresource} from './resources.ts';
import type {Field, Schema, Shape, TypeInfo} from './schema.ts';

const verbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];

/** What a CustomResourceDefinition serves, its stored version first. */
export function servedVersions(definition: JsonObject, schemas: Schema): readonly ResourceInfo[] {
  const spec = asObject(definition.spec);
  const names = asObject(spec.names);
  const group = asString(spec.group);
  const plural = asString(names.plural);
  const storedVersion = asString(
    asArray(spec.versions)
      .map(asObject)
      .find(({storage, served}) => storage === true && served === true)?.name,
  );
  const strings = (value: Json | undefined): string[] => asArray(value).map(asString);
  return asArray(spec.versions)
    .map(asObject)
    .filter((version) => version.served === true)
    .sort((a, b) => Number(b.storage === true) - Number(a.storage === true))
    .map((version): ResourceInfo => {
      const name = asString(version.name);
      const schema = asObject(asObject(version.schema).openAPIV3Schema);
      const sub = asObject(version.subresources);
      const subresources = new Map<string, Subresource>();
      const addSub = (key: string, kind: string, at: string, v: string): void => {
        subresources.set(key, {name: key, kind, group: at, version: v, verbs: ['get', 'patch', 'update']});
      };
      if (isObject(sub.status)) addSub('status', asString(names.kind), group, name);
      const scale = asObject(sub.scale);
      if (isObject(sub.scale)) addSub('scale', 'Scale', 'autoscaling', 'v1');
      return {
        id: `${plural}.${group}`,
        plural,
        group,
        version: name,
        apiVersion: apiVersionFor(group, name),
        kind: asString(names.kind),
        singular: asString(names.singular),
        namespaced: spec.scope === 'Namespaced',
        shortNames: strings(names.shortNames),
        categories: strings(names.categories),
        verbs,
        subresources,
        columns: columnsOf(version),
        type: rootType(asString(names.kind), schema, schemas),
        custom: {
          schema,
          hasRules: JSON.stringify(schema).includes('"x-kubernetes-validations"'),
          listKind: asString(names.listKind) || `${asString(names.kind)}List`,
          storedVersion,
          ...(isObject(sub.scale)
            ? {
                scale: {
                  specPath: asString(scale.specReplicasPath),
                  statusPath: asString(scale.statusReplicasPath),
                  selectorPath: asString(scale.labelSelectorPath),
                },
              }
            : {}),
        },
      };
    });
}

function columnsOf(version: JsonObject): Column[] {
  const name: Column = {name: 'Name', type: 'string', format: 'name', priority: 0};
  const age: Column = {
    name: 'Age',
    type: 'date',
    format: '',
    priority: 0,
    jsonPath: '.metadata.creationTimestamp',
  };
  const own = asArray(version.additionalPrinterColumns).map((item): Column => {
    const column = asObject(item);
    return {
      name: asString(column.name),
      type: asString(column.type),
      format: asString(column.format),
      priority: Number(column.priority ?? 0),
      jsonPath: asString(column.jsonPath),
      description: asString(column.description),
    };
  });
  return own.length > 0 ? [name, ...own] : [name, age];
}

const open = (name: string): TypeInfo => ({name, goName: name, atomic: false, fields: new Map(), open: true});

function rootType(kind: string, schema: JsonObject, schemas: Schema): TypeInfo {
  const fields = new Map(structFields(schema));
  fields.set('apiVersion', field('apiVersion', {is: 'scalar', code: 's'}, {}));
  fields.set('kind', field('kind', {is: 'scalar', code: 's'}, {}));
  fields.set(
    'metadata',
    field('metadata', {is: 'struct', type: () => schemas.type('meta/v1.ObjectMeta')}, {}),
  );
  return {
    name: kind,
    goName: kind,
    atomic: false,
    fields,
    open: schema['x-kubernetes-preserve-unknown-fields'] === true,
  };
}

function* structFields(schema: JsonObject): Iterable<[string, Field]> {
  for (const [name, value] of Object.entries(asObject(schema.properties))) {
    const property = asObject(value);
    const nullable = property.nullable === true;
    yield [name, {...field(name, shapeOf(name, property), property), loose: true, nullable}];
  }
}

const keeps = (schema: JsonObject): boolean => schema['x-kubernetes-preserve-unknown-fields'] === true;

function shapeOf(name: string, schema: JsonObject): Shape {
  if (schema.type === 'array') return {is: 'list', of: shapeOf(name, asObject(schema.items))};
  if (schema.type !== 'object') return {is: 'scalar', code: 'o'};
  if (isObject(schema.properties)) {
    const type: TypeInfo = {
      ...open(name),
      fields: new Map(structFields(schema)),
      open: keeps(schema),
      atomic: schema['x-kubernetes-map-type'] === 'atomic',
    };
    return {is: 'struct', type: () => type};
  }
  if (isObject(schema.additionalProperties))
    return {is: 'map', of: shapeOf(name, schema.additionalProperties)};
  if (
    keeps(schema) ||
    schema.additionalProperties === true ||
    schema['x-kubernetes-embedded-resource'] === true
  )
    return {is: 'scalar', code: 'o'};
  const empty: TypeInfo = {...open(name), open: false};
  return {is: 'struct', type: () => empty};
}

/** Custom fields are kept as they were given: as Go's pointers, never dropped when empty. */
const field = (name: string, shape: Shape, schema: JsonObject): Field => {
  const listType = asString(schema['x-kubernetes-list-type']);
  return {
    name,
    shape,
    pointer: true,
    omit: true,
    number: '',
    required: false,
    strategies: [],
    mergeKey: '',
    listKeys: asArray(schema['x-kubernetes-list-map-keys']).map(asString),
    listType,
    atomic: schema['x-kubernetes-map-type'] === 'atomic',
    values: [],
    goType: '',
  };
};
