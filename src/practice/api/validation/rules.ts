import {asObject, type Json, type JsonObject} from '../../../engine/json.ts';
import {type FieldError, invalidValue, required, unsupported} from '../api-error.ts';
import {labelProblems} from '../names.ts';

/** Where validation errors are gathered. */
export type Errors = FieldError[];

const namePart = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const prefixPart = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

export const namePartMessage =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const labelValueMessage =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/** Why a key of a label or annotation is none. */
export function qualifiedNameProblems(key: string): string[] {
  const parts = key.split('/');
  if (parts.length > 2)
    return [
      "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
    ];
  const problems: string[] = [];
  const name = parts.at(-1)!;
  const prefix = parts.length === 2 ? parts[0] : undefined;
  if (prefix === '') problems.push('prefix part must be non-empty');
  else if (prefix !== undefined && !prefixPart.test(prefix))
    problems.push(
      "prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    );
  if (name === '') problems.push('name part must be non-empty');
  else if (name.length > 63) problems.push('name part must be no more than 63 bytes');
  if (!namePart.test(name)) problems.push(namePartMessage);
  return problems;
}

export function checkLabels(labels: JsonObject, field: string, errors: Errors): void {
  for (const [key, value] of Object.entries(labels)) {
    for (const problem of qualifiedNameProblems(key)) errors.push(invalidValue(field, key, problem));
    for (const problem of labelValueProblems(String(value))) errors.push(invalidValue(field, value, problem));
  }
}

/** Why a text can't be the value of a label. */
export const labelValueProblems = (text: string): string[] => [
  ...(Buffer.byteLength(text) > 63 ? ['must be no more than 63 bytes'] : []),
  ...(labelValue.test(text) ? [] : [labelValueMessage]),
];

/** Reports what a name has wrong. */
export function checkNames(problems: readonly string[], name: Json, field: string, errors: Errors): void {
  for (const problem of problems) errors.push(invalidValue(field, name, problem));
}

const percentMessage =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

/** A number that is not negative, or a percentage. */
export function checkAmount(value: Json | undefined, field: string, errors: Errors): void {
  if (typeof value === 'number' && value < 0) errors.push(invalidValue(field, value, notNegative));
  if (typeof value === 'string' && !/^[0-9]+%$/.test(value))
    errors.push(invalidValue(field, value, percentMessage));
}

/** No percentage above all of them. */
export function checkPercentage(value: Json | undefined, field: string, errors: Errors): void {
  if (typeof value === 'string' && /^[0-9]+%$/.test(value) && Number.parseInt(value, 10) > 100)
    errors.push(invalidValue(field, value, 'must not be greater than 100%'));
}

export const notNegative = 'must be greater than or equal to 0';

/** Numbers that must not be below zero. */
export function checkCounts(
  parent: JsonObject,
  names: readonly string[],
  field: string,
  errors: Errors,
): void {
  for (const name of names) {
    const value = parent[name];
    if (typeof value === 'number' && value < 0)
      errors.push(invalidValue(`${field}.${name}`, value, notNegative));
  }
}

export function checkRange(
  value: Json | undefined,
  least: number,
  most: number,
  field: string,
  errors: Errors,
): void {
  if (typeof value === 'number' && (value < least || value > most))
    errors.push(invalidValue(field, value, `must be between ${least} and ${most}, inclusive`));
}

export const checkPort = (value: Json | undefined, field: string, errors: Errors): void =>
  checkRange(value, 1, 65_535, field, errors);

/** A port by number, or by the name of a container's port. */
export function checkPortOrName(value: Json | undefined, field: string, errors: Errors): void {
  if (typeof value === 'number' || value === undefined) checkPort(value ?? 0, field, errors);
  else if (typeof value === 'string')
    for (const problem of portNameProblems(value)) errors.push(invalidValue(field, value, problem));
}

export function portNameProblems(name: string): string[] {
  const problems: string[] = [];
  if (name.length > 15) problems.push('must be no more than 15 characters');
  if (!/^[-a-z0-9]+$/.test(name))
    problems.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(name)) problems.push('must contain at least one letter (a-z)');
  if (name.includes('--')) problems.push('must not contain consecutive hyphens');
  if (name.startsWith('-') || name.endsWith('-')) problems.push('must not begin or end with a hyphen');
  return problems;
}

/** A name that must be there and be a DNS label, and no other's. */
export function checkLabelName(
  name: string,
  field: string,
  seen: Set<string>,
  errors: Errors,
  duplicate: FieldError,
): void {
  if (name === '') errors.push(required(field));
  else if (labelProblems(name).length > 0) checkNames(labelProblems(name), name, field, errors);
  else if (seen.has(name)) errors.push(duplicate);
  seen.add(name);
}

export function checkOneOf(
  value: Json | undefined,
  values: readonly string[],
  field: string,
  errors: Errors,
): void {
  if (typeof value === 'string' && !values.includes(value)) errors.push(unsupported(field, value, values));
}

const operators: readonly string[] = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

export function checkSelector(selector: JsonObject, field: string, errors: Errors): void {
  checkLabels(asObject(selector.matchLabels), `${field}.matchLabels`, errors);
  for (const [index, item] of (Array.isArray(selector.matchExpressions)
    ? selector.matchExpressions
    : []
  ).entries()) {
    const {key, operator, values} = asObject(item);
    const at = `${field}.matchExpressions[${index}]`;
    const count = Array.isArray(values) ? values.length : 0;
    if ((operator === 'In' || operator === 'NotIn') && count === 0)
      errors.push(required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
    if ((operator === 'Exists' || operator === 'DoesNotExist') && count > 0)
      errors.push({
        field: `${at}.values`,
        reason: 'FieldValueForbidden',
        message: "Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
      });
    if (!operators.includes(String(operator)))
      errors.push(invalidValue(`${at}.operator`, operator ?? '', 'not a valid selector operator'));
    for (const problem of qualifiedNameProblems(String(key ?? '')))
      errors.push(invalidValue(`${at}.key`, key ?? '', problem));
    for (const [place, value] of (Array.isArray(values) ? values : []).entries())
      for (const problem of labelValueProblems(String(value)))
        errors.push(invalidValue(`${at}.values[${place}]`, value, problem));
  }
}

/** Whether a selector can be evaluated; if not, what was said of its parts is all there is to say. */
export const isSelector = (selector: JsonObject): boolean => {
  const errors: Errors = [];
  checkSelector(selector, '', errors);
  return errors.length === 0;
};
