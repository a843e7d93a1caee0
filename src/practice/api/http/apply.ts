import {asObject, asString, type JsonObject} from '../../../engine/json.ts';
import {ApiError, badRequest, invalid, notFound, required} from '../api-error.ts';
import {DecodeError, decode} from '../decode.ts';
import type {Draft} from '../draft.ts';
import {readManagers} from '../managed-fields.ts';
import {serverSideApply} from '../patch/apply.ts';
import type {ResourceInfo} from '../resources.ts';
import {parseBody} from './body.ts';
import {type Call, contextOf} from './call.ts';
import type {Answer, Services} from './resource-handlers.ts';

/** `application/apply-patch+yaml`: makes the object where there is none. @throws {ApiError} */
export async function apply(
  call: Call,
  services: Services,
  info: ResourceInfo,
  namespace: string,
  sub: string,
  bytes: Buffer,
): Promise<Answer> {
  const {server} = services;
  const {name} = call.info;
  const manager = call.query.get('fieldManager') ?? '';
  if (!manager)
    throw invalid({plural: '', group: 'meta.k8s.io', kind: 'PatchOptions'}, '', [
      required('fieldManager', 'is required for apply patch'),
    ]);
  const context = {...contextOf(call), manager};
  const body = await parseBody(bytes, 'application/yaml', 'error decoding YAML: ');
  const wanted = checkHead(body.value, info, name);
  checkSchema(info, namespace, wanted);
  const force = call.query.get('force') === 'true';
  const live = server.get(info.id, namespace, name);
  const run = (current: JsonObject | undefined) =>
    serverSideApply({
      type: info.type,
      apiVersion: info.apiVersion,
      wanted,
      live: current,
      managers: current ? readManagers(asObject(current.metadata)) : [],
      manager,
      subresource: sub,
      force,
    });
  if (!live) {
    if (sub) throw notFound(info, name);
    const {object, managers} = run(undefined);
    const draft: Draft = decode(info.type, object, []);
    return {code: 201, object: server.createObject(info, namespace, draft, {...context, managers}), info};
  }
  let managers: ReturnType<typeof run>['managers'] = [];
  const object = server.updateObject(
    info,
    namespace,
    name,
    sub,
    (current) => {
      const applied = run(current);
      managers = applied.managers;
      return decode(info.type, applied.object, []);
    },
    {...context, managersOf: () => managers},
  );
  return {code: 200, object, info};
}

/** @throws {ApiError} 500, as a real server answers what its schema does not know. */
function checkSchema(info: ResourceInfo, namespace: string, wanted: JsonObject): void {
  const unknown: string[] = [];
  const problems: string[] = [];
  try {
    decode(info.type, wanted, unknown);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    problems.push(error.message);
  }
  problems.push(...unknown.map((path) => `.${path}: field not declared in schema`));
  if (problems.length === 0) return;
  const name = asString(asObject(wanted.metadata).name);
  const version = info.apiVersion.includes('/') ? info.apiVersion : `/${info.apiVersion}`;
  const detail =
    problems.length === 1 ? problems[0] : `errors:\n${problems.map((text) => `  ${text}`).join('\n')}`;
  throw new ApiError(
    500,
    '',
    `failed to create typed patch object (${namespace}/${name}; ${version}, Kind=${info.kind}): ${detail}`,
  );
}

function checkHead(value: JsonObject, info: ResourceInfo, name: string): JsonObject {
  const metadata = asObject(value.metadata);
  const apiVersion = asString(value.apiVersion);
  const kind = asString(value.kind);
  if (!apiVersion || !kind) throw badRequest("error decoding patch: Object 'Kind' is missing");
  if (apiVersion !== info.apiVersion || kind !== info.kind)
    throw badRequest(
      `the kind in the data (${apiVersion}, Kind=${kind}) does not match the expected kind (${info.apiVersion}, Kind=${info.kind})`,
    );
  const own = asString(metadata.name);
  if (own && own !== name)
    throw badRequest(`the name of the object (${own}) does not match the name on the URL (${name})`);
  if (metadata.managedFields !== undefined && metadata.managedFields !== null)
    throw badRequest('metadata.managedFields must be nil');
  return {...value, metadata: {...metadata, name}};
}
