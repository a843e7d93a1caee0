import {asArray, asObject, asString, equal, type JsonObject} from '../../../engine/json.ts';
import {forbidden} from '../api-error.ts';
import {decide} from '../authz.ts';
import type {User} from '../context.ts';
import type {RequestInfo} from '../http/request-info.ts';
import type {Stored} from '../machine.ts';
import type {ResourceInfo} from '../resources.ts';
import type {ApiServer} from '../server.ts';

const ownersOf = (object: JsonObject | undefined): readonly JsonObject[] =>
  asArray(asObject(object?.metadata).ownerReferences).map(asObject);

/** Owners whose deletion waits for the object, and did not before. */
function newlyBlocking(object: JsonObject, old: Stored | undefined): readonly JsonObject[] {
  const before = new Map(ownersOf(old).map((owner) => [asString(owner.uid), owner]));
  return ownersOf(object).filter(
    (owner) =>
      owner.blockOwnerDeletion === true && before.get(asString(owner.uid))?.blockOwnerDeletion !== true,
  );
}

/**
 * The plugin OwnerReferencesPermissionEnforcement: who hangs an object on an owner may delete it, and who lets it hold
 * the owner up may change the owner's finalizers.
 * @throws {ApiError} 403
 */
export function checkOwners(
  server: ApiServer,
  info: ResourceInfo,
  object: JsonObject,
  old: Stored | undefined,
  sub: string,
  user: User,
): void {
  if ((info.id === 'pods' && sub === 'status') || equal(ownersOf(object), ownersOf(old))) return;
  const {name, namespace} = asObject(object.metadata);
  const refuse: (why: string) => never = (why) => {
    throw forbidden(info, asString(name), why);
  };
  const ask = (
    given: Pick<RequestInfo, 'verb' | 'group' | 'version' | 'resource' | 'name' | 'subresource'>,
    at: string,
  ) => decide(server, user, {...given, namespace: at, isResource: true, path: '', rest: ''});
  const at = asString(namespace);
  if (old) {
    const {group, version, plural: resource} = info;
    const {allowed, reason} = ask(
      {verb: 'delete', group, version, resource, name: asString(name), subresource: sub},
      at,
    );
    if (!allowed) refuse(`cannot set an ownerRef on a resource you can't delete: ${reason}, <nil>`);
  }
  const blocking = newlyBlocking(object, old);
  const update = {verb: 'update', subresource: 'finalizers'};
  const any = {group: '*', version: '*', resource: '*', name: '*'};
  if (blocking.length === 0 || ask({...update, ...any}, '').allowed) return;
  for (const owner of blocking) {
    const [apiVersion, kind] = [asString(owner.apiVersion), asString(owner.kind)];
    const found = server.registry.byKind(apiVersion, kind);
    if (!found)
      refuse(
        `cannot set blockOwnerDeletion in this case because cannot find RESTMapping for APIVersion ${apiVersion} Kind ${kind}: no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}`,
      );
    const {group, version, plural: resource, namespaced} = found;
    const {allowed, reason} = ask(
      {...update, group, version, resource, name: asString(owner.name)},
      namespaced ? at : '',
    );
    if (!allowed)
      refuse(
        `cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on: ${reason}, <nil>`,
      );
  }
}
