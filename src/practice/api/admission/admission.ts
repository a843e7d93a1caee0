import {asObject, asString} from '../../../engine/json.ts';
import {ApiError, type Cause, forbidden, notFound} from '../api-error.ts';
import type {Context} from '../context.ts';
import {child, children, copyValue, type Draft, ensure, ensureList, text} from '../draft.ts';
import {checkEscalation} from '../escalation.ts';
import type {Stored} from '../machine.ts';
import type {ResourceInfo} from '../resources.ts';
import type {ApiServer} from '../server.ts';
import {checkLimits, defaultLimits} from './limit-ranger.ts';
import {applyMutationPolicies} from './mutation-policies.ts';
import {restrictNode} from './node-restriction.ts';
import {checkByPlugins, placeAgain, placePod, taintNew} from './plugins.ts';
import {checkNamespaceLabels, checkPodSecurity} from './pod-security.ts';
import {podWarnings} from './pod-warnings.ts';
import {checkPolicies, mutationsId, type Subject, subjectOf} from './policies.ts';
import {checkQuota} from './quota.ts';
import {Reinvocation} from './reinvocation.ts';
import {admitIngressClass, admitPriority, admitStorageClass, admitTolerations} from './scheduling.ts';
import {admitServiceAccount} from './service-account.ts';
import {serviceWarnings} from './service-warnings.ts';
import {hasWebhooks} from './webhook-match.ts';
import {askValidating, callMutatingWebhooks} from './webhooks.ts';

/** Namespaces that can't be deleted. */
const immortal = new Set(['default', 'kube-system', 'kube-public']);

/** Changes a new object as the admission plugins do. @throws {ApiError} 403 */
export function admitCreate(server: ApiServer, info: ResourceInfo, draft: Draft, context: Context): void {
  changeNew(server, info, draft, context);
  admitAny(server, info, text(child(draft, 'metadata'), 'name'));
}

function changeNew(server: ApiServer, info: ResourceInfo, draft: Draft, context: Context): void {
  const {plugins} = server.settings;
  if (plugins.has('NamespaceAutoProvision') && !context.dryRun) provideNamespace(server, info, draft);
  if (plugins.has('NamespaceLifecycle')) checkNamespace(server, info, draft);
  if (info.id === 'pods' && plugins.has('LimitRanger')) defaultLimits(server, draft);
  if (info.id === 'pods' && plugins.has('ServiceAccount')) admitServiceAccount(server, info, draft);
  if (plugins.has('NodeRestriction')) {
    const {name, namespace} = child(draft, 'metadata') ?? {};
    const place = {namespace: asString(namespace), name: asString(name)};
    restrictNode(server, {info, operation: 'CREATE', sub: '', ...place, object: draft}, context.user);
  }
  switch (info.id) {
    case 'pods':
      if (plugins.has('AlwaysPullImages')) alwaysPull(draft);
      if (plugins.has('Priority')) admitPriority(server, info, draft);
      if (plugins.has('DefaultTolerationSeconds')) admitTolerations(draft);
      placePod(server, info, draft);
      return;
    case 'nodes':
      if (plugins.has('TaintNodesByCondition')) taintNew(draft);
      return;
    case 'persistentvolumeclaims':
      if (plugins.has('DefaultStorageClass')) admitStorageClass(server, draft);
      if (plugins.has('StorageObjectInUseProtection')) protect(draft, 'kubernetes.io/pvc-protection');
      return;
    case 'persistentvolumes':
      if (plugins.has('StorageObjectInUseProtection')) protect(draft, 'kubernetes.io/pv-protection');
      return;
    case 'ingresses.networking.k8s.io':
      if (plugins.has('DefaultIngressClass')) admitIngressClass(server, draft);
      return;
    case 'certificatesigningrequests.certificates.k8s.io': {
      const {name, uid, groups, extra} = context.user;
      Object.assign(ensure(draft, 'spec'), {
        username: name,
        groups: [...groups],
        ...(uid ? {uid} : {}),
        ...(extra ? {extra: copyValue(extra)} : {}),
      });
      return;
    }
    default:
  }
}

const denied = (info: ResourceInfo, name: string): ApiError =>
  forbidden(info, name, 'admission control is denying all modifications');

/** What no other plugin looks at: tokens, reviews, exec. @throws {ApiError} 403 */
export function admitAny(server: ApiServer, info: ResourceInfo, name: string): void {
  if (server.settings.plugins.has('AlwaysDeny')) throw denied(info, name);
}

/** Every start of a container asks the registry, so that who may not pull an image can't use one that is there. */
function alwaysPull(pod: Draft): void {
  const spec = ensure(pod, 'spec');
  for (const key of ['initContainers', 'containers', 'ephemeralContainers'])
    for (const container of children(spec, key)) container.imagePullPolicy = 'Always';
}

function provideNamespace(server: ApiServer, info: ResourceInfo, draft: Draft): void {
  const name = text(child(draft, 'metadata'), 'namespace');
  if (!info.namespaced || server.get('namespaces', '', name)) return;
  server.create('namespaces', '', {metadata: {name}}, {user: 'system:apiserver'});
}

function protect(draft: Draft, finalizer: string): void {
  const list = ensureList(ensure(draft, 'metadata'), 'finalizers');
  if (!list.includes(finalizer)) list.push(finalizer);
}

function checkNamespace(server: ApiServer, info: ResourceInfo, draft: Draft): void {
  if (!info.namespaced) return;
  const metadata = child(draft, 'metadata');
  const namespace = text(metadata, 'namespace');
  const found = server.get('namespaces', '', namespace);
  if (!found) throw notFound({plural: 'namespaces', group: '', kind: 'Namespace'}, namespace);
  if (!found.metadata.deletionTimestamp || info.id === 'events' || info.id === 'events.events.k8s.io') return;
  const cause: Cause = {
    reason: 'NamespaceTerminating',
    message: `namespace ${namespace} is being terminated`,
    field: 'metadata.namespace',
  };
  const refused = forbidden(
    info,
    text(metadata, 'name'),
    `unable to create new content in namespace ${namespace} because it is being terminated`,
  );
  throw new ApiError(refused.code, refused.reason, refused.message, {...refused.details, causes: [cause]});
}

/** Looks at a change before the server has prepared it: as the client wants it. @throws {ApiError} 403 */
export function admitUpdate(
  server: ApiServer,
  info: ResourceInfo,
  draft: Draft,
  old: Stored,
  sub: string,
  context: Context,
): void {
  if (server.settings.plugins.has('NodeRestriction')) {
    const {namespace = '', name = ''} = old.metadata;
    restrictNode(server, {info, operation: 'UPDATE', sub, namespace, name, object: draft, old}, context.user);
  }
  if (info.id === 'pods' && sub === '') placeAgain(server, draft);
}

/**
 * Looks at a deletion.
 * @param name Empty where many are deleted: a real server tells its plugins no name then.
 * @throws {ApiError} 403, 404
 */
export function admitRemoval(
  server: ApiServer,
  info: ResourceInfo,
  old: Stored,
  name: string,
  context: Context,
): void {
  if (!server.settings.plugins.has('NodeRestriction')) return;
  const {namespace = ''} = old.metadata;
  restrictNode(server, {info, operation: 'DELETE', sub: '', namespace, name, old}, context.user);
}

/**
 * Lets the mutating webhooks at an object before it is validated; what they change is what the plugins see once more.
 * @param hidden Fields of the metadata that the server has filled in, and that come later on a real one.
 * @returns Whether it was changed.
 * @throws {ApiError} 403, 500, or what a webhook says.
 */
export function admitMutation(
  server: ApiServer,
  info: ResourceInfo,
  draft: Draft,
  old: Stored | undefined,
  sub: string,
  context: Context,
  hidden: readonly string[],
): boolean {
  const {plugins} = server.settings;
  const {cel} = server;
  const isAsked = plugins.has('MutatingAdmissionWebhook') && hasWebhooks(server);
  const hasPolicies =
    plugins.has('MutatingAdmissionPolicy') &&
    !['scale', 'binding'].includes(sub) &&
    server.store.count(mutationsId) > 0;
  if (!isAsked && !hasPolicies) return false;
  const webhooks = new Reinvocation();
  const policies = new Reinvocation();
  const subject = (): Subject => without(hidden, subjectOf(info, draft, old, sub));
  const pass = (round: 0 | 1): void => {
    if (hasPolicies && cel) applyMutationPolicies(server, cel, subject, draft, context, round, policies);
    if (isAsked) callMutatingWebhooks(server, subject, draft, context, round, webhooks);
  };
  pass(0);
  if (!webhooks.changed && !policies.changed) return false;
  if (!old) admitCreate(server, info, draft, context);
  pass(1);
  return true;
}

/** As a mutating webhook sees it. */
function without(hidden: readonly string[], subject: Subject): Subject {
  const {object, old, sub, name} = subject;
  if (!object || sub === 'scale') return subject;
  const generation = asObject(old?.metadata).generation;
  const kept = Object.entries(asObject(object.metadata)).filter(
    ([key]) => !hidden.includes(key) && (key !== 'generation' || generation !== undefined),
  );
  const metadata = Object.fromEntries(
    kept.map(([key, value]) => [key, key === 'generation' && generation !== undefined ? generation : value]),
  );
  if (!name) delete metadata.name;
  return {...subject, object: {...object, metadata}};
}

/** What the webhooks and policies say to an object that is not stored: of exec, of an eviction. @throws {ApiError} */
export function admitTransient(server: ApiServer, subject: Subject, context: Context): void {
  const {plugins} = server.settings;
  if (plugins.has('MutatingAdmissionWebhook'))
    callMutatingWebhooks(server, () => subject, null, context, 0, new Reinvocation());
  if (server.cel && plugins.has('ValidatingAdmissionPolicy'))
    checkPolicies(server, server.cel, subject, context);
  if (plugins.has('ValidatingAdmissionWebhook')) askValidating(server, subject, context);
}

/** Refuses a valid write. @throws {ApiError} 403, 422 */
export function admitValid(
  server: ApiServer,
  info: ResourceInfo,
  draft: Draft,
  old: Stored | undefined,
  sub: string,
  context: Context,
): void {
  const {plugins} = server.settings;
  if (plugins.has('AlwaysDeny')) throw denied(info, text(child(draft, 'metadata'), 'name'));
  const applyPolicies = (): void => {
    const subject = subjectOf(info, draft, old, sub);
    if (server.cel && plugins.has('ValidatingAdmissionPolicy'))
      checkPolicies(server, server.cel, subject, context);
    if (plugins.has('ValidatingAdmissionWebhook')) askValidating(server, subject, context);
  };
  if (sub === 'status') {
    checkByPlugins(server, info, draft, old, sub, context);
    applyPolicies();
    return;
  }
  const name = text(child(draft, 'metadata'), 'name');
  if (info.id === 'pods' && !old && name.length > 63)
    context.warn(
      "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [must be no more than 63 characters]",
    );
  if (sub === '') for (const text of podWarnings(draft)) context.warn(text);
  if (sub === '' && info.id === 'services') for (const text of serviceWarnings(draft)) context.warn(text);
  checkByPlugins(server, info, draft, old, sub, context);
  checkEscalation(server, info, draft, old, context.user);
  if (plugins.has('LimitRanger') && !old && (info.id === 'pods' || info.id === 'persistentvolumeclaims'))
    checkLimits(server, info, draft);
  server.settings.imagePolicy?.admit(info, draft, sub, context);
  if (plugins.has('PodSecurity')) {
    checkPodSecurity(server, info, draft, old, sub, context);
    if (info.id === 'namespaces' && sub === '') checkNamespaceLabels(server, info, draft, old, context);
  }
  applyPolicies();
  if (plugins.has('ResourceQuota') && info.namespaced && sub === '' && info.id !== 'resourcequotas')
    checkQuota(server, info, draft, old);
}

/** @throws {ApiError} 403 */
export function admitDelete(server: ApiServer, info: ResourceInfo, old: Stored, context: Context): void {
  const {plugins} = server.settings;
  admitRemoval(server, info, old, old.metadata.name ?? '', context);
  if (plugins.has('NamespaceLifecycle') && info.id === 'namespaces' && immortal.has(old.metadata.name ?? ''))
    throw forbidden(info, old.metadata.name ?? '', 'this namespace may not be deleted');
  admitAny(server, info, old.metadata.name ?? '');
  const subject = subjectOf(info, null, old, '');
  admitTransient(server, context.isOfMany ? {...subject, name: ''} : subject, context);
}
