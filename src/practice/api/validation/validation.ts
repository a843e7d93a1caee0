import type {FieldError} from '../api-error.ts';
import type {Draft} from '../draft.ts';
import type {Stored} from '../machine.ts';
import type {ResourceInfo} from '../resources.ts';
import type {ApiServer} from '../server.ts';

export function validateCreate(_server: ApiServer, _info: ResourceInfo, _draft: Draft): FieldError[] {
  return [];
}

export function validateUpdate(
  _server: ApiServer,
  _info: ResourceInfo,
  _draft: Draft,
  _old: Stored,
  _sub: string,
): FieldError[] {
  return [];
}
