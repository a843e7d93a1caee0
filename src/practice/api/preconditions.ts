import {conflict} from './api-error.ts';
import {text} from './draft.ts';
import type {Stored} from './machine.ts';
import type {ResourceInfo} from './resources.ts';

export type Preconditions = {readonly uid?: string; readonly resourceVersion?: string};

/** @throws {ApiError} 409 when the object is not the one that was meant. */
export function checkPreconditions(
  info: ResourceInfo,
  old: Stored,
  {uid, resourceVersion}: Preconditions,
): void {
  const of = {plural: info.kind, group: info.group, kind: info.kind};
  const name = text(old.metadata, 'name');
  if (uid && uid !== old.metadata.uid)
    throw conflict(
      of,
      name,
      `the UID in the precondition (${uid}) does not match the UID in record (${text(old.metadata, 'uid')}). The object might have been deleted and then recreated`,
    );
  if (resourceVersion && resourceVersion !== old.metadata.resourceVersion)
    throw conflict(
      of,
      name,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${text(old.metadata, 'resourceVersion')}). The object might have been modified`,
    );
}
