import type {JsonObject} from '../../../engine/json.ts';
import {asObject, asString} from '../../../engine/json.ts';
import {needsLanguage} from '../admission/policies.ts';
import {
  type ApiError,
  badRequest,
  methodNotAllowed,
  notFound,
  notImplemented,
  pathNotFound,
} from '../api-error.ts';
import type {ContainerAccess} from '../containers.ts';
import type {User} from '../context.ts';
import {decode} from '../decode.ts';
import type {Draft} from '../draft.ts';
import type {Stored} from '../machine.ts';
import {type MetricsProvider, metricsList} from '../metrics.ts';
import type {ResourceInfo} from '../resources.ts';
import type {ApiServer, DeleteOptions} from '../server.ts';
import type {TokenSigner} from '../service-account-token.ts';
import {withView} from '../views.ts';
import {mediaType, parseBody, readBody} from './body.ts';
import {type Call, contextOf} from './call.ts';
import {decodeBody} from './decode-body.ts';
import type {Pages} from './list.ts';
import {selection, selects} from './list.ts';
import {negotiate} from './negotiate.ts';
import {patchChange, patchType, unsupportedMedia} from './patch.ts';
import {presentList, presentObject} from './present.ts';
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
  const format = negotiate(call.request.headers.accept);
  if (info.namespaced && !request.namespace && !['list', 'watch'].includes(request.verb))
    throw pathNotFound();
  const namespace = info.namespaced ? request.namespace : '';
  if (services.metrics && info.group === 'metrics.k8s.io') {
    await serveMetrics(call, services, services.metrics, info, namespace);
    return;
  }
  switch (request.verb) {
    case 'get': {
      await respond(
        response,
        200,
        presentObject(info, server.read(info, namespace, request.name), format, query),
        format.media,
      );
      return;
    }
    case 'list': {
      const page = services.pages.list(server, info, namespace, query);
      await respond(response, 200, presentList(info, page.items, page.metadata, format, query), format.media);
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
      return {code: 200, object: await replace(call, services, info, namespace, ''), info};
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

/** The request's body as JSON, whatever it was sent as. @throws {ApiError} 400, 415 */
export async function bodyOf(call: Call, info: ResourceInfo, services: Services, kind = info.kind) {
  const media = mediaType(call.request);
  const bytes = await readBody(call.request);
  if (media === 'application/vnd.kubernetes.protobuf') {
    const {decodeEnvelope} = await import('../protobuf.ts');
    return {value: decodeEnvelope(bytes, services.server.registry.schema), duplicates: []};
  }
  if (media !== 'application/json' && media !== 'application/yaml') throw unsupportedMedia();
  return parseBody(
    bytes,
    media,
    `${kind} in version ${JSON.stringify(info.version)} cannot be handled as a ${kind}: `,
  );
}

async function create(
  call: Call,
  services: Services,
  info: ResourceInfo,
  namespace: string,
): Promise<Answer> {
  if (call.info.name) throw methodNotAllowed();
  if (isReview(info)) return review(call, services, info);
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
  const object = services.server.createObject(
    view?.stored ?? info,
    namespace,
    view ? view.toStored(draft) : draft,
    context,
  );
  return {code: 201, object, info};
}

export async function replace(
  call: Call,
  services: Services,
  info: ResourceInfo,
  namespace: string,
  sub: string,
): Promise<Stored> {
  const context = contextOf(call);
  const body = await bodyOf(call, info, services);
  const draft = decodeBody(call, body, info);
  const name = asString(asObject(draft.metadata).name);
  if (!name && sub === '')
    throw badRequest(
      `the name of the object (${call.info.name} based on URL) was undeterminable: name must be provided`,
    );
  const {view} = info;
  const change = (): Draft => (view ? view.toStored(draft) : draft);
  return services.server.updateObject(view?.stored ?? info, namespace, call.info.name, sub, change, context);
}

export async function patch(
  call: Call,
  services: Services,
  info: ResourceInfo,
  namespace: string,
  sub: string,
): Promise<Answer> {
  const kind = patchType(mediaType(call.request));
  const context = contextOf(call);
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
  const object = services.server.updateObject(stored, namespace, call.info.name, sub, viewed, context);
  return {code: 200, object, info};
}

async function deleteOptions(call: Call, services: Services): Promise<DeleteOptions> {
  const media = mediaType(call.request);
  const bytes = await readBody(call.request);
  const {schema} = services.server.registry;
  let body: JsonObject = {};
  if (bytes.length > 0) {
    if (media === 'application/vnd.kubernetes.protobuf') {
      const {decodeEnvelope} = await import('../protobuf.ts');
      body = decodeEnvelope(bytes, schema);
    } else body = (await parseBody(bytes, media, '')).value;
    body = decode(schema.type('meta/v1.DeleteOptions'), body, []);
  }
  const preconditions = asObject(body.preconditions);
  const dryRun = body.dryRun;
  if (Array.isArray(dryRun) && dryRun.length > 0) call.query.append('dryRun', String(dryRun[0]));
  const grace = body.gracePeriodSeconds ?? call.query.get('gracePeriodSeconds');
  const policy = asString(body.propagationPolicy) || call.query.get('propagationPolicy') || '';
  const orphan = body.orphanDependents === true || call.query.get('orphanDependents') === 'true';
  return {
    ...(preconditions.uid ? {uid: asString(preconditions.uid)} : {}),
    ...(preconditions.resourceVersion ? {resourceVersion: asString(preconditions.resourceVersion)} : {}),
    ...(policy || orphan ? {propagationPolicy: policy || 'Orphan'} : {}),
    ...(grace === null || grace === undefined ? {} : {gracePeriodSeconds: Number(grace)}),
  };
}

/** Kinds whose deletion answers with the object, as a real server does. */
const returnsObject = new Set([
  'pods',
  'services',
  'serviceaccounts',
  'namespaces',
  'persistentvolumes',
  'persistentvolumeclaims',
  'resourcequotas',
  'podtemplates',
  'replicationcontrollers',
]);

async function remove(
  call: Call,
  services: Services,
  info: ResourceInfo,
  namespace: string,
  name: string,
): Promise<Answer> {
  const options = await deleteOptions(call, services);
  const {object, gone} = services.server.deleteObject(info, namespace, name, options, contextOf(call));
  if (!gone || returnsObject.has(info.id)) return {code: 200, object, info};
  return {
    code: 200,
    object: {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: {
        name,
        ...(info.group ? {group: info.group} : {}),
        kind: info.plural,
        uid: asString(object.metadata.uid),
      },
    },
  };
}

async function removeCollection(
  call: Call,
  services: Services,
  info: ResourceInfo,
  namespace: string,
): Promise<Answer> {
  const options = await deleteOptions(call, services);
  const chosen = selection(info, call.query);
  const items = services.server.list(info.id, namespace).filter((object) => selects(chosen, object));
  const context = contextOf(call);
  for (const object of items) {
    const {name = ''} = object.metadata;
    try {
      services.server.deleteObject(info, object.metadata.namespace ?? '', name, options, context);
    } catch (error) {
      if ((error as ApiError).code !== 404) throw error;
    }
  }
  const list: JsonObject = {
    kind: info.custom?.listKind ?? `${info.kind}List`,
    apiVersion: info.apiVersion,
    metadata: {resourceVersion: String(services.server.store.revision)},
    items,
  };
  return {code: 200, object: list};
}
