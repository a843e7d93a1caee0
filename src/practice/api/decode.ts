import {isArray, isObject, type Json, type JsonObject} from '../../engine/json.ts';
import type {Draft, DraftValue} from './draft.ts';
import {formatQuantity, parseQuantity, quantityMessage} from './quantity.ts';
import type {Field, Shape, TypeInfo} from './schema.ts';

/** A body whose types do not fit, worded as Go's decoder does. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  /** The same as the decoder of strategic merges says it. */
  readonly strategic: string;

  constructor(message: string, strategic = message) {
    super(message);
    this.strategic = strategic;
  }
}

/** What Go calls a JSON value. */
export const jsonKind = (value: Json): string =>
  isArray(value) ? 'array' : isObject(value) ? 'object' : typeof value === 'boolean' ? 'bool' : typeof value;

type Place = {
  /** With list indices, for unknown fields. */
  readonly path: string;
  /** Without, as Go names it in type errors. */
  readonly goPath: string;
  readonly struct: string;
};

/** Go's embedded structs, which its errors name and JSON does not. */
const embedded: Readonly<Record<string, (key: string) => string>> = {
  Volume: (key) => (key === 'name' ? '' : 'VolumeSource.'),
  IngressRule: (key) => (key === 'http' ? 'IngressRuleValue.' : ''),
};

const below = (at: Place, key: string): Place => {
  const named = `${embedded[at.struct]?.(key) ?? ''}${key}`;
  return {
    path: at.path ? `${at.path}.${key}` : key,
    goPath: at.goPath ? `${at.goPath}.${named}` : named,
    struct: at.struct,
  };
};

/**
 * An object as the server's own types read and write it: unknown fields gone (each is reported), empty optional fields
 * dropped, quantities and times canonical, fields in the server's order.
 * @throws {DecodeError} when a value has another type than its field.
 */
export function decode(type: TypeInfo, value: JsonObject, unknown: string[]): Draft {
  return decodeStruct(type, value, {path: '', goPath: '', struct: ''}, unknown);
}

function decodeStruct(type: TypeInfo, value: JsonObject, at: Place, unknown: string[]): Draft {
  const place = {...at, struct: type.goName};
  const seen: Record<string, DraftValue> = Object.create(null);
  for (const key of Object.keys(value)) {
    const field = type.fields.get(key);
    const item = value[key];
    if (item === undefined) continue;
    if (field === undefined) {
      if (type.open) seen[key] = item as DraftValue;
      else unknown.push(at.path ? `${at.path}.${key}` : key);
    } else if (item === null) {
      if (field.nullable) seen[key] = null;
    } else {
      const decoded = decodeValue(field.shape, item, below(place, key), unknown, field);
      const bare = !field.pointer && !field.loose && isEmpty(field.shape, decoded);
      // The server stores an empty list as none, and shows it as null where it is not left out.
      if (bare && !field.omit && field.shape.is === 'list') seen[key] = null;
      else if (!(bare && field.omit)) seen[key] = decoded;
    }
  }
  const result: Draft = {};
  for (const [name, field] of type.fields) {
    const item = seen[name];
    if (item !== undefined) result[name] = item;
    else if (!field.omit && !field.pointer) result[name] = zero(field.shape);
    else if (!field.omit && name !== 'kind' && name !== 'apiVersion') result[name] = null;
  }
  if (type.open) {
    for (const key of Object.keys(seen)) if (!(key in result)) result[key] = seen[key]!;
  }
  return result;
}

function isEmpty(shape: Shape, value: DraftValue): boolean {
  if (shape.is === 'struct') return false;
  if (shape.is === 'list') return Array.isArray(value) && value.length === 0;
  if (shape.is === 'map') return Object.keys(value as Draft).length === 0;
  return value === '' || value === 0 || value === false;
}

/** What Go writes for a field that was not given and is not optional. */
function zero(shape: Shape): DraftValue {
  if (shape.is === 'struct') return decodeStruct(shape.type(), {}, {path: '', goPath: '', struct: ''}, []);
  if (shape.is !== 'scalar') return null;
  switch (shape.code) {
    case 's':
      return '';
    case 'b':
      return false;
    case 'Q':
      return '0';
    case 'i':
    case 'I':
    case 'n':
    case 'q':
      return 0;
    default:
      return null;
  }
}

/** An item of a list or map that was given as null. */
const nothing = (shape: Shape): DraftValue =>
  shape.is === 'scalar' && shape.code === 'y' ? '' : zero(shape);

function decodeValue(shape: Shape, value: Json, at: Place, unknown: string[], field: Field): DraftValue {
  if (shape.is === 'scalar') return decodeScalar(shape.code, value, at, field);
  if (shape.is === 'struct') {
    if (!isObject(value)) return misfit(value, at, field, shape);
    return decodeStruct(shape.type(), value, at, unknown);
  }
  if (shape.is === 'list') {
    if (!isArray(value)) return misfit(value, at, field, shape);
    return value.map((item, index) =>
      item === null
        ? field.loose
          ? null
          : nothing(shape.of)
        : decodeValue(shape.of, item, {...at, path: `${at.path}[${index}]`}, unknown, field),
    );
  }
  if (!isObject(value)) return misfit(value, at, field, shape);
  const result: Draft = {};
  for (const key of Object.keys(value)) {
    const item = value[key]!;
    const decoded =
      item === null
        ? nothing(shape.of)
        : decodeValue(shape.of, item, {...below(at, key), goPath: at.goPath}, unknown, field);
    if (key === '__proto__') Object.defineProperty(result, key, {value: decoded, enumerable: true});
    else result[key] = decoded;
  }
  return result;
}

function misfit(value: Json, at: Place, field: Field, shape: Shape): DraftValue {
  if (field.loose) return value as DraftValue;
  throw mismatch(value, at, field, shape);
}

const wholeNumber: Readonly<Record<string, number>> = {i: 2_147_483_647, I: Number.MAX_SAFE_INTEGER};

function decodeScalar(code: string, value: Json, at: Place, field: Field): DraftValue {
  switch (code) {
    case 'y':
      if (typeof value === 'string') return decodeBytes(value);
      if (isArray(value)) return bytesOf(value, at, field);
      throw mismatch(value, at, field, {is: 'scalar', code});
    case 's':
      if (typeof value !== 'string') throw mismatch(value, at, field, {is: 'scalar', code});
      return value;
    case 'b':
      if (typeof value !== 'boolean') throw mismatch(value, at, field, {is: 'scalar', code});
      return value;
    case 'i':
    case 'I':
      if (typeof value !== 'number') throw mismatch(value, at, field, {is: 'scalar', code});
      if (!Number.isInteger(value) || Math.abs(value) > wholeNumber[code]!)
        throw mismatch(value, at, field, {is: 'scalar', code}, `number ${value}`);
      return value;
    case 'n':
      if (typeof value !== 'number') throw mismatch(value, at, field, {is: 'scalar', code});
      return value;
    case 'Q':
      return decodeQuantity(value);
    case 'q':
      if (typeof value === 'string') return value;
      if (typeof value === 'number' && Number.isInteger(value)) return value;
      throw ownDecoder(value, at, 'int32', typeof value === 'number' ? `number ${value}` : undefined);
    case 't':
    case 'T':
      if (typeof value !== 'string') throw ownDecoder(value, at, 'string');
      return decodeTime(code, value);
    default:
      return value as DraftValue;
  }
}

function decodeQuantity(value: Json): string {
  if (typeof value !== 'string' && typeof value !== 'number') throw new DecodeError(quantityMessage);
  const quantity = parseQuantity(String(value));
  if (!quantity) throw new DecodeError(quantityMessage);
  return formatQuantity(quantity);
}

/** Go takes a list of numbers for bytes too. */
function bytesOf(value: readonly Json[], at: Place, field: Field): string {
  for (const item of value)
    if (item !== null && (typeof item !== 'number' || !Number.isInteger(item) || item < 0 || item > 255))
      throw mismatch(
        item,
        at,
        {...field, goType: 'uint8'},
        {is: 'scalar', code: 'i'},
        typeof item === 'number' ? `number ${item}` : undefined,
      );
  return Buffer.from(value.map(Number)).toString('base64');
}

/** Base64, as the server checks it. */
function decodeBytes(text: string): string {
  const bare = text.replaceAll(/[\r\n]/g, '');
  const bad = /[^A-Za-z0-9+/=]|=(?=[^=])/.exec(bare);
  const end = bare.length % 4 === 0 ? -1 : bare.length - (bare.length % 4);
  const place = bad?.index ?? end;
  if (place < 0) return text;
  const message = `illegal base64 data at input byte ${place}`;
  throw new DecodeError(message, `error decoding from json: ${message}`);
}

function decodeTime(code: string, value: string): string {
  const layout = code === 't' ? '2006-01-02T15:04:05Z07:00' : '2006-01-02T15:04:05.000000Z07:00';
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(value);
  const milliseconds = match ? Date.parse(`${match[1]}${match[3]}`) : Number.NaN;
  if (!match || Number.isNaN(milliseconds)) {
    throw new DecodeError(
      `parsing time ${JSON.stringify(value)} as ${JSON.stringify(layout)}: cannot parse ${JSON.stringify(value)} as "2006"`,
    );
  }
  if (code === 'T' && match[2]?.length !== 7)
    throw new DecodeError(
      `parsing time ${JSON.stringify(value)} as ${JSON.stringify(layout)}: cannot parse ${JSON.stringify(value.slice(19))} as ".000000"`,
    );
  const seconds = new Date(milliseconds).toISOString().slice(0, 19);
  return code === 't' ? `${seconds}Z` : `${seconds}.${(match[2] ?? '.').slice(1, 7).padEnd(6, '0')}Z`;
}

function mismatch(value: Json, at: Place, field: Field, shape: Shape, what = jsonKind(value)): DecodeError {
  const type = innerType(field, shape);
  return new DecodeError(
    `json: cannot unmarshal ${what} into Go struct field ${at.struct}.${at.goPath} of type ${type}`,
    strategicWording(value, shape, type),
  );
}

/** A type that reads its JSON itself, apart from what is around it. */
const ownDecoder = (value: Json, at: Place, type: string, what = jsonKind(value)): DecodeError =>
  new DecodeError(
    `json: cannot unmarshal ${what} into Go struct field ${at.struct}.${at.goPath} of type ${type}`,
    `json: cannot unmarshal ${what} into Go value of type ${type}`,
  );

const goScalars: Readonly<Record<string, string>> = {
  s: 'string',
  b: 'bool',
  i: 'int32',
  I: 'int64',
  n: 'float64',
};

/** Numbers could become text in Go, so the refusal names both types; what has no conversion names one. */
function strategicWording(value: Json, shape: Shape, type: string): string {
  const from = goKind(value);
  if (shape.is === 'list' || (shape.is === 'scalar' && shape.code === 'y'))
    return `cannot restore slice from ${from}`;
  if (shape.is === 'map') return `cannot restore map from ${from}`;
  if (shape.is === 'struct') return `cannot restore struct from: ${from}`;
  const to = type === 'uint8' ? type : (goScalars[shape.code] ?? type);
  const converts = (to === 'string' && from === 'int64') || (to.startsWith('int') && from === 'float64');
  return converts ? `cannot convert ${from} to ${type}` : `unrecognized type: ${to}`;
}

function goKind(value: Json): string {
  if (isArray(value)) return 'slice';
  if (isObject(value)) return 'map';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** The Go type of the part that did not fit: the field's, or of an element of it. */
function innerType(field: Field, shape: Shape): string {
  let name = field.goType;
  let current = field.shape;
  while (current !== shape && (current.is === 'list' || current.is === 'map')) {
    if (shape.is === current.is && shape.of === current.of) break;
    if (shape.is === 'scalar' && current.of.is === 'scalar' && current.of.code !== shape.code) break;
    name = name.replace(/^(\[\]|map\[string\])/, '');
    current = current.of;
  }
  return name;
}
