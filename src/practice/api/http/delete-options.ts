import {asObject, asString, isArray, type JsonObject} from '../../../engine/json.ts';
import {badRequest, type FieldError, invalid, invalidValue, unsupported} from '../api-error.ts';
import {DecodeError, decode} from '../decode.ts';
import type {DeleteOptions} from '../server.ts';
import {mediaType, parseBody, readBody} from './body.ts';
import {type Call, dryRunProblems} from './call.ts';
import type {Services} from './resource-handlers.ts';

const policies = ['Foreground', 'Background', 'Orphan'];

/**
 * How to delete: the body says it, or the query where there is none. The query is left with the dry run alone that
 * counts.
 * @throws {ApiError} 400, 422
 */
export async function deleteOptions(call: Call, services: Services): Promise<DeleteOptions> {
  const options = (await bodyOptions(call, services)) ?? queryOptions(call.query);
  const policy = asString(options.propagationPolicy);
  const orphan = options.orphanDependents;
  const dryRun = isArray(options.dryRun) ? options.dryRun.map(asString) : [];
  const errors: FieldError[] = [];
  if (orphan !== undefined && policy)
    errors.push(
      invalidValue(
        'propagationPolicy',
        policy,
        'orphanDependents and deletionPropagation cannot be both set',
      ),
    );
  if (policy && !policies.includes(policy))
    errors.push(unsupported('propagationPolicy', policy, [...policies, 'nil']));
  errors.push(...dryRunProblems(dryRun));
  if (errors.length > 0) throw invalid({plural: '', group: 'meta.k8s.io', kind: 'DeleteOptions'}, '', errors);
  call.query.delete('dryRun');
  for (const value of dryRun) call.query.append('dryRun', value);
  const {uid, resourceVersion} = asObject(options.preconditions);
  return {
    ...(uid ? {uid: asString(uid)} : {}),
    ...(resourceVersion ? {resourceVersion: asString(resourceVersion)} : {}),
    ...(policy ? {propagationPolicy: policy} : {}),
    ...(orphan === undefined ? {} : {propagationPolicy: orphan === true ? 'Orphan' : 'Background'}),
    ...(typeof options.gracePeriodSeconds === 'number'
      ? {gracePeriodSeconds: options.gracePeriodSeconds}
      : {}),
  };
}

async function bodyOptions(call: Call, {server}: Services): Promise<JsonObject | undefined> {
  const bytes = await readBody(call.request);
  if (bytes.length === 0) return undefined;
  const {schema} = server.registry;
  const media = mediaType(call.request);
  let body: JsonObject;
  if (media === 'application/vnd.kubernetes.protobuf') {
    const {decodeEnvelope} = await import('../protobuf.ts');
    body = decodeEnvelope(bytes, schema);
  } else body = (await parseBody(bytes, media)).value;
  const kind = asString(body.kind);
  const version = asString(body.apiVersion);
  if (kind && kind !== 'DeleteOptions') {
    throw badRequest(
      `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(version || 'meta.k8s.io/v1')} in scheme "pkg/runtime/scheme.go:111"`,
    );
  }
  try {
    return decode(schema.type('meta/v1.DeleteOptions'), body, []);
  } catch (error) {
    if (error instanceof DecodeError) throw badRequest(error.message);
    throw error;
  }
}

function queryOptions(query: URLSearchParams): JsonObject {
  const grace = query.get('gracePeriodSeconds');
  if (grace && !/^[-+]?\d+$/.test(grace))
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(grace)}: invalid syntax`);
  const orphan = query.get('orphanDependents');
  const policy = query.get('propagationPolicy');
  return {
    dryRun: query.getAll('dryRun'),
    ...(grace ? {gracePeriodSeconds: Number(grace)} : {}),
    ...(orphan === null ? {} : {orphanDependents: !['false', '0'].includes(orphan)}),
    ...(policy ? {propagationPolicy: policy} : {}),
  };
}
