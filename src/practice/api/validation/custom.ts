import {
  asArray,
  asObject,
  asString,
  isArray,
  isObject,
  type Json,
  type JsonObject,
} from '../../../engine/json.ts';
import type {FieldError} from '../api-error.ts';
import type {Cel} from '../cel/environment.ts';
import {celValue} from '../cel/values.ts';
import type {ResourceInfo} from '../resources.ts';
import type {Errors} from './rules.ts';
import {checkListTypes, validateStructural} from './structural.ts';

const blocking = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);
const skipped: FieldError = {
  field: '<nil>',
  reason: 'FieldValueInvalid',
  message:
    'Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
};

/** What every object has, and the server checks itself. */
const head = new Set(['apiVersion', 'kind', 'metadata']);

/** An object of a custom kind: its schema, its lists, and the rules that it states as expressions. */
export function validateCustom(
  info: ResourceInfo,
  object: JsonObject,
  old: JsonObject | undefined,
  sub: string,
  cel: Cel | undefined,
  errors: Errors,
): void {
  if (!info.custom) return;
  const whole = asObject(info.custom.schema as Json);
  const required = asArray(whole.required).filter((name) => !head.has(asString(name)));
  const schema: JsonObject = {...whole, required};
  const {apiVersion: _, kind: __, metadata: ___, ...own} = object;
  const found: Errors = [];
  // A field that was wrong before and is not touched stays accepted, as the server's ratcheting has it.
  validateStructural(schema, own, '', found);
  checkListTypes(schema, own, '', found);
  const known = new Set(old ? problemsOf(schema, old) : []);
  const fresh = found.filter((error) => !known.has(`${error.field} ${error.message}`));
  // Of a status the server names the fields without the status.
  const shown = fresh.map((error) => ({
    ...error,
    message: error.message.replaceAll(/\bstatus\.(?=\S+ in body )/g, ''),
  }));
  errors.push(...(sub === 'status' ? shown : fresh));
  if (!info.custom.hasRules || !cel) return;
  if (fresh.some(({reason}) => blocking.has(reason))) errors.push(skipped);
  else runRules(cel, schema, own, old, '', errors);
}

function problemsOf(schema: JsonObject, object: JsonObject): readonly string[] {
  const {apiVersion: _, kind: __, metadata: ___, ...own} = object;
  const found: Errors = [];
  validateStructural(schema, own, '', found);
  checkListTypes(schema, own, '', found);
  return found.map((error) => `${error.field} ${error.message}`);
}

function runRules(
  cel: Cel,
  schema: JsonObject,
  value: Json,
  old: Json | undefined,
  path: string,
  errors: Errors,
): void {
  for (const rule of asArray(schema['x-kubernetes-validations']).map(asObject)) {
    const expression = asString(rule.rule);
    // A rule about a change has nothing to say of what is new.
    if (/\boldSelf\b/.test(expression) && old === undefined && rule.optionalOldSelf !== true) continue;
    const problem = broken(cel, rule, expression, value, old);
    if (problem !== undefined) errors.push(fault(rule, value, path, problem));
  }
  const below = (key: string): string => (path ? `${path}.${key}` : key);
  if (isObject(value)) {
    const properties = asObject(schema.properties);
    const before = isObject(old) ? old : {};
    for (const [key, item] of Object.entries(value)) {
      const own = properties[key] ?? schema.additionalProperties;
      if (isObject(own)) runRules(cel, own, item, before[key], below(key), errors);
    }
  } else if (isArray(value) && isObject(schema.items)) {
    const keys = asArray(schema['x-kubernetes-list-map-keys']).map(asString);
    const sameAs = (item: Json): Json | undefined =>
      keys.length > 0 && isArray(old)
        ? old.find((one) => keys.every((key) => asObject(one)[key] === asObject(item)[key]))
        : undefined;
    for (const [index, item] of value.entries())
      runRules(cel, schema.items, item, sameAs(item), `${path}[${index}]`, errors);
  }
}

/** Why a rule does not hold; undefined when it does. */
function broken(
  cel: Cel,
  rule: JsonObject,
  expression: string,
  value: Json,
  old: Json | undefined,
): string | undefined {
  const values = {self: celValue(value), oldSelf: celValue(old)};
  try {
    if (cel.compile(expression, 'rule').run(values) === true) return undefined;
  } catch (error) {
    return `${expression}: ${(error as Error).message} evaluating rule: ${asString(rule.message) || expression}`;
  }
  const message = asString(rule.messageExpression);
  if (message) {
    try {
      const text = cel.compile(message, 'rule').run(values);
      if (typeof text === 'string' && text.trim() !== '') return text.trim();
    } catch {
      // As if there were none.
    }
  }
  return asString(rule.message).trim() || `failed rule: ${expression.trim()}`;
}

function fault(rule: JsonObject, value: Json, path: string, message: string): FieldError {
  const reason = asString(rule.reason) || 'FieldValueInvalid';
  const field = `${path}${asString(rule.fieldPath)}` || '<nil>';
  const words: Readonly<Record<string, string>> = {
    FieldValueForbidden: 'Forbidden: ',
    FieldValueRequired: 'Required value: ',
    FieldValueDuplicate: `Duplicate value: ${JSON.stringify(value)}: `,
  };
  // Of an object the server shows nothing, of other values all.
  const shown = isObject(value) || isArray(value) ? '' : `${JSON.stringify(value)}: `;
  return {field, reason, message: `${words[reason] ?? `Invalid value: ${shown}`}${message}`};
}
