import {randomUUID} from 'node:crypto';
import type {IncomingMessage, ServerResponse} from 'node:http';
import {asObject, asString, isArray, isObject, type Json, type JsonObject} from '../../../engine/json.ts';
import {appendAuditLine} from '../audit-file.ts';
import {type AuditDecision, decideAudit} from '../audit-policy.ts';
import type {User} from '../context.ts';
import {decode} from '../decode.ts';
import {applyDefaults} from '../defaults/defaults.ts';
import {decodeEnvelope} from '../protobuf.ts';
import type {ApiServer} from '../server.ts';
import type {AuditSettings} from '../settings.ts';
import {bodyRead, mediaType} from './body.ts';
import type {RequestInfo} from './request-info.ts';

/** What is recorded of one request while it is answered. */
export type AuditRecord = {
  impersonated(user: User): void;
  /** What the authorisers say of it. */
  decided(isAllowed: boolean, reason: string): void;
  failed(status: JsonObject): void;
  /** @param isDetail Only for requests of which more than the metadata is recorded. */
  annotate(key: string, value: string, isDetail?: boolean): void;
};

type Stage = 'RequestReceived' | 'ResponseStarted' | 'ResponseComplete';

const longRunning = (info: RequestInfo): boolean =>
  info.verb === 'watch' || ['exec', 'attach', 'portforward', 'proxy', 'log'].includes(info.subresource);

/** Begins to record a request as the policy wants it; undefined where the policy wants nothing. */
export function beginAudit(
  settings: AuditSettings,
  server: ApiServer,
  request: IncomingMessage,
  response: ServerResponse,
  user: User | undefined,
  info: RequestInfo,
): AuditRecord | undefined {
  const decision = decideAudit(settings.policy, user ?? {name: '', groups: []}, info);
  if (decision.level === 'None') return undefined;
  const event: Record<string, Json> = {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: decision.level,
    auditID: randomUUID(),
    stage: 'RequestReceived',
    requestURI: request.url ?? '',
    verb: info.verb,
    user: user ? userInfo(user) : {},
  };
  const received = now();
  const rest: Record<string, Json> = {
    sourceIPs: [request.socket.remoteAddress ?? '127.0.0.1'],
    userAgent: request.headers['user-agent'] ?? '',
  };
  const annotations: Record<string, Json> = {};
  let impersonated: JsonObject | undefined;
  let failure: JsonObject | undefined;
  const write = (stage: Stage, more: JsonObject): void => {
    if (decision.omitStages.includes(stage)) return;
    const line = {
      ...event,
      stage,
      ...(impersonated ? {impersonatedUser: impersonated} : {}),
      ...(impersonated && user?.groups.includes('system:masters')
        ? {authenticationMetadata: {impersonationConstraint: 'impersonate:user-info'}}
        : {}),
      ...rest,
      ...(info.isResource
        ? {objectRef: reference(info, stage === 'RequestReceived' ? undefined : sent())}
        : {}),
      ...more,
      requestReceivedTimestamp: received,
      stageTimestamp: now(),
      ...(Object.keys(annotations).length > 0 ? {annotations} : {}),
    };
    appendAuditLine(settings, JSON.stringify(line));
  };
  const isBodied = ['create', 'update', 'delete', 'deletecollection'].includes(info.verb);
  const sent = once(() => (isBodied ? requestObject(server, request) : patchOf(info, request)));
  write('RequestReceived', {});
  const isWhole = decision.level === 'RequestResponse';
  const answer = isWhole || info.verb === 'delete' ? listen(response) : () => undefined;
  const isLong = longRunning(info);
  const status = (): JsonObject => {
    const told = asObject(answer());
    const {kind, apiVersion: _, ...shown} = told;
    const success = kind === 'Status' ? {...shown, code: response.statusCode} : undefined;
    return {responseStatus: failure ?? success ?? {metadata: {}, code: response.statusCode}};
  };
  let isStarted = false;
  const start = (): void => {
    if (!isLong || isStarted || !response.headersSent || response.statusCode >= 400) return;
    isStarted = true;
    write('ResponseStarted', status());
  };
  const head = response.writeHead.bind(response) as (...args: readonly unknown[]) => ServerResponse;
  response.writeHead = (...args: readonly unknown[]) => {
    const written = head(...args);
    start();
    return written;
  };
  response.once('close', () => {
    write('ResponseComplete', {...status(), ...objects(decision, sent(), isWhole ? answer() : undefined)});
  });
  return {
    impersonated(user) {
      impersonated = userInfo(user);
    },
    decided(isAllowed, reason) {
      annotations['authorization.k8s.io/decision'] = isAllowed ? 'allow' : 'forbid';
      annotations['authorization.k8s.io/reason'] = reason;
    },
    failed(object) {
      const {kind: _, apiVersion: __, ...shown} = object;
      failure = shown;
    },
    annotate(key, value, isDetail = false) {
      if (!isDetail || decision.level !== 'Metadata') annotations[key] ??= value;
    },
  };
}

const now = (): string => new Date().toISOString().replace('Z', '000Z');

const userInfo = (user: User): JsonObject => ({
  username: user.name,
  ...(user.uid ? {uid: user.uid} : {}),
  groups: [...user.groups],
  ...(user.extra && Object.keys(user.extra).length > 0 ? {extra: user.extra} : {}),
});

/** What a request is about; of a new object the body has the name. */
function reference(info: RequestInfo, sent: Json | undefined): JsonObject {
  const {name, uid, resourceVersion} = asObject(asObject(sent).metadata);
  const own = info.name || asString(name);
  return {
    resource: info.resource,
    ...(info.namespace ? {namespace: info.namespace} : {}),
    ...(own ? {name: own} : {}),
    ...(uid ? {uid} : {}),
    ...(info.group ? {apiGroup: info.group} : {}),
    apiVersion: info.version,
    ...(resourceVersion ? {resourceVersion} : {}),
    ...(info.subresource ? {subresource: info.subresource} : {}),
  };
}

function once<T>(make: () => T): () => T {
  let made: {readonly value: T} | undefined;
  return () => {
    made ??= {value: make()};
    return made.value;
  };
}

/** What the answer's body will have been. */
function listen(response: ServerResponse): () => Json | undefined {
  let sent: unknown;
  const end = response.end.bind(response) as (...args: readonly unknown[]) => ServerResponse;
  response.end = (...args: readonly unknown[]) => {
    sent = args[0];
    return end(...args);
  };
  return () => (Buffer.isBuffer(sent) || typeof sent === 'string' ? parsed(sent.toString()) : undefined);
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function objects(
  {level, omitManagedFields}: AuditDecision,
  sent: Json | undefined,
  got: Json | undefined,
): JsonObject {
  if (level === 'Metadata') return {};
  const shown = (value: Json): Json => (omitManagedFields ? withoutManagedFields(value) : value);
  return {
    ...(sent === undefined ? {} : {requestObject: shown(sent)}),
    ...(got === undefined ? {} : {responseObject: shown(got)}),
  };
}

const patchOf = (info: RequestInfo, request: IncomingMessage): Json | undefined =>
  info.verb === 'patch' ? parsed(bodyRead(request)?.toString('utf8') ?? '') : undefined;

/** The object of the body as the server has read it: without what it does not know, with what it takes for granted. */
function requestObject(server: ApiServer, request: IncomingMessage): Json | undefined {
  const body = bodyRead(request);
  if (!body || body.length === 0) return undefined;
  try {
    const object =
      mediaType(request) === 'application/vnd.kubernetes.protobuf'
        ? decodeEnvelope(body, server.registry.schema)
        : parsed(body.toString('utf8'));
    const {apiVersion, kind} = asObject(object);
    const info = server.registry.byKind(asString(apiVersion), asString(kind));
    if (!info || !isObject(object)) return object;
    const draft = decode(info.type, object, []);
    applyDefaults(info, draft);
    return {kind: info.kind, apiVersion: info.apiVersion, ...draft};
  } catch {
    // What can't be read is refused, and the refusal is recorded.
    return undefined;
  }
}

function withoutManagedFields(value: Json): Json {
  if (!isObject(value)) return value;
  const {metadata, items, ...rest} = value;
  const {managedFields: _, ...kept} = asObject(metadata);
  return {
    ...rest,
    ...(metadata === undefined ? {} : {metadata: kept}),
    ...(isArray(items) ? {items: items.map(withoutManagedFields)} : {}),
  };
}
