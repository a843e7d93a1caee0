import {
  asArray,
  asObject,
  asString,
  equal,
  isArray,
  isObject,
  type Json,
  type JsonObject,
} from '../../../engine/json.ts';
import {duplicate, invalidValue, required, tooLong, unsupported} from '../api-error.ts';
import type {Errors} from './rules.ts';

/** What the validator of the server calls a value. */
export function jsonType(value: Json): string {
  if (isArray(value)) return 'array';
  if (isObject(value)) return 'object';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return value === null ? 'null' : typeof value;
}

const isLong = (text: string, most: number): boolean => [...text].length > most;

const formats: Readonly<Record<string, RegExp>> = {
  'date-time': /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/,
  date: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/,
  ipv4: /^((25[0-5]|2[0-4]\d|1?\d?\d)(\.(?!$)|$)){4}$/,
  uuid: /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i,
  byte: /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
};

/** Values of a custom object against its structural schema, worded as the server does. */
export function validateStructural(schema: JsonObject, value: Json, path: string, errors: Errors): void {
  if (value === null && schema.nullable === true) return;
  const type = jsonType(value);
  const wanted = schema['x-kubernetes-int-or-string'] === true ? 'integer,string' : asString(schema.type);
  const says = (detail: string): string => `${path} in body ${detail}`;
  const fits =
    wanted === '' || wanted.split(',').includes(type) || (wanted === 'number' && type === 'integer');
  const mistyped = (as: string, shown: string): void => {
    errors.push({
      field: path,
      reason: 'FieldValueTypeInvalid',
      message: `Invalid value: ${JSON.stringify(shown)}: ${says(`must be of type ${as}: ${JSON.stringify(shown)}`)}`,
    });
  };
  if (!fits) {
    mistyped(wanted, type);
    if (wanted === 'integer' && type === 'number')
      errors.push(nowhere(`Checked value must be of type integer (default format) in ${path}`));
    checkEnum(schema, value, path, errors);
    return;
  }
  if (typeof value === 'number') checkNumber(schema, value, path, errors);
  if (typeof value === 'string') {
    checkString(schema, value, path, errors);
    const format = formats[asString(schema.format)];
    if (format && !format.test(value)) mistyped(asString(schema.format), value);
  }
  checkEnum(schema, value, path, errors);
  if (isArray(value)) checkList(schema, value, path, errors);
  if (isObject(value)) checkMap(schema, value, path, errors);
  checkLogic(schema, value, path, errors);
}

function checkEnum(schema: JsonObject, value: Json, path: string, errors: Errors): void {
  if (schema.enum !== undefined && !asArray(schema.enum).some((one) => equal(one, value)))
    errors.push(unsupported(path, value, asArray(schema.enum).map(String)));
}

const nowhere = (message: string) => ({
  field: '<nil>',
  reason: 'FieldValueInvalid',
  message: `Invalid value: "": ${message}`,
});

function checkNumber(schema: JsonObject, value: number, path: string, errors: Errors): void {
  const {multipleOf, maximum, minimum} = schema;
  const wrong = (detail: string): unknown =>
    errors.push(invalidValue(path, value, `${path} in body should be ${detail}`));
  if (typeof multipleOf === 'number' && !Number.isInteger(value / multipleOf))
    wrong(`a multiple of ${multipleOf}`);
  if (typeof maximum === 'number') {
    const isExclusive = schema.exclusiveMaximum === true;
    if (value > maximum || (isExclusive && value === maximum))
      wrong(`less than ${isExclusive ? '' : 'or equal to '}${maximum}`);
  }
  if (typeof minimum === 'number') {
    const isExclusive = schema.exclusiveMinimum === true;
    if (value < minimum || (isExclusive && value === minimum))
      wrong(`greater than ${isExclusive ? '' : 'or equal to '}${minimum}`);
  }
}

function checkString(schema: JsonObject, value: string, path: string, errors: Errors): void {
  const {maxLength, minLength} = schema;
  const pattern = asString(schema.pattern);
  if (typeof maxLength === 'number' && isLong(value, maxLength)) errors.push(tooLong(path, maxLength));
  else if (typeof minLength === 'number' && !isLong(value, minLength - 1))
    errors.push(invalidValue(path, value, `${path} in body should be at least ${minLength} chars long`));
  else if (pattern && !matchesPattern(pattern, value))
    errors.push(invalidValue(path, value, `${path} in body should match '${pattern}'`));
}

function matchesPattern(pattern: string, value: string): boolean {
  try {
    // Go's flags at the start, which JavaScript has at the end.
    const flags = /^\(\?([imsU]+)\)/.exec(pattern)?.[1] ?? '';
    const source = flags ? pattern.slice(flags.length + 3) : pattern;
    return new RegExp(source, `${flags.replace('U', '')}u`).test(value);
  } catch {
    return true;
  }
}

const tooMany = (field: string, count: number, most: number) => ({
  field,
  reason: 'FieldValueTooMany',
  message: `Too many: ${count}: must have at most ${most} items`,
});

function checkList(schema: JsonObject, value: readonly Json[], path: string, errors: Errors): void {
  const {maxItems, minItems} = schema;
  if (typeof minItems === 'number' && value.length < minItems)
    errors.push(invalidValue(path, value.length, `${path} in body should have at least ${minItems} items`));
  if (typeof maxItems === 'number' && value.length > maxItems)
    errors.push(tooMany(path, value.length, maxItems));
  if (!isObject(schema.items)) return;
  for (const [index, item] of value.entries())
    validateStructural(schema.items, item, `${path}[${index}]`, errors);
}

function checkMap(schema: JsonObject, value: JsonObject, path: string, errors: Errors): void {
  const {maxProperties, minProperties} = schema;
  const keys = Object.keys(value);
  const at = (key: string): string => (path ? `${path}.${key}` : key);
  if (typeof maxProperties === 'number' && keys.length > maxProperties)
    errors.push(tooMany(path, keys.length, maxProperties));
  if (typeof minProperties === 'number' && keys.length < minProperties)
    errors.push(
      invalidValue(path, keys.length, `${path} in body should have at least ${minProperties} properties`),
    );
  const properties = asObject(schema.properties);
  for (const key of keys) {
    const own = properties[key] ?? schema.additionalProperties;
    if (isObject(own) && value[key] !== undefined) validateStructural(own, value[key], at(key), errors);
  }
  for (const key of asArray(schema.required).map(asString))
    if (value[key] === undefined) errors.push(required(at(key)));
}

function checkLogic(schema: JsonObject, value: Json, path: string, errors: Errors): void {
  const attempt = (one: Json): Errors => {
    const found: Errors = [];
    validateStructural(asObject(one), value, path, found);
    return found;
  };
  const named = JSON.stringify(path);
  if (isArray(schema.oneOf)) {
    const tried = schema.oneOf.map(attempt);
    const valid = tried.filter((found) => found.length === 0).length;
    if (valid !== 1) {
      const what = valid === 0 ? 'Found none valid' : `Found ${valid} valid alternatives`;
      errors.push(nowhere(`${named} must validate one and only one schema (oneOf). ${what}`));
      if (valid === 0) errors.push(...tried[0]!);
    }
  }
  if (isArray(schema.anyOf) && schema['x-kubernetes-int-or-string'] !== true) {
    const tried = schema.anyOf.map(attempt);
    if (!tried.some((found) => found.length === 0))
      errors.push(nowhere(`${named} must validate at least one schema (anyOf)`), ...tried[0]!);
  }
  if (isArray(schema.allOf)) {
    const failed = schema.allOf.map(attempt).filter((found) => found.length > 0);
    if (failed.length > 0) {
      const what = failed.length === schema.allOf.length ? '. None validated' : '';
      errors.push(nowhere(`${named} must validate all the schemas (allOf)${what}`), ...failed.flat());
    }
  }
  if (isObject(schema.not) && attempt(schema.not).length === 0)
    errors.push(nowhere(`${named} must not validate the schema (not)`));
}

/** Lists that are sets or maps hold nothing twice. */
export function checkListTypes(schema: JsonObject, value: Json, path: string, errors: Errors): void {
  if (isArray(value)) {
    const type = schema['x-kubernetes-list-type'];
    const keys = asArray(schema['x-kubernetes-list-map-keys']).map(asString);
    const seen = new Set<string>();
    for (const [index, item] of value.entries()) {
      if (type === 'set' || type === 'map') {
        const key =
          type === 'set'
            ? item
            : Object.fromEntries(
                keys
                  .filter((name) => asObject(item)[name] !== undefined)
                  .map((name) => [name, asObject(item)[name]!]),
              );
        const text = JSON.stringify(key);
        if (seen.has(text)) errors.push(duplicate(`${path}[${index}]`, key));
        seen.add(text);
      }
      if (isObject(schema.items)) checkListTypes(schema.items, item, `${path}[${index}]`, errors);
    }
  } else if (isObject(value)) {
    const properties = asObject(schema.properties);
    for (const [key, item] of Object.entries(value)) {
      const own = properties[key] ?? schema.additionalProperties;
      if (isObject(own)) checkListTypes(own, item, path ? `${path}.${key}` : key, errors);
    }
  }
}
