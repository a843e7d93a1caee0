import {asArray, asObject, asString} from '../../../engine/json.ts';
import {admitAny} from '../admission/admission.ts';
import {restrictToken} from '../admission/node-restriction-pods.ts';
import {conflict, invalid, invalidValue, notFound} from '../api-error.ts';
import {timestamp} from '../names.ts';
import type {Call} from './call.ts';
import {decodeBody} from './decode-body.ts';
import {type Answer, bodyOf, type Services} from './resource-handlers.ts';

const shortest = 600;
const usual = 3600;
const longest = 2 ** 32;

/** A token of a ServiceAccount, for `kubectl create token` and pods. @throws {ApiError} 404, 409, 422 */
export async function createToken(call: Call, services: Services, namespace: string): Promise<Answer> {
  const {server, audience} = services;
  const info = server.info('serviceaccounts');
  const type = server.registry.schema.type('authentication/v1.TokenRequest');
  const expected = {type, apiVersion: 'authentication.k8s.io/v1', version: 'v1', kind: 'TokenRequest'};
  const body = decodeBody(call, await bodyOf(call, info, services, 'TokenRequest'), expected);
  const spec = asObject(body.spec);
  restrictToken(server, call.user, namespace, call.info.name, spec);
  const account = server.read(info, namespace, call.info.name);
  admitAny(server, info, call.info.name);
  const seconds = Number(spec.expirationSeconds ?? usual);
  if (seconds < shortest || seconds > longest)
    throw invalid({plural: '', group: 'authentication.k8s.io', kind: 'TokenRequest'}, '', [
      invalidValue(
        'spec.expirationSeconds',
        seconds,
        seconds < shortest
          ? 'may not specify a duration less than 10 minutes'
          : 'may not specify a duration larger than 2^32 seconds',
      ),
    ]);
  const audiences = asArray(spec.audiences).map(asString);
  const {name = '', uid} = account.metadata;
  const reference = asObject(spec.boundObjectRef);
  const pod = reference.kind === 'Pod' ? server.get('pods', namespace, asString(reference.name)) : undefined;
  if (reference.kind === 'Pod') {
    const pods = {plural: 'pods', group: '', kind: 'Pod'};
    if (!pod) throw notFound(pods, asString(reference.name));
    if (asString(reference.uid) && reference.uid !== pod.metadata.uid)
      throw conflict(
        pods,
        asString(reference.name),
        `the UID in the bound object reference (${asString(reference.uid)}) does not match the UID in record. The object might have been deleted and then recreated`,
      );
  }
  const wanted = audiences.length > 0 ? audiences : [audience];
  const token = services.tokens.issue(
    {
      namespace,
      name,
      uid: asString(uid),
      ...(pod ? {bound: {name: asString(pod.metadata.name), uid: asString(pod.metadata.uid)}} : {}),
    },
    wanted,
    seconds,
  );
  return {
    code: 201,
    object: {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: {name, namespace, uid: asString(uid), creationTimestamp: timestamp()},
      spec: {audiences: wanted, expirationSeconds: seconds, boundObjectRef: spec.boundObjectRef ?? null},
      status: {token, expirationTimestamp: timestamp(seconds)},
    },
  };
}
