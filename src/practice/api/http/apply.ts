import {asObject, asString, isObject, type Json, type JsonObject} from '../../../engine/json.ts';
import {whenAnswered} from '../admission/asks.ts';
import {ApiError, badRequest, notFound} from '../api-error.ts';
import {DecodeError, decode, jsonKind} from '../decode.ts';
import {copy, type Draft, ensure} from '../draft.ts';
import {readManagers} from '../managed-fields.ts';
import {serverSideApply} from '../patch/apply.ts';
import {typedProblems} from '../patch/typed.ts';
import type {ResourceInfo} from '../resources.ts';
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
  const context = {...contextOf(call, true), manager};
  const wanted = checkHead(await parseYaml(bytes), info);
  checkSchema(info, wanted);
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
    checkName(wanted, name, true);
    const draft = converted(info, object, wanted);
    ensure(draft, 'metadata').name = name;
    const made = await whenAnswered(
      {...context, options: {...context.options, kind: 'CreateOptions'}, managers},
      (asking) => server.createObject(info, namespace, copy(draft), asking),
    );
    return {code: 201, object: made, info};
  }
  let managers: ReturnType<typeof run>['managers'] = [];
  const change = (current: JsonObject): Draft => {
    const applied = run(current);
    managers = applied.managers;
    checkName(wanted, name, false);
    return converted(info, applied.object, wanted);
  };
  const object = await whenAnswered({...context, managersOf: () => managers}, (asking) =>
    server.updateObject(info, namespace, name, sub, change, asking),
  );
  return {code: 200, object, info};
}

/** @throws {ApiError} 400 for what is no YAML, or no object. */
async function parseYaml(bytes: Buffer): Promise<JsonObject> {
  const {parseDocument} = await import('yaml');
  const document = parseDocument(bytes.toString('utf8'), {
    uniqueKeys: false,
    merge: true,
    version: '1.1',
  });
  const problem = document.errors[0];
  if (problem)
    throw badRequest(
      `error decoding YAML: error converting YAML to JSON: yaml: line ${problem.linePos?.[0].line ?? 1}: ${problem.message.split('\n')[0]}`,
    );
  const value: unknown = document.toJS({maxAliasCount: 100});
  if (value === null) return {};
  if (!isObject(value))
    throw badRequest(
      `error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${jsonKind(value as Json)} into Go value of type map[string]interface {}`,
    );
  return value;
}

/** @throws {ApiError} 500, as a real server answers what its schema does not know. */
function checkSchema(info: ResourceInfo, wanted: JsonObject): void {
  const problems = typedProblems(info.type, wanted);
  if (problems.length === 0) return;
  const detail =
    problems.length === 1 ? problems[0] : `errors:\n${problems.map((text) => `  ${text}`).join('\n')}`;
  throw new ApiError(500, '', `failed to create typed patch object (${called(info, wanted)}): ${detail}`);
}

const versionOf = ({apiVersion}: ResourceInfo): string =>
  apiVersion.includes('/') ? apiVersion : `/${apiVersion}`;

function called(info: ResourceInfo, object: JsonObject): string {
  const {name, namespace} = asObject(object.metadata);
  return `${asString(namespace)}/${asString(name)}; ${versionOf(info)}, Kind=${info.kind}`;
}

/** The merged object as its kind. @throws {ApiError} 500, as a real server answers what it can't convert. */
function converted(info: ResourceInfo, object: JsonObject, wanted: JsonObject): Draft {
  try {
    return decode(info.type, object, []);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new ApiError(
      500,
      '',
      `failed to convert new object (${called(info, wanted)}) to proper version: unable to convert unstructured object to ${versionOf(info)}, Kind=${info.kind}: ${error.strategic}`,
    );
  }
}

function checkHead(value: JsonObject, info: ResourceInfo): JsonObject {
  const metadata = asObject(value.metadata);
  const apiVersion = asString(value.apiVersion);
  const kind = asString(value.kind);
  if (!apiVersion || !kind) {
    const version = apiVersion.includes('/') ? apiVersion : `/${apiVersion}`;
    throw badRequest(`invalid object type: ${version}, Kind=${kind}`);
  }
  if (apiVersion !== info.apiVersion || kind !== info.kind)
    throw badRequest(
      `the kind in the data (${apiVersion}, Kind=${kind}) does not match the expected kind (${info.apiVersion}, Kind=${info.kind})`,
    );
  if (metadata.managedFields !== undefined && metadata.managedFields !== null)
    throw badRequest('metadata.managedFields must be nil');
  if (value.metadata !== null) return value;
  const {metadata: _, ...rest} = value;
  return rest;
}

/** @throws {ApiError} 400 when the object has another name than the URL, or one that is empty; a new one needs it. */
function checkName({metadata}: JsonObject, name: string, isNew: boolean): void {
  const own = asObject(metadata).name;
  if (
    (isNew && own === undefined) ||
    own === '' ||
    (own === null && Object.keys(asObject(metadata)).length > 0)
  )
    throw badRequest(
      `the name of the object (${name} based on URL) was undeterminable: name must be provided`,
    );
  if (typeof own === 'string' && own !== name)
    throw badRequest(`the name of the object (${own}) does not match the name on the URL (${name})`);
}
