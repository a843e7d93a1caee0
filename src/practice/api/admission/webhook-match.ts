import {asArray, asObject, asString, type JsonObject} from '../../../engine/json.ts';
import {type ApiError, forbidden} from '../api-error.ts';
import type {Context} from '../context.ts';
import type {ResourceInfo} from '../resources.ts';
import type {ApiServer} from '../server.ts';
import {withView} from '../views.ts';
import type {Subject} from './policies.ts';
import {valuesOf} from './policy-evaluation.ts';
import {type Attributes, matches} from './policy-match.ts';

const group = 'admissionregistration.k8s.io';
const configurations = {
  mutating: `mutatingwebhookconfigurations.${group}`,
  validating: `validatingwebhookconfigurations.${group}`,
} as const;

export type WebhookKind = keyof typeof configurations;

/** A webhook that is to be asked about a write, and as what its rule knows the object. */
export type Matched = {
  /** Of this revision of its configuration. */
  readonly id: string;
  readonly configuration: string;
  readonly index: number;
  readonly webhook: JsonObject;
  readonly info: ResourceInfo;
};

/** Whether any configuration has webhooks. */
export const hasWebhooks = (server: ApiServer): boolean =>
  Object.values(configurations).some((id) => server.store.count(id) > 0);

/** Whether a write may have to wait for what others say. */
export const asksOthers = (server: ApiServer): boolean =>
  hasWebhooks(server) || server.settings.imagePolicy !== undefined;

/** The webhooks of a kind in the order in which they are asked. */
export function* webhooksOf(server: ApiServer, kind: WebhookKind): Iterable<Omit<Matched, 'info'>> {
  // Those who guard the door can't be locked out by it: their own kinds are asked about by nobody.
  const found = [...server.list(configurations[kind])].sort((a, b) =>
    (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1,
  );
  let index = 0;
  for (const {metadata, webhooks} of found)
    for (const webhook of asArray(webhooks).map(asObject)) {
      const configuration = metadata.name ?? '';
      const id = `${kind} ${configuration} ${asString(metadata.resourceVersion)} ${asString(webhook.name)}`;
      yield {id, configuration, index, webhook};
      index += 1;
    }
}

/** As what a webhook is asked about a write; undefined where it is not. @throws {ApiError} 403 */
export function matched(
  server: ApiServer,
  webhook: JsonObject,
  subject: Subject,
  context: Context,
): ResourceInfo | undefined {
  if (subject.info.group === group) return undefined;
  const rules = asArray(webhook.rules).map(asObject);
  const namespace = subject.namespace ? server.get('namespaces', '', subject.namespace) : undefined;
  const attributes: Attributes = {...subject, namespaceLabels: asObject(namespace?.metadata.labels)};
  const {objectSelector, namespaceSelector} = webhook;
  const selectors = {
    ...(objectSelector === undefined ? {} : {objectSelector}),
    ...(namespaceSelector === undefined ? {} : {namespaceSelector}),
  };
  const fits = (rule: JsonObject, matchPolicy: string): boolean =>
    matches(server, {...selectors, matchPolicy, resourceRules: [rule]}, attributes);
  let info: ResourceInfo | undefined;
  if (rules.some((rule) => fits(rule, 'Exact'))) info = subject.info;
  else if (webhook.matchPolicy !== 'Exact') {
    const rule = rules.find((one) => fits(one, 'Equivalent'));
    info = rule && equivalent(server, subject.info, asArray(rule.apiVersions).map(asString));
  }
  if (!info || !conditionsHold(server, webhook, subject, context)) return undefined;
  return info;
}

/** The same kind in a version that a rule names. */
function equivalent(
  server: ApiServer,
  info: ResourceInfo,
  versions: readonly string[],
): ResourceInfo | undefined {
  for (const version of versions) {
    const other = server.registry.at(info.group, version, info.plural);
    if (other) return withView(server.registry, other);
  }
  return undefined;
}

/** Whether all conditions hold. @throws {ApiError} 403 where that can't be said, and the webhook must not fail. */
function conditionsHold(server: ApiServer, webhook: JsonObject, subject: Subject, context: Context): boolean {
  const conditions = asArray(webhook.matchConditions).map(asObject);
  if (conditions.length === 0 || !server.cel) return true;
  const namespaceObject = undefined;
  const task = {
    server,
    cel: server.cel,
    policyName: '',
    policy: {},
    binding: {},
    subject,
    context,
    namespaceObject,
  };
  const values = valuesOf(task, null);
  let fault: ApiError | undefined;
  for (const condition of conditions) {
    const expression = asString(condition.expression);
    try {
      if (server.cel.compile(expression, 'policy').run(values) !== true) return false;
    } catch (error) {
      fault ??= forbidden(
        subject.info,
        subject.name,
        `expression '${expression}' resulted in error: ${(error as Error).message}`,
      );
    }
  }
  if (!fault) return true;
  if (webhook.failurePolicy === 'Ignore') return false;
  throw fault;
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
