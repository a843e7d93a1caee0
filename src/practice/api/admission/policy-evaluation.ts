import {asArray, asObject, asString, type Json, type JsonObject} from '../../../engine/json.ts';
import {Authorizer} from '../cel/authorizer.ts';
import {celValue} from '../cel/values.ts';
import type {Task} from './policies.ts';

export type Failure = {
  readonly message: string;
  /** Of the validation: `Forbidden` and so on; empty for the usual one. */
  readonly reason: string;
  /** Which of the policy's validations. */
  readonly index?: number;
  /** The binding itself is at fault. */
  readonly isConfiguration?: boolean;
};

/** What of a policy's validations does not hold, with one parameter. */
export function evaluation(task: Task, params: Json): readonly Failure[] {
  const {policy, cel} = task;
  const ignores = policy.failurePolicy === 'Ignore';
  const values = valuesOf(task, params);
  const run = (expression: string): unknown => cel.compile(expression, 'policy').run(values);
  const broken = (message: string): readonly Failure[] => (ignores ? [] : [{message, reason: ''}]);
  let conditionFault = '';
  for (const condition of asArray(policy.matchConditions).map(asObject)) {
    try {
      if (run(asString(condition.expression)) !== true) return [];
    } catch (error) {
      conditionFault ||= `${asString(condition.name)}: ${(error as Error).message}`;
    }
  }
  if (conditionFault) return broken(`failed to evaluate match conditions: ${conditionFault}`);
  annotate(task, run);
  return asArray(policy.validations).flatMap((item, index): readonly Failure[] => {
    const validation = asObject(item);
    const expression = asString(validation.expression);
    try {
      if (run(expression) === true) return [];
    } catch (error) {
      return broken(`expression '${expression}' resulted in error: ${(error as Error).message}`);
    }
    return [{message: messageOf(validation, run), reason: asString(validation.reason), index}];
  });
}

/** What the policy wants in the audit log of every request that it looks at. */
function annotate({policyName, policy, context}: Task, run: (expression: string) => unknown): void {
  if (!context.annotate) return;
  for (const {key, valueExpression} of asArray(policy.auditAnnotations).map(asObject)) {
    try {
      const value = run(asString(valueExpression));
      if (typeof value === 'string') context.annotate(`${policyName}/${asString(key)}`, value);
    } catch {
      // What can't be told is left out: the request is judged by the validations.
    }
  }
}

function messageOf(validation: JsonObject, run: (expression: string) => unknown): string {
  const expression = asString(validation.messageExpression).trim();
  if (expression) {
    try {
      const text = run(expression);
      if (typeof text === 'string' && text.trim() !== '' && !text.trim().includes('\n')) return text.trim();
    } catch {
      // As if there were none.
    }
  }
  const message = asString(validation.message).trim();
  return message || `failed expression: ${asString(validation.expression).trim()}`;
}

/** What expressions may name. */
export function valuesOf({server, cel, policy, subject, context, namespaceObject}: Task, params: Json) {
  const {info, operation, sub, object, old, name, namespace} = subject;
  const {name: username, uid, groups, extra} = context.user;
  const kind = {group: info.group, version: info.version, kind: info.kind};
  const resource = {group: info.group, version: info.version, resource: info.plural};
  const request = {
    kind,
    resource,
    subResource: sub,
    requestKind: kind,
    requestResource: resource,
    requestSubResource: sub,
    name,
    namespace: info.namespaced || info.id === 'namespaces' ? namespace : '',
    operation,
    userInfo: {username, uid: uid ?? '', groups: [...groups], extra: extra ?? {}},
    dryRun: context.dryRun,
    options: {},
  };
  const variables: Record<string, unknown> = {};
  const values: Record<string, unknown> = {
    object: celValue(object),
    oldObject: celValue(old),
    request,
    params: celValue(params),
    namespaceObject: info.namespaced ? celValue(namespaceObject) : null,
    variables,
    authorizer: new Authorizer(server, context.user),
  };
  // Each is evaluated when it is first asked for, and not again.
  for (const variable of asArray(policy.variables).map(asObject)) {
    const key = asString(variable.name);
    Object.defineProperty(variables, key, {
      enumerable: true,
      configurable: true,
      get() {
        let value: unknown;
        try {
          value = cel.compile(asString(variable.expression), 'policy').run(values);
        } catch (error) {
          throw new Error(
            `composited variable ${JSON.stringify(key)} fails to evaluate: ${(error as Error).message}`,
            {
              cause: error,
            },
          );
        }
        Object.defineProperty(variables, key, {enumerable: true, value});
        return value;
      },
    });
  }
  return values;
}
