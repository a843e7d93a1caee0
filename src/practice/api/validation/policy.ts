import {asArray, asObject, asString, type JsonObject} from '../../../engine/json.ts';
import {invalidValue, required, unsupported} from '../api-error.ts';
import type {Cel} from '../cel/environment.ts';
import {CompileError} from '../cel/values.ts';
import type {Errors} from './rules.ts';

/** A ValidatingAdmissionPolicy: its expressions are compiled where the language is loaded. */
export function validatePolicy(object: JsonObject, cel: Cel | undefined, errors: Errors): void {
  const spec = asObject(object.spec);
  const compile = (expression: string, field: string, types: readonly string[]): void => {
    if (expression.trim() === '') {
      errors.push(required(field, 'expression is not specified'));
      return;
    }
    if (!cel) return;
    try {
      const {type} = cel.compile(expression, 'policy');
      if (types.length > 0 && !types.includes(type))
        errors.push(
          invalidValue(field, expression, `must evaluate to ${types.join(' or ')} but got ${type}`),
        );
    } catch (error) {
      if (!(error instanceof CompileError)) throw error;
      errors.push(invalidValue(field, expression, error.message));
    }
  };
  const items = (key: string): readonly JsonObject[] => asArray(spec[key]).map(asObject);
  for (const [index, variable] of items('variables').entries())
    compile(asString(variable.expression), `spec.variables[${index}].expression`, []);
  for (const [index, condition] of items('matchConditions').entries())
    compile(asString(condition.expression), `spec.matchConditions[${index}].expression`, ['bool']);
  if (spec.matchConstraints === undefined) errors.push(required('spec.matchConstraints'));
  else if (asArray(asObject(spec.matchConstraints).resourceRules).length === 0)
    errors.push(required('spec.matchConstraints.resourceRules'));
  const none = 'validations or auditAnnotations must contain at least one item';
  if (items('validations').length === 0 && items('auditAnnotations').length === 0) {
    errors.push(required('spec.validations', none), required('spec.auditAnnotations', none));
    return;
  }
  for (const [index, validation] of items('validations').entries()) {
    const field = `spec.validations[${index}]`;
    compile(asString(validation.expression), `${field}.expression`, ['bool']);
    const message = asString(validation.messageExpression);
    if (message) compile(message, `${field}.messageExpression`, ['string']);
    const reasons = ['Forbidden', 'Invalid', 'RequestEntityTooLarge', 'Unauthorized'];
    if (validation.reason !== undefined && !reasons.includes(asString(validation.reason)))
      errors.push(unsupported(`${field}.reason`, asString(validation.reason), reasons));
  }
}

export function validatePolicyBinding(object: JsonObject, errors: Errors): void {
  const spec = asObject(object.spec);
  if (!asString(spec.policyName)) errors.push(required('spec.policyName'));
  const reference = spec.paramRef === undefined ? undefined : asObject(spec.paramRef);
  if (reference) {
    if (reference.parameterNotFoundAction === undefined)
      errors.push(required('spec.paramRef.parameterNotFoundAction'));
  }
  const actions = asArray(spec.validationActions).map(asString);
  if (actions.length === 0)
    errors.push(required('spec.validationActions', 'at least one validation action is required'));
  if (actions.includes('Deny') && actions.includes('Warn'))
    errors.push(
      invalidValue(
        'spec.validationActions',
        actions,
        'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)',
      ),
    );
}
