import {randomUUID} from 'node:crypto';
import {asArray, asObject, asString, isObject, type Json, type JsonObject} from '../../../engine/json.ts';
import {ApiError, type StatusDetails} from '../api-error.ts';
import type {Context} from '../context.ts';
import type {ApiServer} from '../server.ts';
import type {Question} from './asks.ts';
import {type Backend, post, type Reply} from './backend.ts';
import type {Subject} from './policies.ts';
import type {Matched, WebhookKind} from './webhook-match.ts';

/** What a webhook answered: it lets the write pass, with a patch or without; refuses it; or could not be asked. */
export type Verdict =
  | {readonly is: 'allowed'; readonly patch: string | undefined; readonly response: JsonObject}
  | {readonly is: 'refused'; readonly error: ApiError; readonly response: JsonObject}
  | {readonly is: 'failed'; readonly why: string};

const reviewVersion = 'admission.k8s.io/v1';

/** Asks a webhook about a write. @param round Which time the same webhook sees it. */
export function questionFor(
  server: ApiServer,
  kind: WebhookKind,
  {id, webhook, info}: Matched,
  subject: Subject,
  context: Context,
  round: number,
): Question {
  const revision = asString(asObject(subject.old?.metadata).resourceVersion);
  return {
    key: `${id} ${round} ${subject.operation} ${subject.namespace}/${subject.name} ${revision}`,
    ask: async (): Promise<Verdict> => {
      if (context.dryRun && !['None', 'NoneOnDryRun'].includes(asString(webhook.sideEffects)))
        return refusal(400, `admission webhook ${quoted(webhook)} does not support dry run`, 'BadRequest');
      const uid = randomUUID();
      const review = {
        kind: 'AdmissionReview',
        apiVersion: reviewVersion,
        request: requestOf(uid, subject, info, context),
      };
      const backend = backendOf(webhook);
      if (backend?.authorities !== undefined && !backend.authorities.includes('BEGIN CERTIFICATE'))
        return {is: 'failed', why: `could not get REST client: ${noCertificate}`};
      const reply: Reply = backend ? await post(backend, review) : {failure: unreachable(server, webhook)};
      if ('failure' in reply) return {is: 'failed', why: `failed to call webhook: ${reply.failure}`};
      return verdict(webhook, uid, reply.object, kind);
    },
  };
}

const noCertificate = 'unable to load root certificates: unable to parse bytes as PEM block';
const quoted = (webhook: JsonObject): string => JSON.stringify(asString(webhook.name));

/** Where a webhook with an address is; undefined for one behind a Service. */
function backendOf(webhook: JsonObject): Backend | undefined {
  const {url, caBundle} = asObject(webhook.clientConfig);
  if (typeof url !== 'string') return undefined;
  const seconds = Number(webhook.timeoutSeconds ?? 10);
  return {
    url: `${url}?timeout=${seconds}s`,
    ...(caBundle ? {authorities: Buffer.from(asString(caBundle), 'base64').toString('utf8')} : {}),
    agent: 'kube-apiserver-admission',
    milliseconds: seconds * 1000,
  };
}

/** How the call of a Service fails, as Go's client tells it: no pod of this cluster listens. */
function unreachable(server: ApiServer, webhook: JsonObject): string {
  const {service} = asObject(webhook.clientConfig);
  const {name, namespace, path, port} = asObject(service);
  const [own, at] = [asString(name), asString(namespace)];
  const found = server.get('services', at, own);
  const number = Number(port ?? 443);
  const timeout = `timeout=${Number(webhook.timeoutSeconds ?? 10)}s`;
  const target = `https://${own}.${at}.svc:${number}${asString(path) || '/'}?${timeout}`;
  const address = asString(asObject(found?.spec).clusterIP);
  const why = found
    ? `dial tcp ${address}:${number}: connect: connection refused`
    : `service ${JSON.stringify(own)} not found`;
  return `Post ${JSON.stringify(target)}: ${why}`;
}

/** Why a review of another version, or another object, is none, as Go's decoder says it. */
function conversionFault({apiVersion, kind}: JsonObject): string | undefined {
  const version = asString(apiVersion);
  if ((version === '' || version === reviewVersion) && (!kind || kind === 'AdmissionReview'))
    return undefined;
  if (version === 'admission.k8s.io/v1beta1' && kind === 'AdmissionReview')
    return 'converting (v1beta1.AdmissionReview) to (v1.AdmissionReview): unknown conversion';
  return `no kind ${JSON.stringify(asString(kind))} is registered for version ${JSON.stringify(version)} in scheme "pkg/runtime/scheme.go:111"`;
}

/** Kinds that subresources take and that are not that of the object itself. */
function kindOf(subject: Subject, info: Matched['info']): JsonObject {
  const {apiVersion, kind} = asObject(subject.object ?? subject.old);
  if (subject.sub === '' || kind === info.kind || typeof kind !== 'string')
    return {group: info.group, version: info.version, kind: info.kind};
  const [version = '', ofGroup = ''] = asString(apiVersion).split('/').reverse();
  return {group: ofGroup, version, kind};
}

function requestOf(uid: string, subject: Subject, info: Matched['info'], context: Context): JsonObject {
  const {operation, sub, name, namespace, object, old} = subject;
  const {name: username, uid: userUid, groups, extra} = context.user;
  const own = subject.info;
  const shown = (value: JsonObject | null): Json =>
    value === null ? null : info === own ? value : converted(value, info);
  return {
    uid,
    kind: kindOf(subject, info),
    resource: {group: info.group, version: info.version, resource: info.plural},
    ...(sub ? {subResource: sub} : {}),
    requestKind: kindOf(subject, own),
    requestResource: {group: own.group, version: own.version, resource: own.plural},
    ...(sub ? {requestSubResource: sub} : {}),
    ...(name ? {name} : {}),
    ...(namespace ? {namespace} : {}),
    operation,
    userInfo: {
      username,
      ...(userUid ? {uid: userUid} : {}),
      ...(groups.length > 0 ? {groups: [...groups]} : {}),
      ...(extra && Object.keys(extra).length > 0 ? {extra} : {}),
    },
    object: shown(object),
    oldObject: shown(old),
    dryRun: context.dryRun,
    options: operation === 'CONNECT' ? null : (context.options ?? null),
  };
}

/** An object in another version of its kind. */
function converted(object: JsonObject, info: Matched['info']): JsonObject {
  return info.view ? info.view.fromStored(object) : {...object, apiVersion: info.apiVersion};
}

function verdict(webhook: JsonObject, uid: string, review: JsonObject, kind: WebhookKind): Verdict {
  const invalid = (why: string): Verdict => ({
    is: 'failed',
    why: `received invalid webhook response: ${why}`,
  });
  const {response, apiVersion, kind: given} = review;
  const other = conversionFault(review);
  if (other !== undefined) return {is: 'failed', why: `failed to call webhook: ${other}`};
  if (!isObject(response)) return invalid('webhook response was absent');
  const got = asString(response.uid);
  if (got !== uid) return invalid(`expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(got)}`);
  if (apiVersion !== reviewVersion || given !== 'AdmissionReview')
    return invalid(
      `expected webhook response of ${reviewVersion}, Kind=AdmissionReview, got ${asString(apiVersion) || '/'}, Kind=${asString(given)}`,
    );
  const {patch, patchType} = response;
  const hasPatch = typeof patch === 'string' && patch !== '';
  const hasType = patchType !== undefined && patchType !== null;
  if (kind === 'validating') {
    if (hasPatch) return invalid('validating webhook may not return response.patch');
    if (hasType) return invalid('validating webhook may not return response.patchType');
  } else {
    if (hasPatch && !hasType) return invalid('webhook returned response.patch but not response.patchType');
    if (!hasPatch && hasType) return invalid('webhook returned response.patchType but not response.patch');
    if (hasType && patchType === '') return invalid('webhook returned invalid response.patchType of ""');
  }
  if (response.allowed !== true) return {...denial(webhook, asObject(response.status)), response};
  if (hasPatch && patchType !== 'JSONPatch' && !isEmptyPatch(patch))
    return {is: 'failed', why: `unsupported patch type ${JSON.stringify(patchType)}`};
  return {
    is: 'allowed',
    patch: hasPatch ? Buffer.from(patch, 'base64').toString('utf8') : undefined,
    response,
  };
}

const isEmptyPatch = (patch: string): boolean =>
  /^\s*\[\s*\]\s*$/.test(Buffer.from(patch, 'base64').toString('utf8'));

const refusal = (code: number, message: string, reason: string): Verdict => ({
  is: 'refused',
  error: new ApiError(code, reason, message),
  response: {},
});

/** What a webhook said against a write, with its name before it. */
function denial(webhook: JsonObject, status: JsonObject): {readonly is: 'refused'; readonly error: ApiError} {
  const by = `admission webhook ${quoted(webhook)} denied the request`;
  const why = asString(status.message) || asString(status.reason);
  const code = Number(status.code ?? 0);
  const details = status.details === undefined ? undefined : detailsOf(asObject(status.details));
  const message = why ? `${by}: ${why}` : `${by} without explanation`;
  return {
    is: 'refused',
    error: new ApiError(code < 400 ? 400 : code, asString(status.reason), message, details),
  };
}

function detailsOf(given: JsonObject): StatusDetails {
  const {name, group, kind, uid, causes, retryAfterSeconds} = given;
  return {
    name: asString(name),
    group: asString(group),
    kind: asString(kind),
    uid: asString(uid),
    ...(causes === undefined
      ? {}
      : {
          causes: asArray(causes)
            .map(asObject)
            .map((one) => ({
              reason: asString(one.reason),
              message: asString(one.message),
              field: asString(one.field),
            })),
        }),
    ...(typeof retryAfterSeconds === 'number' && retryAfterSeconds > 0 ? {retryAfterSeconds} : {}),
  };
}
