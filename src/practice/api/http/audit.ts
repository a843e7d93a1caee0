import {randomUUID} from 'node:crypto';
import type {IncomingMessage, ServerResponse} from 'node:http';
import {asObject, isArray, isObject, type Json, type JsonObject} from '../../../engine/json.ts';
import {appendAuditLine} from '../audit-file.ts';
import {type AuditDecision, decideAudit} from '../audit-policy.ts';
import type {User} from '../context.ts';
import {decodeEnvelope} from '../protobuf.ts';
import type {Schema} from '../schema.ts';
import type {AuditSettings} from '../settings.ts';
import {bodyRead, mediaType} from './body.ts';
import type {RequestInfo} from './request-info.ts';

/** What is recorded of one request while it is answered. */
export type AuditRecord = {
  impersonated(user: User): void;
  /** @param denial Why it is refused; undefined when it is allowed, for the reason given. */
  decided(denial: string | undefined, reason: string): void;
  failed(status: JsonObject): void;
};

type Stage = 'RequestReceived' | 'ResponseStarted' | 'ResponseComplete';

const longRunning = (info: RequestInfo): boolean =>
  info.verb === 'watch' || ['exec', 'attach', 'portforward', 'proxy', 'log'].includes(info.subresource);

/** Begins to record a request as the policy wants it; undefined where the policy wants nothing. */
export function beginAudit(
  settings: AuditSettings,
  schema: Schema,
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
    ...(info.isResource ? {objectRef: reference(info)} : {}),
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
      ...rest,
      ...more,
      requestReceivedTimestamp: received,
      stageTimestamp: now(),
      ...(Object.keys(annotations).length > 0 ? {annotations} : {}),
    };
    appendAuditLine(settings, JSON.stringify(line));
  };
  write('RequestReceived', {});
  const answer = decision.level === 'RequestResponse' ? listen(response) : () => undefined;
  const isLong = longRunning(info);
  const status = (): JsonObject => ({
    responseStatus: failure ?? {metadata: {}, code: response.statusCode},
  });
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
    write('ResponseComplete', {...status(), ...objects(decision, schema, request, answer)});
  });
  return {
    impersonated(user) {
      impersonated = userInfo(user);
    },
    decided(denial, reason) {
      annotations['authorization.k8s.io/decision'] = denial === undefined ? 'allow' : 'forbid';
      annotations['authorization.k8s.io/reason'] = reason;
    },
    failed(object) {
      const {kind: _, apiVersion: __, ...shown} = object;
      failure = shown;
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

const reference = (info: RequestInfo): JsonObject => ({
  resource: info.resource,
  ...(info.namespace ? {namespace: info.namespace} : {}),
  ...(info.name ? {name: info.name} : {}),
  ...(info.group ? {apiGroup: info.group} : {}),
  apiVersion: info.version,
  ...(info.subresource ? {subresource: info.subresource} : {}),
});

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
  schema: Schema,
  request: IncomingMessage,
  answer: () => Json | undefined,
): JsonObject {
  if (level === 'Metadata') return {};
  const body = bodyRead(request);
  const sent = body && body.length > 0 ? requestObject(body, mediaType(request), schema) : undefined;
  const got = answer();
  const shown = (value: Json): Json => (omitManagedFields ? withoutManagedFields(value) : value);
  return {
    ...(sent === undefined ? {} : {requestObject: shown(sent)}),
    ...(got === undefined ? {} : {responseObject: shown(got)}),
  };
}

function requestObject(body: Buffer, type: string, schema: Schema): Json | undefined {
  if (type !== 'application/vnd.kubernetes.protobuf') return parsed(body.toString('utf8'));
  try {
    return decodeEnvelope(body, schema);
  } catch {
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
