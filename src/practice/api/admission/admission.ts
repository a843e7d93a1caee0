import type {Context} from '../context.ts';
import type {Draft} from '../draft.ts';
import type {Stored} from '../machine.ts';
import type {ResourceInfo} from '../resources.ts';
import type {ApiServer} from '../server.ts';

/** What may refuse a write after it is valid, and what keeps count. */
export type Admission = {
  validate(
    server: ApiServer,
    info: ResourceInfo,
    draft: Draft,
    old: Stored | undefined,
    sub: string,
    context: Context,
  ): void;
  validateDelete(server: ApiServer, info: ResourceInfo, old: Stored, context: Context): void;
  removed(server: ApiServer, info: ResourceInfo, object: Stored): void;
};

export const admission: Admission = {
  validate: () => undefined,
  validateDelete: () => undefined,
  removed: () => undefined,
};

export function admitCreate(
  _server: ApiServer,
  _info: ResourceInfo,
  _draft: Draft,
  _context: Context,
): void {}

export function admitUpdate(
  _server: ApiServer,
  _info: ResourceInfo,
  _draft: Draft,
  _old: Stored,
  _sub: string,
  _context: Context,
): void {}
