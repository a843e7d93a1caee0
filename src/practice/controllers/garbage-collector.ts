import type {Cache} from './cache.ts';
import {type Context, type Controller, refusal, systemUser} from './controller.ts';
import {isServedKind} from './resources.ts';
import type {Obj, OwnerReference} from './types.ts';

const component = 'generic-garbage-collector';
const user = systemUser(component);

/** Deletes what has lost its owners, and does the work of the finalizers `foregroundDeletion` and `orphan`. */
export function garbageCollector(context: Context): Controller {
  const {cache, machine} = context;

  /** The key is a uid: an owner that is gone or going, or a dependent whose owner is in doubt. */
  function reconcile(uid: string): void {
    const object = cache.byUid(uid);
    if (!object) {
      dependentsOfGone(uid);
      return;
    }
    const resource = resourceOf(cache, object);
    if (resource === undefined) return;
    const {deletionTimestamp, finalizers = []} = object.metadata;
    if (deletionTimestamp !== undefined && finalizers.includes('orphan')) {
      orphan(resource, object);
      return;
    }
    if (deletionTimestamp !== undefined && finalizers.includes('foregroundDeletion')) {
      foreground(resource, object);
      return;
    }
    collect(resource, object);
  }

  function dependentsOfGone(uid: string): void {
    for (const {resource, object} of cache.dependents(uid)) collect(resource, object);
  }

  function collect(resource: string, object: Obj): void {
    const references = object.metadata.ownerReferences ?? [];
    if (references.length === 0 || object.metadata.deletionTimestamp !== undefined) return;
    const alive = references.filter((reference) => !isGone(reference));
    if (alive.length === references.length) return;
    if (alive.length === 0) {
      remove(resource, object, 'Background');
      return;
    }
    machine.update(resource, {...object, metadata: {...object.metadata, ownerReferences: alive}}, {user});
  }

  /** An owner of a kind that isn't served can't be looked up: its dependents stay. */
  const isGone = (reference: OwnerReference): boolean =>
    !cache.byUid(reference.uid) && isServedKind(cache, reference.apiVersion, reference.kind);

  function foreground(resource: string, owner: Obj): void {
    const {uid} = owner.metadata;
    const blocking = cache
      .dependents(uid)
      .filter(({object}) =>
        object.metadata.ownerReferences?.some((one) => one.uid === uid && one.blockOwnerDeletion === true),
      );
    for (const {resource: other, object} of cache.dependents(uid)) {
      if (object.metadata.deletionTimestamp === undefined) remove(other, object, 'Foreground');
    }
    if (blocking.every(({object}) => !cache.byUid(object.metadata.uid)))
      release(resource, uid, 'foregroundDeletion');
  }

  function orphan(resource: string, owner: Obj): void {
    const {uid} = owner.metadata;
    for (const {resource: other, object} of cache.dependents(uid)) {
      const ownerReferences = (object.metadata.ownerReferences ?? []).filter((one) => one.uid !== uid);
      machine.update(other, {...object, metadata: {...object.metadata, ownerReferences}}, {user});
    }
    release(resource, uid, 'orphan');
  }

  function release(resource: string, uid: string, finalizer: string): void {
    const object = cache.byUid(uid);
    if (!object) return;
    const finalizers = (object.metadata.finalizers ?? []).filter((one) => one !== finalizer);
    machine.update(resource, {...object, metadata: {...object.metadata, finalizers}}, {user});
  }

  function remove(resource: string, object: Obj, propagationPolicy: 'Background' | 'Foreground'): void {
    try {
      machine.delete(resource, object.metadata.namespace ?? '', object.metadata.name, {
        user,
        propagationPolicy,
      });
    } catch (error) {
      if (refusal(error).code !== 404) throw error;
    }
  }

  return {
    name: component,
    level: 5,
    watches: {
      '*': ({type, object}) => {
        const {uid, ownerReferences = [], deletionTimestamp, finalizers = []} = (object as Obj).metadata;
        if (type === 'DELETED') {
          const waiting = ownerReferences.filter(
            (one) => cache.byUid(one.uid)?.metadata.deletionTimestamp !== undefined,
          );
          const keys = waiting.map((one) => one.uid);
          return cache.dependents(uid).length > 0 ? [uid, ...keys] : keys;
        }
        if (deletionTimestamp !== undefined) {
          return finalizers.some((one) => one === 'orphan' || one === 'foregroundDeletion') ? [uid] : [];
        }
        return ownerReferences.some((one) => !cache.byUid(one.uid)) ? [uid] : [];
      },
    },
    reconcile,
  };
}

function resourceOf(cache: Cache, object: Obj): string | undefined {
  const {namespace = '', name, uid} = object.metadata;
  return cache.resources().find((resource) => cache.get(resource, namespace, name)?.metadata.uid === uid);
}
