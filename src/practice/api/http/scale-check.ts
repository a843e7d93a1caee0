import {asObject, asString, type JsonObject} from '../../../engine/json.ts';
import {badRequest, conflict, invalid, invalidValue} from '../api-error.ts';
import type {Stored} from '../machine.ts';
import type {ResourceInfo} from '../resources.ts';
import {notNegative} from '../validation/rules.ts';

/** What a new scale must be, before it changes anything. @throws {ApiError} 400, 409, 422 */
export function checkScale(info: ResourceInfo, current: Stored, scale: JsonObject): void {
  const {name = '', namespace, uid} = current.metadata;
  const given = asObject(scale.metadata);
  const own = asString(given.name);
  if (!own)
    throw badRequest(
      `the name of the object (${name} based on URL) was undeterminable: name must be provided`,
    );
  if (own !== name)
    throw badRequest(`the name of the object (${own}) does not match the name on the URL (${name})`);
  const place = asString(given.namespace);
  if (place && place !== namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  const {replicas} = asObject(scale.spec);
  if (typeof replicas === 'number' && replicas < 0)
    throw invalid({plural: '', group: 'autoscaling', kind: 'Scale'}, name, [
      invalidValue('spec.replicas', replicas, notNegative),
    ]);
  const id = asString(given.uid);
  if (id && id !== uid)
    throw conflict(
      {...info, plural: `${info.plural}/scale`, group: info.group},
      name,
      `Precondition failed: UID in precondition: ${id}, UID in object meta: ${uid}`,
    );
}
