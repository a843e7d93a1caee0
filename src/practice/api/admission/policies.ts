import {asArray, asObject, asString, type Json, type JsonObject} from '../../../engine/json.ts';
import {ApiError, forbidden} from '../api-error.ts';
import type {Cel} from '../cel/environment.ts';
import type {Context} from '../context.ts';
import {child, type Draft} from '../draft.ts';
import type {Stored} from '../machine.ts';
import type {ResourceInfo} from '../resources.ts';
import {scaleOf} from '../scale-object.ts';
import {matchesLabels, selectorOf} from '../selectors.ts';
import type {ApiServer} from '../server.ts';
import {evaluation, type Failure} from './policy-evaluation.ts';
import {type Attributes, matches, type Operation} from './policy-match.ts';
import {hasConditions} from './webhook-match.ts';

const group = 'admissionregistration.k8s.io';
export const policiesId = `validatingadmissionpolicies.${group}`;
export const mutationsId = `mutatingadmissionpolicies.${group}`;
const bindingsId = `validatingadmissionpolicybindings.${group}`;

/** Kinds that no policy applies to, so that a wrong one can be taken away. */
const exempt = new Set([policiesId, bindingsId, mutationsId, `mutatingadmissionpolicybindings.${group}`]);

const codes: Readonly<Record<string, number>> = {
  Unauthorized: 401,
  Forbidden: 403,
  RequestEntityTooLarge: 413,
};

export type Subject = {
  readonly info: ResourceInfo;
  readonly operation: Operation;
  readonly sub: string;
  readonly object: JsonObject | null;
  readonly old: JsonObject | null;
  readonly name: string;
  readonly namespace: string;
};

type Denial = {readonly policy: string; readonly binding: string; readonly failure: Failure};

/** Refuses or warns as the ValidatingAdmissionPolicies that are bound say. @throws {ApiError} */
export function checkPolicies(server: ApiServer, cel: Cel, subject: Subject, context: Context): void {
  const policies = server.list(policiesId);
  if (policies.length === 0 || exempt.has(subject.info.id)) return;
  const namespaceObject = subject.namespace ? server.get('namespaces', '', subject.namespace) : undefined;
  const attributes: Attributes = {...subject, namespaceLabels: asObject(namespaceObject?.metadata.labels)};
  const denied: Denial[] = [];
  const audited: (Denial & {readonly actions: readonly string[]})[] = [];
  for (const policy of policies) {
    const spec = asObject(policy.spec);
    if (!matches(server, asObject(spec.matchConstraints), attributes)) continue;
    for (const binding of server.list(bindingsId)) {
      const bound = asObject(binding.spec);
      const resources = bound.matchResources;
      if (bound.policyName !== policy.metadata.name) continue;
      if (resources !== undefined && !matches(server, asObject(resources), attributes)) continue;
      const failures = failuresOf({
        server,
        cel,
        policyName: policy.metadata.name ?? '',
        policy: spec,
        binding: bound,
        subject,
        context,
        namespaceObject,
      });
      const actions = asArray(bound.validationActions).map(asString);
      for (const failure of failures) {
        const denial = {policy: policy.metadata.name ?? '', binding: binding.metadata.name ?? '', failure};
        if (actions.includes('Deny') || failure.isConfiguration) denied.push(denial);
        if (actions.includes('Audit') && !failure.isConfiguration) audited.push({...denial, actions});
        if (actions.includes('Warn') && !failure.isConfiguration)
          context.warn(
            `Validation failed for ValidatingAdmissionPolicy '${denial.policy}' with binding '${denial.binding}': ${failure.message}`,
          );
      }
    }
  }
  if (audited.length > 0) context.annotate?.(auditKey, auditValue(audited));
  const [first] = denied;
  if (first) throw refusal(subject, first);
}

const auditKey = 'validation.policy.admission.k8s.io/validation_failure';

/** As the annotation of the audit log has it. */
const auditValue = (failures: readonly (Denial & {readonly actions: readonly string[]})[]): string =>
  JSON.stringify(
    failures.map(({policy, binding, failure, actions}) => ({
      message: failure.message,
      policy,
      binding,
      expressionIndex: failure.index ?? 0,
      validationActions: actions,
    })),
  );

function refusal({info, name}: Subject, {policy, binding, failure}: Denial): ApiError {
  const message = `ValidatingAdmissionPolicy '${policy}' with binding '${binding}' denied request: ${failure.message}`;
  const error = forbidden(info, name, message);
  const reason = failure.reason || 'Invalid';
  return new ApiError(codes[reason] ?? 422, reason, error.message, {
    ...error.details,
    causes: [{reason: '', message, field: ''}],
  });
}

export type Task = {
  readonly server: ApiServer;
  readonly cel: Cel;
  readonly policyName: string;
  readonly policy: JsonObject;
  readonly binding: JsonObject;
  readonly subject: Subject;
  readonly context: Context;
  readonly namespaceObject: Stored | undefined;
};

function failuresOf(task: Task): readonly Failure[] {
  const {policy, binding} = task;
  const ignores = policy.failurePolicy === 'Ignore';
  const reference = binding.paramRef;
  if (policy.paramKind === undefined || reference === undefined) return evaluation(task, null);
  const found = paramsOf(task, asObject(policy.paramKind), asObject(reference));
  if (typeof found === 'string')
    return ignores
      ? []
      : [{message: `failed to configure binding: ${found}`, reason: '', isConfiguration: true}];
  return found.flatMap((one) => evaluation(task, one));
}

/** The parameters of a binding, or why there are none. */
export function paramsOf(
  {server, subject}: Task,
  kind: JsonObject,
  reference: JsonObject,
): readonly Json[] | string {
  const info = server.registry.byKind(asString(kind.apiVersion), asString(kind.kind));
  if (!info)
    return `failed to find resource referenced by paramKind: '${asString(kind.apiVersion)}, Kind=${asString(kind.kind)}'`;
  const namespace = info.namespaced ? asString(reference.namespace) || subject.namespace : '';
  const name = asString(reference.name);
  const found = name
    ? [server.get(info.id, namespace, name)].filter((one) => one !== undefined)
    : server
        .list(info.id, namespace)
        .filter((one) =>
          matchesLabels(selectorOf(asObject(reference.selector)), asObject(one.metadata.labels)),
        );
  if (found.length > 0) return found;
  return reference.parameterNotFoundAction === 'Deny'
    ? 'no params found for policy binding with `Deny` parameterNotFoundAction'
    : [];
}

/** Whether anything asks the language about writes of every kind. */
export const hasExpressions = (server: ApiServer): boolean =>
  server.store.count(policiesId) > 0 || server.store.count(mutationsId) > 0 || hasConditions(server);

/** Whether a write has to wait for the language to be loaded. */
export const needsLanguage = (server: ApiServer, info: ResourceInfo): boolean =>
  info.group === group || info.custom?.hasRules === true || hasExpressions(server);

export const subjectOf = (
  info: ResourceInfo,
  draft: Draft | null,
  old: JsonObject | undefined,
  sub: string,
): Subject => {
  const metadata = child((draft ?? old) as Draft, 'metadata');
  const isBinding = sub === 'binding';
  // Some subresources have an object of their own.
  const shown = <T extends JsonObject | null>(object: T): JsonObject | T =>
    sub === 'scale' && object ? scaleOf(info, object) : object;
  return {
    info,
    operation: draft === null ? 'DELETE' : old === undefined || isBinding ? 'CREATE' : 'UPDATE',
    sub,
    object: isBinding && draft ? bindingOf(draft) : shown(draft),
    old: isBinding ? null : shown(old ?? null),
    name: draft !== null && old === undefined && isMadeUp(metadata) ? '' : asString(metadata?.name),
    namespace: info.id === 'namespaces' ? asString(metadata?.name) : asString(metadata?.namespace),
  };
};

/** What a pod is bound by. */
function bindingOf(pod: Draft): JsonObject {
  const {name = '', namespace = ''} = asObject(pod.metadata as Json);
  const target = {kind: 'Node', name: asString(asObject(pod.spec as Json).nodeName)};
  return {kind: 'Binding', apiVersion: 'v1', metadata: {name, namespace}, target};
}

/** Whether the server has made up the name: who is asked about the object does not know it yet. */
function isMadeUp(metadata: Draft | undefined): boolean {
  const base = asString(metadata?.generateName as Json);
  const name = asString(metadata?.name as Json);
  return base !== '' && name.startsWith(base) && name.length === base.length + 5;
}
