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
import {ApiError, forbidden} from '../api-error.ts';
import type {Cel} from '../cel/environment.ts';
import {jsonValue} from '../cel/values.ts';
import type {Context} from '../context.ts';
import {decode} from '../decode.ts';
import {applyDefaults} from '../defaults/defaults.ts';
import {copy, type Draft, ensure} from '../draft.ts';
import {step} from '../field-set.ts';
import {mergeApplied} from '../patch/apply.ts';
import {typedProblems} from '../patch/typed.ts';
import type {Field, Shape} from '../schema.ts';
import type {ApiServer} from '../server.ts';
import {mutationsId, paramsOf, type Subject, type Task} from './policies.ts';
import {valuesOf} from './policy-evaluation.ts';
import {type Attributes, matches} from './policy-match.ts';
import type {Reinvocation} from './reinvocation.ts';
import {webhookPatch} from './webhook-patch.ts';

const group = 'admissionregistration.k8s.io';
const bindingsId = `mutatingadmissionpolicybindings.${group}`;

/** One pass of the MutatingAdmissionPolicies over a draft, which is changed in place. @throws {ApiError} 403 */
export function applyMutationPolicies(
  server: ApiServer,
  cel: Cel,
  subjectOf: () => Subject,
  draft: Draft,
  context: Context,
  round: 0 | 1,
  reinvocation: Reinvocation,
): void {
  const subject = subjectOf();
  if (subject.info.group === group) return;
  reinvocation.begin(round, draft);
  const failures: string[] = [];
  for (const invocation of invocations(server, cel, subjectOf, context, failures)) {
    const {key, policy, task, params} = invocation;
    if (!reinvocation.isDue(key, round)) continue;
    const before = copy(draft as JsonObject);
    const problem = applyAll({...task, subject: subjectOf()}, params, subjectOf, draft);
    if (problem !== undefined && policy.failurePolicy !== 'Ignore')
      failures.push(`${invocation.label} denied request: ${problem}`);
    reinvocation.answered(key, policy, !equal(before as JsonObject, draft as JsonObject));
  }
  reinvocation.end(draft);
  if (failures.length > 0) throw refusal(subject, failures);
}

function refusal({info, name}: Subject, failures: readonly string[]): ApiError {
  const {details} = forbidden(info, name, '');
  const causes = failures.map((message) => ({reason: '', message, field: ''}));
  return new ApiError(403, 'Invalid', failures[0] ?? '', {...details, causes});
}

type Invocation = {
  readonly key: string;
  readonly label: string;
  readonly policy: JsonObject;
  readonly task: Task;
  readonly params: Json;
};

/** The policies that are bound to a write, with each of their parameters. */
function* invocations(
  server: ApiServer,
  cel: Cel,
  subjectOf: () => Subject,
  context: Context,
  failures: string[],
): Iterable<Invocation> {
  const byName = (a: {metadata: {name?: string}}, b: {metadata: {name?: string}}): number =>
    (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1;
  const subject = subjectOf();
  const namespaceObject = subject.namespace ? server.get('namespaces', '', subject.namespace) : undefined;
  const attributes: Attributes = {...subject, namespaceLabels: asObject(namespaceObject?.metadata.labels)};
  for (const {metadata, spec} of [...server.list(mutationsId)].sort(byName)) {
    const policy = asObject(spec);
    const policyName = metadata.name ?? '';
    if (!matches(server, asObject(policy.matchConstraints), attributes)) continue;
    for (const found of [...server.list(bindingsId)].sort(byName)) {
      const binding = asObject(found.spec);
      if (binding.policyName !== policyName) continue;
      const {matchResources, paramRef} = binding;
      if (matchResources !== undefined && !matches(server, asObject(matchResources), attributes)) continue;
      const label = `policy '${policyName}' with binding '${found.metadata.name ?? ''}'`;
      const task = {server, cel, policyName, policy, binding, subject, context, namespaceObject};
      const params =
        policy.paramKind === undefined || paramRef === undefined
          ? [null]
          : paramsOf(task, asObject(policy.paramKind), asObject(paramRef));
      if (typeof params === 'string') {
        if (policy.failurePolicy !== 'Ignore')
          failures.push(`${label} denied request: failed to configure binding: ${params}`);
        continue;
      }
      for (const [index, one] of params.entries())
        yield {key: `${label} ${index}`, label, policy, task, params: one};
    }
  }
}

/** Applies the mutations of a policy in order. Returns why one could not be. */
function applyAll(task: Task, params: Json, subjectOf: () => Subject, draft: Draft): string | undefined {
  const {cel, policy} = task;
  const values = valuesOf(task, params);
  let fault: string | undefined;
  for (const condition of asArray(policy.matchConditions).map(asObject)) {
    const expression = asString(condition.expression);
    try {
      if (cel.compile(expression, 'policy').run(values) !== true) return undefined;
    } catch (error) {
      fault ??= `expression '${expression}' resulted in error: ${(error as Error).message}`;
    }
  }
  if (fault !== undefined) return fault;
  for (const mutation of asArray(policy.mutations).map(asObject)) {
    const problem = applyOne({...task, subject: subjectOf()}, params, mutation, draft);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function applyOne(task: Task, params: Json, mutation: JsonObject, draft: Draft): string | undefined {
  const {cel, subject} = task;
  const {info} = subject;
  const isPatch = mutation.patchType === 'JSONPatch';
  const {expression} = asObject(isPatch ? mutation.jsonPatch : mutation.applyConfiguration);
  const text = asString(expression);
  let result: Json;
  try {
    const program = cel.compileMutation(text);
    result = jsonValue(program.run(valuesOf(task, params)));
    if (program.problem) return `type mismatch: ${program.problem}`;
  } catch (error) {
    return `expression '${text}' resulted in error: ${(error as Error).message}`;
  }
  const current = subject.object ?? {};
  try {
    const after = isPatch
      ? webhookPatch(current, asArray(result))
      : applied(info.type, current, asObject(result), info);
    const decoded = decode(info.type, after as JsonObject, []);
    replace(draft, decoded, info);
  } catch (error) {
    return isPatch ? `JSON Patch: ${(error as Error).message}` : (error as Error).message;
  }
  applyDefaults(info, draft);
  return undefined;
}

function applied(
  type: Subject['info']['type'],
  current: JsonObject,
  wanted: JsonObject,
  {apiVersion, kind}: Subject['info'],
): JsonObject {
  const named = {apiVersion, kind, ...wanted};
  const problems = typedProblems(type, named);
  if (problems.length > 0)
    throw new Error(
      `error applying patch: failed to convert patch object to typed object: ${problems.length === 1 ? problems[0] : `errors:\n${problems.map((one) => `  ${one}`).join('\n')}`}`,
    );
  const atomic = atomicPaths(named, {is: 'struct', type: () => type}, undefined, '');
  if (atomic.length > 0)
    throw new Error(
      `error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: ${atomic.join(', ')}`,
    );
  return mergeApplied(type, current, named);
}

/** Where a patch gives a value to what can only be replaced as a whole. */
function atomicPaths(value: Json, shape: Shape, field: Field | undefined, path: string): readonly string[] {
  if (isArray(value)) {
    if (shape.is !== 'list' || !['map', 'set'].includes(field?.listType ?? '')) return [path];
    return value.flatMap((item, index) => atomicPaths(item, shape.of, undefined, `${path}[${index}]`));
  }
  if (!isObject(value)) return [];
  if (field?.atomic || (shape.is === 'struct' && shape.type().atomic)) return [path];
  return Object.entries(value).flatMap(([key, item]) => {
    const {innerShape, innerField} = step(undefined, `f:${key}`, shape, field);
    return atomicPaths(item, innerShape, innerField, `${path}.${key}`);
  });
}

/** A changed object takes the place of the draft, which keeps what its maker was not shown. */
function replace(draft: Draft, decoded: Draft, {kind, apiVersion}: Subject['info']): void {
  const before = ensure(draft, 'metadata');
  for (const key of Object.keys(draft)) delete draft[key];
  Object.assign(draft, {kind, apiVersion}, decoded, {kind, apiVersion});
  const metadata = ensure(draft, 'metadata');
  for (const key of ['name', 'uid', 'creationTimestamp', 'generation', 'resourceVersion'])
    if (before[key] !== undefined && (key !== 'name' || !metadata.name)) metadata[key] = before[key]!;
}
