import {isIP} from 'node:net';
import {asArray, asObject, asString, type JsonObject} from '../../../engine/json.ts';
import {ApiError, forbidden} from '../api-error.ts';
import type {Context} from '../context.ts';
import type {ApiServer} from '../server.ts';
import type {Subject} from './policies.ts';
import {valuesOf} from './policy-evaluation.ts';
import {type Attributes, matches} from './policy-match.ts';

const group = 'admissionregistration.k8s.io';
const configurations = {
  mutating: `mutatingwebhookconfigurations.${group}`,
  validating: `validatingwebhookconfigurations.${group}`,
} as const;

/**
 * What the webhooks of a request answer: no program runs here that would, so each that matches is as one whose server
 * is down. `failurePolicy: Ignore` lets the request pass.
 * @throws {ApiError} 500 of the first that must not fail, 403 when its conditions can't be evaluated.
 */
export function callWebhooks(
  server: ApiServer,
  kind: keyof typeof configurations,
  subject: Subject,
  context: Context,
): void {
  // Those who guard the door can't be locked out by it.
  if (subject.info.group === group) return;
  const found = server.list(configurations[kind]);
  if (found.length === 0) return;
  const namespace = subject.namespace ? server.get('namespaces', '', subject.namespace) : undefined;
  const attributes: Attributes = {...subject, namespaceLabels: asObject(namespace?.metadata.labels)};
  for (const configuration of found)
    for (const webhook of asArray(configuration.webhooks).map(asObject)) {
      const constraints = {...webhook, resourceRules: webhook.rules ?? []};
      if (asArray(webhook.rules).length === 0 || !matches(server, constraints, attributes)) continue;
      const ignores = webhook.failurePolicy === 'Ignore';
      const applies = conditionsHold(server, webhook, subject, context);
      if (applies === false || ignores) continue;
      if (typeof applies === 'string') throw forbidden(subject.info, subject.name, applies);
      const message = `failed calling webhook ${JSON.stringify(asString(webhook.name))}: failed to call webhook: ${failureOf(server, webhook)}`;
      throw new ApiError(500, 'InternalError', `Internal error occurred: ${message}`, {
        causes: [{reason: '', message, field: ''}],
      });
    }
}

/** Whether all conditions hold, or why that can't be said. */
function conditionsHold(
  server: ApiServer,
  webhook: JsonObject,
  subject: Subject,
  context: Context,
): boolean | string {
  const conditions = asArray(webhook.matchConditions).map(asObject);
  if (conditions.length === 0 || !server.cel) return true;
  const values = valuesOf(
    {
      server,
      cel: server.cel,
      policyName: '',
      policy: {},
      binding: {},
      subject,
      context,
      namespaceObject: undefined,
    },
    null,
  );
  let fault = '';
  for (const condition of conditions) {
    const expression = asString(condition.expression);
    try {
      if (server.cel.compile(expression, 'policy').run(values) !== true) return false;
    } catch (error) {
      fault ||= `expression '${expression}' resulted in error: ${(error as Error).message}`;
    }
  }
  return fault || true;
}

/** How the call of a webhook fails, as Go's client tells it. */
function failureOf(server: ApiServer, webhook: JsonObject): string {
  const {service, url} = asObject(webhook.clientConfig);
  const timeout = `timeout=${Number(webhook.timeoutSeconds ?? 10)}s`;
  if (typeof url === 'string') {
    const {hostname, port} = new URL(url);
    const target = `${url}${url.includes('?') ? '&' : '?'}${timeout}`;
    const why = isIP(hostname)
      ? `dial tcp ${hostname}:${port || 443}: connect: connection refused`
      : `dial tcp: lookup ${hostname}: no such host`;
    return `Post ${JSON.stringify(target)}: ${why}`;
  }
  const {name, namespace, path, port} = asObject(service);
  const [own, at] = [asString(name), asString(namespace)];
  const found = server.get('services', at, own);
  const number = Number(port ?? 443);
  const target = `https://${own}.${at}.svc:${number}${asString(path) || '/'}?${timeout}`;
  const address = asString(asObject(found?.spec).clusterIP);
  const why = found
    ? `dial tcp ${address}:${number}: connect: connection refused`
    : `service ${JSON.stringify(own)} not found`;
  return `Post ${JSON.stringify(target)}: ${why}`;
}

/** Kinds whose writes wait for the language, as long as some webhook has conditions. */
export const hasConditions = (server: ApiServer): boolean =>
  Object.values(configurations).some((id) =>
    server
      .list(id)
      .some(({webhooks}) =>
        asArray(webhooks).some((one) => asArray(asObject(one).matchConditions).length > 0),
      ),
  );
