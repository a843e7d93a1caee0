import type {JsonObject} from '../../../engine/json.ts';
import {asObject, asString} from '../../../engine/json.ts';
import {whenAnswered} from '../admission/asks.ts';
import {needsLanguage} from '../admission/policies.ts';
import {
  ApiError,
  badRequest,
  forbidden,
  methodNotAllowed,
  notFound,
  notImplemented,
  pathNotFound,
} from '../api-error.ts';
import {authorise} from '../authz.ts';
import type {ContainerAccess} from '../containers.ts';
import type {Context, User} from '../context.ts';
import {copy, type Draft} from '../draft.ts';
import type {Stored} from '../machine.ts';
import {type MetricsProvider, metricsList} from '../metrics.ts';
import type {ResourceInfo} from '../resources.ts';
import type {ApiServer} from '../server.ts';
import type {TokenSigner} from '../service-account-token.ts';
import {withView} from '../views.ts';
import {type Body, mediaType, parseBody, readBody} from './body.ts';
import {type Call, contextOf} from './call.ts';
import {decodeBody} from './decode-body.ts';
import {remove, removeCollection} from './delete.ts';
import type {Pages} from './list.ts';
import {selection, selects} from './list.ts';
import {negotiate} from './negotiate.ts';
import {patchChange, patchType} from './patch.ts';
import {presentList, presentObject} from './present.ts';
import {renewed} from './renewed.ts';
import {respond, respondText, setWarnings} from './respond.ts';
import {isReview, review} from './reviews.ts';
import {handleSubresource} from './subresources.ts';
import type {Watches} from './watch.ts';

/** What the handlers share. */
export type Services = {
  readonly server: ApiServer;
  readonly pages: Pages;
  readonly watches: Watches;
  /** Resolves when all that was written would survive a crash. */
  readonly durable: () => Promise<void>;
  /** Where node files are. */
  readonly directory: string;
  readonly tokens: TokenSigner;
  /** Whom a token belongs to; undefined for what is no token of this cluster. */
  readonly authenticateToken: (token: string) => Promise<User | undefined>;
  /** The audience that tokens have unless another is asked for. */
  readonly audience: string;
  readonly metrics?: MetricsProvider;
  /** Logs and commands of containers; loaded when they are first asked for. */
  readonly containers: () => Promise<ContainerAccess>;
};

/** Objects that pass to a client are written down first. */
export type Answer = {readonly code: number; readonly object: JsonObject; readonly info?: ResourceInfo};

const deprecations: Readonly<Record<string, string>> = {
  endpoints: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  componentstatuses: 'v1 ComponentStatus is deprecated in v1.19+',
};

const reads = new Set(['get', 'list', 'watch']);

/** @throws {ApiError} */
export async function handleResource(call: Call, services: Services): Promise<void> {
  const {info: request, query, response} = call;
  const {server} = services;
  const served = server.registry.at(request.group, request.version, request.resource);
  const info = served && withView(server.registry, served);
  if (!info && !server.registry.serves(request.group, request.version)) {
    respondText(response, 404, '404 page not found\n');
    return;
  }
  if (!info) throw pathNotFound();
  if (request.namespace && !info.namespaced && info.id !== 'namespaces') throw pathNotFound();
  if (!reads.has(request.verb) && needsLanguage(server, info)) await server.loadCel();
  if (request.subresource) {
    await handleSubresource(call, services, info);
    return;
  }
  if (!info.verbs.includes(request.verb)) throw methodNotAllowed();
  const deprecation = deprecations[info.id];
  if (deprecation) {
    call.warnings.push(deprecation);
    setWarnings(response, call.warnings);
  }
  if (!request.name && (request.verb === 'update' || request.verb === 'patch')) throw methodNotAllowed();
  const format = negotiate(
    call.request.headers.accept,
    true,
    request.verb === 'list' || request.verb === 'watch',
  );
  if (info.namespaced && !request.namespace && !['list', 'watch'].includes(request.verb))
    throw pathNotFound();
  const namespace = info.namespaced ? request.namespace : '';
  if (services.metrics && info.group === 'metrics.k8s.io') {
    await serveMetrics(call, services, services.metrics, info, namespace);
    return;
  }
  switch (request.verb) {
    case 'get': {
      checkWanted(query);
      await respond(
        response,
        200,
        presentObject(info, renewed(server, info, server.read(info, namespace, request.name)), format, query),
        format.media,
      );
      return;
    }
    case 'list': {
      const page = services.pages.list(server, info, namespace, query);
      await respond(
        response,
        200,
        presentList(
          info,
          page.items.map((item) => renewed(server, info, item)),
          page.metadata,
          format,
          query,
        ),
        format.media,
      );
      return;
    }
    case 'watch':
      await services.watches.serve(call, info, format);
      return;
    default: {
      const answer = await write(call, services, info, namespace);
      await services.durable();
      const shown = answer.info
        ? presentObject(answer.info, answer.object, format, query)
        : JSON.stringify(answer.object);
      await finish(call, answer.code, shown, format.media);
    }
  }
}

/** @throws {ApiError} 500, as the real server does not foresee it. */
function checkWanted(query: URLSearchParams): void {
  const revision = query.get('resourceVersion') ?? '';
  if (!/^\d*$/.test(revision))
    throw new ApiError(
      500,
      '',
      `resourceVersion: Invalid value: ${JSON.stringify(revision)}: strconv.ParseUint: parsing ${JSON.stringify(revision)}: invalid syntax`,
    );
}

/** Metrics are made when they are asked for, and stored nowhere. */
async function serveMetrics(
  call: Call,
  {server}: Services,
  metrics: MetricsProvider,
  info: ResourceInfo,
  namespace: string,
): Promise<void> {
  const {query, response, info: request} = call;
  const format = negotiate(call.request.headers.accept);
  const all = metricsList(metrics, info.plural, namespace) as readonly Stored[];
  if (request.verb === 'get') {
    const found = all.find(({metadata}) => metadata.name === request.name);
    if (!found) throw notFound(info, request.name);
    await respond(response, 200, presentObject(info, found, format, query), format.media);
    return;
  }
  const chosen = selection(info, query);
  const metadata = {resourceVersion: String(server.store.revision)};
  const items = all.filter((object) => selects(chosen, object));
  await respond(response, 200, presentList(info, items, metadata, format, query), format.media);
}

/** Sends the answer with the warnings that came up. */
export async function finish(
  call: Call,
  code: number,
  body: string,
  media: 'json' | 'yaml' = 'json',
): Promise<void> {
  setWarnings(call.response, call.warnings);
  await respond(call.response, code, body, media);
}

async function write(call: Call, services: Services, info: ResourceInfo, namespace: string): Promise<Answer> {
  const {verb, name} = call.info;
  switch (verb) {
    case 'create':
      return create(call, services, info, namespace);
    case 'update':
      return replaceOrCreate(call, services, info, namespace);
    case 'patch':
      return patch(call, services, info, namespace, '');
    case 'delete':
      return remove(call, services, info, namespace, name);
    case 'deletecollection':
      return removeCollection(call, services, info, namespace);
    default:
      throw methodNotAllowed();
  }
}

const protobuf = 'application/vnd.kubernetes.protobuf';

/** @throws {ApiError} 415 */
function checkMedia(call: Call): void {
  if (!['application/json', 'application/yaml', protobuf].includes(mediaType(call.request)))
    throw new ApiError(
      415,
      'UnsupportedMediaType',
      `the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, ${protobuf}`,
    );
}

/** The request's body as JSON, whatever it was sent as. @throws {ApiError} 400, 415 */
export async function bodyOf(
  call: Call,
  info: ResourceInfo,
  services: Services,
  kind = info.kind,
): Promise<Body> {
  checkMedia(call);
  const media = mediaType(call.request);
  const bytes = await readBody(call.request);
  const {schema} = services.server.registry;
  const isKind = (version: string, name: string): boolean => schema.kind(version, name) !== undefined;
  if (media === protobuf) {
    const {decodeEnvelope} = await import('../protobuf.ts');
    return {value: decodeEnvelope(bytes, schema), duplicates: [], isKind};
  }
  return {...(await parseBody(bytes, media, kind)), isKind};
}

async function create(
  call: Call,
  services: Services,
  info: ResourceInfo,
  namespace: string,
): Promise<Answer> {
  if (call.info.name) throw methodNotAllowed();
  if (isReview(info)) return review(call, services, info);
  checkMedia(call);
  const context = contextOf(call);
  if (info.plural === 'horizontalpodautoscalers' && context.manager === 'kubectl-autoscale') {
    const sentence =
      'The practice cluster has no autoscaler that would act on this: set the replicas with kubectl scale.';
    // kubectl replaces the error by one of its own, and prints warnings.
    context.warn(sentence);
    throw notImplemented(sentence);
  }
  const body = await bodyOf(call, info, services);
  const draft = decodeBody(call, body, info);
  const {view} = info;
  const stored = view ? view.toStored(draft) : draft;
  const object = await whenAnswered(context, (asking) =>
    services.server.createObject(view?.stored ?? info, namespace, copy(stored), asking),
  );
  return {code: 201, object, info};
}

/** Kinds that a replacement makes where there is none. */
const createdByUpdate = new Set([
  'events',
  'leases.coordination.k8s.io',
  'limitranges',
  'runtimeclasses.node.k8s.io',
  'services',
]);

async function replaceOrCreate(
  call: Call,
  services: Services,
  info: ResourceInfo,
  namespace: string,
): Promise<Answer> {
  const {server} = services;
  const makes = createdByUpdate.has(info.id) || info.group === 'rbac.authorization.k8s.io';
  if (!makes || server.get(info.id, namespace, call.info.name))
    return {code: 200, object: await replace(call, services, info, namespace, ''), info};
  const denial = authorise(server, call.user, {...call.info, verb: 'create'});
  if (denial !== undefined) throw forbidden(info, call.info.name, denial);
  const {draft, context} = await replacement(call, services, info);
  const object = await whenAnswered(context, (asking) =>
    server.createObject(info, namespace, copy(draft), asking),
  );
  return {code: 201, object, info};
}

async function replacement(
  call: Call,
  services: Services,
  info: ResourceInfo,
): Promise<{readonly draft: Draft; readonly context: Context}> {
  const context = contextOf(call);
  const body = await bodyOf(call, info, services);
  const draft = decodeBody(call, body, info);
  const name = asString(asObject(draft.metadata).name);
  if (!name)
    throw badRequest(
      `the name of the object (${call.info.name} based on URL) was undeterminable: name must be provided`,
    );
  if (name !== call.info.name)
    throw badRequest(
      `the name of the object (${name}) does not match the name on the URL (${call.info.name})`,
    );
  return {draft, context};
}

export async function replace(
  call: Call,
  services: Services,
  info: ResourceInfo,
  namespace: string,
  sub: string,
): Promise<Stored> {
  const {draft, context} = await replacement(call, services, info);
  const {view} = info;
  const change = (): Draft => copy(view ? view.toStored(draft) : draft);
  return whenAnswered(context, (asking) =>
    services.server.updateObject(view?.stored ?? info, namespace, call.info.name, sub, change, asking),
  );
}

export async function patch(
  call: Call,
  services: Services,
  info: ResourceInfo,
  namespace: string,
  sub: string,
): Promise<Answer> {
  const kind = patchType(mediaType(call.request));
  const context = contextOf(call, kind === 'apply');
  const bytes = await readBody(call.request);
  const {view} = info;
  if (kind === 'apply') {
    if (view)
      throw notImplemented(
        `The practice cluster applies ${info.plural} on the server in ${view.stored.apiVersion} only: write that version.`,
      );
    const {apply} = await import('./apply.ts');
    return apply(call, services, info, namespace, sub, bytes);
  }
  const text = bytes.toString('utf8');
  const change = patchChange(call, kind, text, info, info.type);
  const viewed = (current: Stored): Draft =>
    view ? view.toStored(change(view.fromStored(current) as Stored)) : change(current);
  const stored = view?.stored ?? info;
  const object = await whenAnswered(context, (asking) =>
    services.server.updateObject(stored, namespace, call.info.name, sub, viewed, asking),
  );
  return {code: 200, object, info};
}
