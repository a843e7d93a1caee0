import type {JsonObject} from '../../engine/json.ts';
import {badRequest} from './api-error.ts';
import type {Field, Schema, Shape, TypeInfo} from './schema.ts';

/**
 * Protobuf as kubectl's typed clients send it. Field numbers come from the API's Go types. Fields that Go leaves out
 * when empty come as zeros: `decode` drops them.
 */
export function decodeEnvelope(bytes: Buffer, schema: Schema): JsonObject {
  if (bytes.subarray(0, 4).toString('latin1') !== 'k8s\0')
    throw badRequest(
      'provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]',
    );
  let apiVersion = '';
  let kind = '';
  let raw: Buffer = Buffer.alloc(0);
  for (const part of parts(bytes.subarray(4))) {
    if (part.number === 1) {
      for (const meta of parts(part.bytes)) {
        if (meta.number === 1) apiVersion = meta.bytes.toString('utf8');
        if (meta.number === 2) kind = meta.bytes.toString('utf8');
      }
    } else if (part.number === 2) raw = part.bytes;
  }
  const type =
    schema.kind(apiVersion, kind) ??
    (kind === 'DeleteOptions' ? schema.type('meta/v1.DeleteOptions') : undefined);
  if (!type)
    throw badRequest(
      `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`,
    );
  return {apiVersion, kind, ...message(raw, type)};
}

type Part = {readonly number: number; readonly value: bigint; readonly bytes: Buffer};

const broken = () => badRequest('proto: illegal tag or unexpected end of the message');

function* parts(bytes: Buffer): Iterable<Part> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at];
      if (byte === undefined) throw broken();
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw broken();
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Number(tag >> 3n);
    const wire = Number(tag & 7n);
    if (wire === 0) yield {number, value: varint(), bytes: Buffer.alloc(0)};
    else {
      const length = wire === 2 ? Number(varint()) : wire === 1 ? 8 : wire === 5 ? 4 : -1;
      if (length < 0 || at + length > bytes.length) throw broken();
      yield {number, value: 0n, bytes: bytes.subarray(at, at + length)};
      at += length;
    }
  }
}

type Mutable = {[key: string]: JsonValue};
type JsonValue = null | boolean | number | string | JsonValue[] | Mutable;

/** Fields by number; a map where the message of an embedded struct is. */
type Fields = Map<number, Field | Fields>;

const numbers = new WeakMap<TypeInfo, Fields>();

function fieldsOf(type: TypeInfo): Fields {
  let found = numbers.get(type);
  if (!found) {
    found = new Map();
    for (const field of type.fields.values()) {
      const path = field.number.split('.').map(Number);
      let at: Fields = found;
      for (const number of path.slice(0, -1)) {
        const inner = at.get(number);
        const next: Fields = inner instanceof Map ? inner : new Map();
        at.set(number, next);
        at = next;
      }
      at.set(path.at(-1)!, field);
    }
    numbers.set(type, found);
  }
  return found;
}

function message(bytes: Buffer, type: TypeInfo): Mutable {
  const result: Mutable = {};
  readInto(result, bytes, fieldsOf(type));
  return result;
}

function readInto(result: Mutable, bytes: Buffer, fields: Fields): void {
  for (const part of parts(bytes)) {
    const field = fields.get(part.number);
    if (field instanceof Map) readInto(result, part.bytes, field);
    else if (field) readField(result, part, field);
  }
}

function readField(result: Mutable, part: Part, {name, shape}: Field): void {
  if (shape.is === 'list') {
    const list = result[name];
    const item = value(part, shape.of);
    if (Array.isArray(list)) list.push(item);
    else result[name] = [item];
  } else if (shape.is === 'map') {
    let key = '';
    let item: JsonValue = zero(shape.of);
    for (const inner of parts(part.bytes)) {
      if (inner.number === 1) key = inner.bytes.toString('utf8');
      else if (inner.number === 2) item = value(inner, shape.of);
    }
    const map = (result[name] ?? {}) as Mutable;
    map[key] = item;
    result[name] = map;
  } else result[name] = value(part, shape);
}

const zero = (shape: Shape): JsonValue =>
  shape.is === 'scalar' ? (shape.code === 's' || shape.code === 'y' ? '' : 0) : {};

function value(part: Part, shape: Shape): JsonValue {
  if (shape.is === 'struct') {
    const type = shape.type();
    return message(part.bytes, type);
  }
  if (shape.is === 'list') {
    // A named list type (ExtraValue) is a message with its items in field 1.
    return [...parts(part.bytes)].map((inner) => value(inner, shape.of));
  }
  if (shape.is === 'map') return {};
  switch (shape.code) {
    case 's':
      return part.bytes.toString('utf8');
    case 'y':
      return part.bytes.toString('base64');
    case 'b':
      return part.value !== 0n;
    case 'i':
      return Number(BigInt.asIntN(32, part.value));
    case 'I':
      return Number(BigInt.asIntN(64, part.value));
    case 'n':
      return part.bytes.length === 8 ? part.bytes.readDoubleLE(0) : 0;
    case 'Q':
      return [...parts(part.bytes)].find(({number}) => number === 1)?.bytes.toString('utf8') || '0';
    case 't':
    case 'T':
      return time(part.bytes, shape.code);
    case 'q':
      return intOrString(part.bytes);
    default:
      return rawJson(part.bytes);
  }
}

function time(bytes: Buffer, code: string): JsonValue {
  let seconds = 0n;
  let nanos = 0;
  for (const part of parts(bytes)) {
    if (part.number === 1) seconds = BigInt.asIntN(64, part.value);
    if (part.number === 2) nanos = Number(BigInt.asIntN(32, part.value));
  }
  if (seconds === 0n && nanos === 0) return null;
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime())) return null;
  const whole = date.toISOString().slice(0, 19);
  return code === 't' ? `${whole}Z` : `${whole}.${String(Math.trunc(nanos / 1000)).padStart(6, '0')}Z`;
}

function intOrString(bytes: Buffer): JsonValue {
  let isText = false;
  let number = 0;
  let text = '';
  for (const part of parts(bytes)) {
    if (part.number === 1) isText = part.value === 1n;
    if (part.number === 2) number = Number(BigInt.asIntN(32, part.value));
    if (part.number === 3) text = part.bytes.toString('utf8');
  }
  return isText ? text : number;
}

/** FieldsV1, RawExtension and JSON hold JSON text in field 1. */
function rawJson(bytes: Buffer): JsonValue {
  const [first] = [...parts(bytes)].filter(({number}) => number === 1);
  if (!first || first.bytes.length === 0) return null;
  try {
    return JSON.parse(first.bytes.toString('utf8')) as JsonValue;
  } catch {
    throw badRequest('a raw value in the message is no JSON');
  }
}
