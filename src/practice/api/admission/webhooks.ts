import {asArray, asObject, asString, equal, type Json, type JsonObject} from '../../../engine/json.ts';
import {ApiError} from '../api-error.ts';
import type {Context} from '../context.ts';
import {decode} from '../decode.ts';
import {applyDefaults} from '../defaults/defaults.ts';
import {type Draft, ensure, text} from '../draft.ts';
import type {ResourceInfo} from '../resources.ts';
import {setReplicas} from '../scale-object.ts';
import type {ApiServer} from '../server.ts';
import type {Subject} from './policies.ts';
import type {Reinvocation} from './reinvocation.ts';
import {questionFor, type Verdict} from './webhook-call.ts';
import {type Matched, matched, webhooksOf} from './webhook-match.ts';
import {webhookPatch} from './webhook-patch.ts';

const internal = (message: string): ApiError =>
  new ApiError(500, 'InternalError', `Internal error occurred: ${message}`, {
    causes: [{reason: '', message, field: ''}],
  });

/**
 * Asks the validating webhooks, all at once.
 * @throws {ApiError} of the first that refuses, or that can't be asked and must not fail.
 * @throws {Unanswered}
 */
export function askValidating(server: ApiServer, subject: Subject, context: Context): void {
  const {asks} = context;
  if (!asks) return;
  const found: Matched[] = [];
  for (const one of webhooksOf(server, 'validating')) {
    const info = matched(server, one.webhook, subject, context);
    if (info) found.push({...one, info});
  }
  if (found.length === 0) return;
  const questions = found.map((one) => questionFor(server, 'validating', one, subject, context, 0));
  const verdicts = asks.answersTo(questions) as readonly Verdict[];
  let problem: ApiError | undefined;
  for (const [index, verdict] of verdicts.entries()) {
    const {webhook} = found[index]!;
    tell(webhook, verdict, context);
    if (verdict.is === 'failed' && webhook.failurePolicy === 'Ignore')
      context.annotate?.(
        `failed-open.validating.webhook.admission.k8s.io/round_0_index_${index}`,
        asString(webhook.name),
      );
    problem ??= problemOf(webhook, verdict);
  }
  if (problem) throw problem;
}

/** What the answer adds to the answer of the write, and to the audit log. */
function tell(webhook: JsonObject, verdict: Verdict, context: Context): void {
  if (verdict.is === 'failed') return;
  for (const [key, value] of Object.entries(asObject(verdict.response.auditAnnotations)))
    context.annotate?.(`${asString(webhook.name)}/${key}`, asString(value));
  for (const warning of asArray(verdict.response.warnings)) context.warn(asString(warning));
}

function problemOf(webhook: JsonObject, verdict: Verdict): ApiError | undefined {
  if (verdict.is === 'refused') return verdict.error;
  if (verdict.is === 'allowed' || webhook.failurePolicy === 'Ignore') return undefined;
  return internal(`failed calling webhook ${JSON.stringify(asString(webhook.name))}: ${verdict.why}`);
}

/** One pass of a draft by the mutating webhooks, in order; it is changed in place. @throws {ApiError} @throws {Unanswered} */
export function callMutatingWebhooks(
  server: ApiServer,
  subjectOf: () => Subject,
  draft: Draft | null,
  context: Context,
  round: 0 | 1,
  reinvocation: Reinvocation,
): void {
  const {asks} = context;
  if (!asks) return;
  reinvocation.begin(round, draft);
  for (const one of webhooksOf(server, 'mutating')) {
    const subject = subjectOf();
    const info = matched(server, one.webhook, subject, context);
    if (!info || !reinvocation.isDue(one.id, round)) continue;
    const found = {...one, info};
    const question = questionFor(server, 'mutating', found, subject, context, round);
    const [verdict] = asks.answersTo([question]) as readonly [Verdict];
    reinvocation.answered(one.id, one.webhook, take(found, verdict, subject, draft, context, round));
  }
  reinvocation.end(draft);
}

/** Does what a webhook answered. Returns whether that changed the draft. @throws {ApiError} */
function take(
  {webhook, configuration, index, info}: Matched,
  verdict: Verdict,
  subject: Subject,
  draft: Draft | null,
  context: Context,
  round: number,
): boolean {
  tell(webhook, verdict, context);
  const place = `round_${round}_index_${index}`;
  const mutated = (value: boolean): void =>
    context.annotate?.(
      `mutation.webhook.admission.k8s.io/${place}`,
      JSON.stringify({configuration, webhook: asString(webhook.name), mutated: value}),
    );
  let changed = false;
  try {
    const problem = problemOf(webhook, verdict);
    if (problem) throw problem;
    if (verdict.is === 'allowed' && verdict.patch !== undefined)
      changed = patched(webhook, verdict.patch, info, subject, draft);
  } finally {
    mutated(changed);
  }
  if (verdict.is === 'allowed' && verdict.patch !== undefined && !isEmpty(verdict.patch))
    context.annotate?.(
      `patch.webhook.admission.k8s.io/${place}`,
      JSON.stringify({
        configuration,
        webhook: asString(webhook.name),
        patch: operationsOf(verdict.patch),
        patchType: 'JSONPatch',
      }),
      true,
    );
  if (verdict.is === 'failed')
    context.annotate?.(`failed-open.mutation.webhook.admission.k8s.io/${place}`, asString(webhook.name));
  return changed;
}

/** Applies a webhook's patch to a draft. Returns whether that changed it. @throws {ApiError} 500 */
function patched(
  webhook: JsonObject,
  patch: string,
  info: ResourceInfo,
  subject: Subject,
  draft: Draft | null,
): boolean {
  const operations = operationsOf(patch);
  if (operations.length === 0) return false;
  if (!draft || subject.object === null)
    throw internal(
      `admission webhook ${JSON.stringify(asString(webhook.name))} attempted to modify the object, which is not supported for this operation`,
    );
  // Where a pod goes is what its Binding says.
  if (subject.sub === 'binding') return false;
  if (subject.sub === 'scale') return rescaled(subject, draft, operations);
  const before = info.view ? info.view.fromStored(subject.object) : subject.object;
  let after: Draft;
  try {
    after = decode(info.type, webhookPatch(before, operations), []);
  } catch (error) {
    throw internal((error as Error).message);
  }
  const stored = info.view ? info.view.toStored(after) : after;
  const own = subject.info;
  if (equal(decode(own.type, subject.object, []) as Json, stored as Json)) return false;
  const {uid, creationTimestamp, name, generation, resourceVersion} = ensure(draft, 'metadata');
  for (const key of Object.keys(draft)) delete draft[key];
  Object.assign(draft, {kind: own.kind, apiVersion: own.apiVersion}, stored, {
    kind: own.kind,
    apiVersion: own.apiVersion,
  });
  const metadata = ensure(draft, 'metadata');
  if (!text(metadata, 'name') && name !== undefined) metadata.name = name;
  for (const [key, value] of Object.entries({uid, creationTimestamp, generation, resourceVersion}))
    if (value !== undefined) metadata[key] = value;
  applyDefaults(own, draft);
  return true;
}

/** A patch of a scale changes the replicas of its workload. */
function rescaled({info, object}: Subject, draft: Draft, operations: readonly Json[]): boolean {
  const before = asObject(object ?? {});
  let after: JsonObject;
  try {
    after = webhookPatch(before, operations) as JsonObject;
  } catch (error) {
    throw internal((error as Error).message);
  }
  const replicas = (scale: JsonObject): number => Number(asObject(scale.spec).replicas ?? 0);
  if (replicas(before) === replicas(after)) return false;
  setReplicas(info, draft, replicas(after));
  return true;
}

const isEmpty = (patch: string): boolean => operationsOf(patch).length === 0;

function operationsOf(patch: string): readonly Json[] {
  let parsed: Json;
  try {
    parsed = JSON.parse(patch) as Json;
  } catch (error) {
    throw internal((error as Error).message);
  }
  if (!Array.isArray(parsed))
    throw internal('json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  return parsed as readonly Json[];
}
