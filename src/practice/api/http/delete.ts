import {asString, type JsonObject} from '../../../engine/json.ts';
import {admitRemoval} from '../admission/admission.ts';
import {whenAnswered} from '../admission/asks.ts';
import type {ApiError} from '../api-error.ts';
import type {Context} from '../context.ts';
import type {ResourceInfo} from '../resources.ts';
import type {DeleteOptions} from '../server.ts';
import {type Call, contextOf} from './call.ts';
import {deleteOptions} from './delete-options.ts';
import {selection, selects} from './list.ts';
import type {Answer, Services} from './resource-handlers.ts';

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
  'storageclasses.storage.k8s.io',
  'csidrivers.storage.k8s.io',
  'csinodes.storage.k8s.io',
  'volumeattachments.storage.k8s.io',
]);

/** The default of batch/v1 is from before there were owners: pods stay. */
function orphanJobs(info: ResourceInfo, options: DeleteOptions, context: Context): DeleteOptions {
  if (info.id !== 'jobs.batch' || options.propagationPolicy) return options;
  context.warn(
    'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning',
  );
  return {...options, propagationPolicy: 'Orphan'};
}

/** As webhooks are told of them. */
function shownOptions({query}: Call, {uid, resourceVersion, ...rest}: DeleteOptions): JsonObject {
  const dryRun = query.getAll('dryRun');
  const preconditions = {...(uid ? {uid} : {}), ...(resourceVersion ? {resourceVersion} : {})};
  return {
    kind: 'DeleteOptions',
    apiVersion: 'meta.k8s.io/v1',
    ...rest,
    ...(Object.keys(preconditions).length > 0 ? {preconditions} : {}),
    ...(dryRun.length > 0 ? {dryRun} : {}),
  };
}

/** Deletes one object. @throws {ApiError} */
export async function remove(
  call: Call,
  services: Services,
  info: ResourceInfo,
  namespace: string,
  name: string,
): Promise<Answer> {
  const given = await deleteOptions(call, services);
  const context = contextOf(call);
  const options = orphanJobs(info, given, context);
  const asked = {...context, options: shownOptions(call, given)};
  const {object, gone} = await whenAnswered(asked, (asking) =>
    services.server.deleteObject(info, namespace, name, options, asking),
  );
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

/** Deletes all that are selected. @throws {ApiError} */
export async function removeCollection(
  call: Call,
  services: Services,
  info: ResourceInfo,
  namespace: string,
): Promise<Answer> {
  const chosen = selection(info, call.query);
  const given = await deleteOptions(call, services);
  const items = services.server.list(info.id, namespace).filter((object) => selects(chosen, object));
  const context = contextOf(call);
  const options = orphanJobs(info, given, context);
  const asked = {...context, options: shownOptions(call, given), isOfMany: true};
  for (const object of items) {
    const {name = ''} = object.metadata;
    try {
      admitRemoval(services.server, info, object, '', context);
      await whenAnswered(asked, (asking) =>
        services.server.deleteObject(info, object.metadata.namespace ?? '', name, options, asking),
      );
    } catch (error) {
      if ((error as ApiError).code !== 404) throw error;
    }
  }
  const list: JsonObject = {
    kind: info.custom?.listKind ?? `${info.kind}List`,
    apiVersion: info.apiVersion,
    metadata: {resourceVersion: String(services.server.store.revision)},
    items: items.map(({kind, apiVersion, ...rest}) => (info.custom ? {kind, apiVersion, ...rest} : rest)),
  };
  return {code: 200, object: list};
}
