import {asArray, asObject, asString, type JsonObject} from '../../../engine/json.ts';
import {invalidValue, required, unsupported} from '../api-error.ts';
import type {Cel} from '../cel/environment.ts';
import {CompileError} from '../cel/values.ts';
import type {Errors} from './rules.ts';

const patchTypes: Readonly<Record<string, string>> = {
  ApplyConfiguration: 'applyConfiguration',
  JSONPatch: 'jsonPatch',
};

/** A MutatingAdmissionPolicy: its expressions are compiled where the language is loaded. */
export function validateMutationPolicy(object: JsonObject, cel: Cel | undefined, errors: Errors): void {
  const spec = asObject(object.spec);
  const check = (expression: string, field: string, absent: string, compile: (cel: Cel) => string): void => {
    if (expression.trim() === '') {
      errors.push(required(field, absent));
      return;
    }
    if (!cel) return;
    try {
      const problem = compile(cel);
      if (problem) errors.push(invalidValue(field, expression, problem));
    } catch (error) {
      if (!(error instanceof CompileError)) throw error;
      errors.push(invalidValue(field, expression, error.message));
    }
  };
  const compile = (expression: string, field: string, wanted = ''): void =>
    check(expression, field, 'expression is not specified', (language) => {
      const {type} = language.compile(expression, 'policy');
      return wanted && type !== wanted && type !== 'dyn' ? `must evaluate to ${wanted}` : '';
    });
  const compileMutation = (expression: string, field: string, isList: boolean): void =>
    check(expression, field, '', (language) => {
      const {type, hasLiterals} = language.compileMutation(expression);
      const fits = isList ? type === 'dyn' || type.startsWith('list') : type === 'dyn';
      const given = type.replace('<T>', '<dyn>').replaceAll('<', '(').replaceAll('>', ')');
      return fits && hasLiterals
        ? ''
        : `must evaluate to ${isList ? 'list(JSONPatch)' : 'Object'} but got ${given}`;
    });
  const items = (key: string): readonly JsonObject[] => asArray(spec[key]).map(asObject);
  for (const [index, variable] of items('variables').entries())
    compile(asString(variable.expression), `spec.variables[${index}].expression`);
  for (const [index, condition] of items('matchConditions').entries())
    compile(asString(condition.expression), `spec.matchConditions[${index}].expression`, 'bool');
  if (spec.matchConstraints === undefined) errors.push(required('spec.matchConstraints'));
  else if (asArray(asObject(spec.matchConstraints).resourceRules).length === 0)
    errors.push(required('spec.matchConstraints.resourceRules'));
  if (items('mutations').length === 0)
    errors.push(required('spec.mutations', 'mutations must contain at least one item'));
  for (const [index, mutation] of items('mutations').entries()) {
    const field = `spec.mutations[${index}]`;
    const patchType = asString(mutation.patchType);
    const key = patchTypes[patchType];
    if (patchType === '') errors.push(required(`${field}.patchType`));
    else if (key === undefined)
      errors.push(unsupported(`${field}.patchType`, patchType, Object.keys(patchTypes)));
    else if (mutation[key] === undefined)
      errors.push(required(`${field}.${key}`, `must be specified when patchType is ${patchType}`));
    else
      compileMutation(
        asString(asObject(mutation[key]).expression),
        `${field}.${key}.expression`,
        key === 'jsonPatch',
      );
    for (const other of key === undefined ? [] : Object.values(patchTypes))
      if (other !== key && mutation[other] !== undefined)
        errors.push(
          invalidValue(
            `${field}.${other}`,
            `{${other}}`,
            `must not be specified when patchType is ${patchType}`,
          ),
        );
  }
  const policies = ['IfNeeded', 'Never'];
  if (!policies.includes(asString(spec.reinvocationPolicy)))
    errors.push(unsupported('spec.reinvocationPolicy', asString(spec.reinvocationPolicy), policies));
}

export function validateMutationBinding(object: JsonObject, errors: Errors): void {
  const spec = asObject(object.spec);
  if (!asString(spec.policyName)) errors.push(required('spec.policyName'));
  if (spec.paramRef !== undefined && asObject(spec.paramRef).parameterNotFoundAction === undefined)
    errors.push(required('spec.paramRef.parameterNotFoundAction'));
}
