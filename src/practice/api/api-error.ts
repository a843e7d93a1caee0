import type {Json, JsonObject} from '../../engine/json.ts';

export type Cause = {readonly reason: string; readonly message: string; readonly field: string};

export type StatusDetails = {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly Cause[];
  readonly retryAfterSeconds?: number;
};

/** A refusal as the API server words it: a Kubernetes Status. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: number;
  readonly reason: string;
  readonly details: StatusDetails | undefined;

  constructor(
    code: number,
    reason: string,
    message: string,
    details?: StatusDetails,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  status(): JsonObject {
    const details: Record<string, Json> = {};
    for (const [key, value] of Object.entries(this.details ?? {})) {
      if (value === undefined || value === '') continue;
      details[key] = Array.isArray(value)
        ? value.map((cause: Cause) => ({
            ...(cause.reason ? {reason: cause.reason} : {}),
            message: cause.message,
            ...(cause.field ? {field: cause.field} : {}),
          }))
        : value;
    }
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      ...(this.reason ? {reason: this.reason} : {}),
      ...(this.details ? {details} : {}),
      code: this.code,
    };
  }
}

/** What errors name: a resource with its group, `deployments.apps`. */
export type Named = {readonly plural: string; readonly group: string; readonly kind: string};

export const qualified = (of: {plural: string; group: string}): string =>
  of.group ? `${of.plural}.${of.group}` : of.plural;

export const notFound = (of: Named, name: string): ApiError =>
  new ApiError(404, 'NotFound', `${qualified(of)} ${JSON.stringify(name)} not found`, {
    name,
    group: of.group,
    kind: of.plural,
  });

export function alreadyExists(of: Named, name: string, isGoing = false): ApiError {
  const text = `${qualified(of)} ${JSON.stringify(name)} already exists`;
  const details = {name, group: of.group, kind: of.plural};
  return new ApiError(409, 'AlreadyExists', isGoing ? `object is being deleted: ${text}` : text, details);
}

export const conflict = (of: Named, name: string, why: string): ApiError =>
  new ApiError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(of)} ${JSON.stringify(name)}: ${why}`,
    {name, group: of.group, kind: of.plural},
  );

export const modified = (of: Named, name: string): ApiError =>
  conflict(
    of,
    name,
    'the object has been modified; please apply your changes to the latest version and try again',
  );

export const badRequest = (message: string, cause?: unknown): ApiError =>
  new ApiError(400, 'BadRequest', message, undefined, cause === undefined ? undefined : {cause});

export const forbidden = (of: Named, name: string, why: string): ApiError =>
  new ApiError(
    403,
    'Forbidden',
    `${qualified(of)}${name ? ` ${JSON.stringify(name)}` : ''} is forbidden: ${why}`,
    {
      name,
      group: of.group,
      kind: of.plural,
    },
  );

export const methodNotAllowed = (): ApiError =>
  new ApiError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  );

export const pathNotFound = (): ApiError =>
  new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});

export const unauthorized = (): ApiError => new ApiError(401, 'Unauthorized', 'Unauthorized');

export const gone = (message: string): ApiError => new ApiError(410, 'Expired', message);

/** What a real server has and the practice cluster has not. `sentence` says what, and what to do instead. */
export const notImplemented = (sentence: string): ApiError => new ApiError(501, 'NotImplemented', sentence);

/** A field that validation refuses, worded as the server does. */
export type FieldError = {readonly field: string; readonly reason: string; readonly message: string};

/** Text in quotes, as Go writes it. */
const goQuoted = (text: string): string =>
  JSON.stringify(text)
    .replaceAll('\\u0007', '\\a')
    .replaceAll('\\u000b', '\\v')
    .replaceAll(/\\u00([01][0-9a-f]|7f)/g, '\\x$1');

const show = (value: Json | undefined): string =>
  value === undefined ? 'null' : typeof value === 'string' ? goQuoted(value) : JSON.stringify(value);

export const invalidValue = (field: string, value: Json | undefined, detail: string): FieldError => ({
  field,
  reason: 'FieldValueInvalid',
  message: `Invalid value: ${show(value)}${detail ? `: ${detail}` : ''}`,
});
export const required = (field: string, detail = ''): FieldError => ({
  field,
  reason: 'FieldValueRequired',
  message: `Required value${detail ? `: ${detail}` : ''}`,
});
export const forbiddenField = (field: string, detail: string): FieldError => ({
  field,
  reason: 'FieldValueForbidden',
  message: `Forbidden: ${detail}`,
});
export const duplicate = (field: string, value: Json): FieldError => ({
  field,
  reason: 'FieldValueDuplicate',
  message: `Duplicate value: ${show(value)}`,
});
export const notFoundValue = (field: string, value: Json): FieldError => ({
  field,
  reason: 'FieldValueNotFound',
  message: `Not found: ${show(value)}`,
});
export const unsupported = (field: string, value: Json, values: readonly string[]): FieldError => ({
  field,
  reason: 'FieldValueNotSupported',
  message: `Unsupported value: ${show(value)}: supported values: ${values.map((item) => JSON.stringify(item)).join(', ')}`,
});
export const tooLong = (field: string, most: number): FieldError => ({
  field,
  reason: 'FieldValueTooLong',
  message: `Too long: may not be more than ${most} bytes`,
});

/** 422 with one cause for each field. */
export function invalid(of: Named, name: string, errors: readonly FieldError[]): ApiError {
  // The same complaint twice is told once, though both causes stay.
  const lines = [...new Set(errors.map((error) => `${error.field}: ${error.message}`))];
  const detail = lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`;
  return new ApiError(422, 'Invalid', `${qualifiedKind(of)} ${JSON.stringify(name)} is invalid: ${detail}`, {
    name,
    group: of.group,
    kind: of.kind,
    causes: errors.map(({reason, message, field}) => ({reason, message, field})),
  });
}

const qualifiedKind = (of: Named): string => (of.group ? `${of.kind}.${of.group}` : of.kind);
