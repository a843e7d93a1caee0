import {
  asArray,
  asObject,
  asString,
  isArray,
  isObject,
  type Json,
  type JsonObject,
} from '../../engine/json.ts';

/** The older form of the document, one for all groups: kubectl asks for it where the newer one lacks a kind. */
export function openApiV2(documents: readonly JsonObject[], version: string): JsonObject {
  const definitions: Record<string, Json> = {};
  const paths: Record<string, Json> = {};
  for (const {components, paths: own} of documents) {
    for (const [name, schema] of Object.entries(asObject(asObject(components).schemas)))
      definitions[name] ??= schemaV2(asObject(schema));
    for (const [path, item] of Object.entries(asObject(own)))
      paths[path] = Object.fromEntries(
        Object.entries(asObject(item)).map(([verb, one]) => [verb, operationV2(asObject(one))]),
      );
  }
  return {swagger: '2.0', info: {title: 'Kubernetes', version}, paths, definitions};
}

const operationV2 = ({parameters, responses: _, ...rest}: JsonObject): JsonObject => ({
  ...rest,
  parameters: asArray(parameters).map((one) => {
    const {name = '', in: place = ''} = asObject(one);
    return {name, in: place, type: 'string', uniqueItems: true};
  }),
  responses: {200: {description: 'OK'}},
});

/** A schema of version 3 in words of version 2, which knows one type for each value. */
function schemaV2(schema: JsonObject): JsonObject {
  const {
    allOf,
    oneOf,
    anyOf: _,
    not: __,
    nullable: ___,
    properties,
    items,
    additionalProperties,
    ...rest
  } = schema;
  if (typeof schema.$ref === 'string')
    return {$ref: asString(schema.$ref).replace('components/schemas', 'definitions')};
  const [only] = asArray(allOf).map(asObject);
  const reference = only?.$ref === undefined ? {} : schemaV2(only);
  return {
    ...rest,
    ...reference,
    ...(oneOf === undefined ? {} : {type: 'string'}),
    ...(isObject(properties)
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, one]) => [name, schemaV2(asObject(one))]),
          ),
        }
      : {}),
    ...(isObject(items) ? {items: schemaV2(items)} : {}),
    ...(isObject(additionalProperties) ? {additionalProperties: schemaV2(additionalProperties)} : {}),
  };
}

type Chunk = Buffer | readonly Chunk[];

const varint = (value: number): Buffer => {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
};
const flat = (chunk: Chunk): Buffer => (Buffer.isBuffer(chunk) ? chunk : Buffer.concat(chunk.map(flat)));
const field = (number: number, content: Chunk | string): Buffer => {
  const bytes = typeof content === 'string' ? Buffer.from(content) : flat(content);
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
};
const named = (number: number, name: string, value: Chunk): Buffer =>
  field(number, [field(1, name), field(2, value)]);
const yes = (number: number): Buffer => Buffer.concat([varint(number * 8), varint(1)]);

/** Extensions travel as YAML, which JSON is. */
const extensions = (number: number, object: JsonObject): readonly Chunk[] =>
  Object.entries(object)
    .filter(([name]) => name.startsWith('x-'))
    .map(([name, value]) => named(number, name, field(2, JSON.stringify(value))));

/** As the message Document of gnostic's OpenAPIv2.proto: the one form that kubectl asks for. */
export function encodeOpenApiV2(document: JsonObject): Buffer {
  const {info, paths, definitions} = document;
  const {title, version} = asObject(info);
  const entries = (value: Json | undefined): readonly (readonly [string, JsonObject])[] =>
    Object.entries(asObject(value)).map(([name, one]) => [name, asObject(one)] as const);
  return flat([
    field(1, '2.0'),
    field(2, [field(1, asString(title)), field(2, asString(version))]),
    field(
      8,
      entries(paths).map(([path, item]) =>
        named(
          2,
          path,
          entries(item).map(([verb, one]) => field(verbs[verb]!, operation(one))),
        ),
      ),
    ),
    field(
      9,
      entries(definitions).map(([name, schema]) => named(1, name, schemaBytes(schema))),
    ),
  ]);
}

const verbs: Readonly<Record<string, number>> = {get: 2, put: 3, post: 4, delete: 5, patch: 8};

const operation = (one: JsonObject): readonly Chunk[] => [
  ...asArray(one.parameters).map((parameter) => {
    const query = [
      field(2, 'query'),
      field(4, asString(asObject(parameter).name)),
      field(6, 'string'),
      Buffer.concat([varint(20 * 8), varint(1)]),
    ];
    return field(8, field(1, field(2, field(3, query))));
  }),
  field(9, named(1, '200', field(1, field(1, 'OK')))),
  ...extensions(13, one),
];

function schemaBytes(schema: JsonObject): readonly Chunk[] {
  const {
    $ref,
    format,
    description,
    required,
    type,
    items,
    properties,
    additionalProperties,
    enum: values,
  } = schema;
  const text = (number: number, value: Json | undefined): readonly Chunk[] =>
    typeof value === 'string' ? [field(number, value)] : [];
  return [
    ...text(1, $ref),
    ...text(2, format),
    ...text(4, description),
    ...asArray(required).map((name) => field(19, asString(name))),
    ...asArray(values).map((value) => field(20, field(2, JSON.stringify(value)))),
    ...(isObject(additionalProperties)
      ? [field(21, field(1, schemaBytes(additionalProperties)))]
      : additionalProperties === true
        ? [field(21, yes(2))]
        : []),
    ...(typeof type === 'string' ? [field(22, field(1, type))] : []),
    ...(isObject(items) ? [field(23, field(1, schemaBytes(items)))] : []),
    ...(isObject(properties)
      ? [
          field(
            25,
            Object.entries(properties).map(([name, one]) => named(1, name, schemaBytes(asObject(one)))),
          ),
        ]
      : []),
    ...(isArray(schema.allOf)
      ? asArray(schema.allOf).map((one) => field(24, schemaBytes(asObject(one))))
      : []),
    ...extensions(31, schema),
  ];
}
