import {asArray, asObject, asString, isObject, type Json, type JsonObject} from '../../../engine/json.ts';
import {admitAny} from '../admission/admission.ts';
import {type FieldError, invalid, invalidValue} from '../api-error.ts';
import {decide, grantsOf} from '../authz.ts';
import type {User} from '../context.ts';
import {type Draft, text} from '../draft.ts';
import {trackManager} from '../managed-fields.ts';
import {timestamp} from '../names.ts';
import {nodeOf} from '../node-authorizer.ts';
import type {ResourceInfo} from '../resources.ts';
import {type Call, contextOf} from './call.ts';
import {decodeBody} from './decode-body.ts';
import {type FieldRequirement, fieldRequirements, type RequestInfo} from './request-info.ts';
import {type Answer, bodyOf, type Services} from './resource-handlers.ts';

/** Kinds that answer a question and are stored nowhere. */
export const isReview = ({group}: {readonly group: string}): boolean =>
  group === 'authorization.k8s.io' || group === 'authentication.k8s.io';

const strings = (value: Json | undefined): string[] => asArray(value).map(asString);

function userOf(spec: JsonObject): User {
  const extra = Object.fromEntries(
    Object.entries(asObject(spec.extra)).map(([key, value]) => [key, strings(value)]),
  );
  return {name: asString(spec.user), uid: asString(spec.uid), groups: strings(spec.groups), extra};
}

const userInfo = (user: User): JsonObject => ({
  username: user.name,
  ...(user.uid ? {uid: user.uid} : {}),
  groups: [...user.groups],
  ...(user.extra && Object.keys(user.extra).length > 0 ? {extra: user.extra} : {}),
});

/** What is asked about, as a request; and what of it is ignored. */
type Question = {readonly info: RequestInfo; readonly problem: string};

/** @throws {ApiError} 422 */
function questionOf(info: ResourceInfo, spec: JsonObject, needsUser: boolean): Question {
  const resource = spec.resourceAttributes;
  const other = spec.nonResourceAttributes;
  const errors: FieldError[] = [];
  if (isObject(resource) === isObject(other))
    errors.push(
      invalidValue(
        'spec.resourceAttributes',
        isObject(resource) ? resource : null,
        isObject(resource)
          ? 'cannot be specified in combination with nonResourceAttributes'
          : 'exactly one of nonResourceAttributes or resourceAttributes must be specified',
      ),
    );
  if (needsUser && !asString(spec.user) && strings(spec.groups).length === 0)
    errors.push(invalidValue('spec.user', '', 'at least one of user or group must be specified'));
  if (errors.length > 0) throw invalid({plural: info.plural, group: info.group, kind: ''}, '', errors);
  const from = asObject(resource ?? other);
  const fields = fieldsOf(asObject(from.fieldSelector));
  const question: RequestInfo = {
    verb: asString(from.verb),
    isResource: isObject(resource),
    path: asString(from.path),
    group: asString(from.group),
    version: asString(from.version),
    namespace: asString(from.namespace),
    resource: asString(from.resource),
    name: asString(from.name),
    subresource: asString(from.subresource),
    rest: '',
    fields: fields ?? [],
  };
  const problem = fields ? '' : 'spec.resourceAttributes.fieldSelector ignored due to parse error';
  return {info: question, problem};
}

/** A field selector of a question, as text or in parts; undefined where it can't be read, and so is ignored. */
function fieldsOf({rawSelector, requirements}: JsonObject): readonly FieldRequirement[] | undefined {
  const raw = asString(rawSelector);
  if (raw) {
    const read = fieldRequirements(raw);
    return read.length > 0 ? read : undefined;
  }
  const parts = asArray(requirements).map(asObject);
  const isReadable = parts.every(
    ({operator, values}) => ['In', 'NotIn'].includes(asString(operator)) && asArray(values).length === 1,
  );
  if (!isReadable) return undefined;
  return parts.map(({key, operator, values}) => ({
    field: asString(key),
    not: operator === 'NotIn',
    value: asString(asArray(values)[0]),
  }));
}

function verdict(services: Services, user: User, {info, problem}: Question): JsonObject {
  const {allowed, reason} = decide(services.server, user, info);
  return {allowed, ...(reason ? {reason} : {}), ...(problem ? {evaluationError: problem} : {})};
}

/** @throws {ApiError} */
export async function review(call: Call, services: Services, info: ResourceInfo): Promise<Answer> {
  const draft: Draft = decodeBody(call, await bodyOf(call, info, services), info);
  const spec = asObject(draft.spec);
  const {kind, apiVersion} = info;
  admitAny(services.server, info, text(asObject(draft.metadata), 'name') || 'Unknown');
  trackManager(info, undefined, draft, '', contextOf(call));
  const {metadata: own = {}} = draft;
  const answer = (status: JsonObject, metadata: Json = own, told: JsonObject = spec): Answer => ({
    code: 201,
    object: {kind, apiVersion, metadata, ...(draft.spec === undefined ? {} : {spec: told}), status},
  });
  switch (info.plural) {
    case 'selfsubjectaccessreviews':
      return answer(verdict(services, call.user, questionOf(info, spec, false)));
    case 'subjectaccessreviews':
    case 'localsubjectaccessreviews':
      return answer(verdict(services, userOf(spec), questionOf(info, spec, true)));
    case 'selfsubjectrulesreviews':
      return answer(rules(services, call.user, asString(spec.namespace)), {}, {});
    case 'selfsubjectreviews':
      return answer({userInfo: userInfo(call.user)}, {creationTimestamp: timestamp()});
    default: {
      const user = await services.authenticateToken(asString(spec.token));
      return answer(
        user
          ? {authenticated: true, user: userInfo(user), audiences: [services.audience]}
          : {user: {}, error: 'invalid bearer token'},
      );
    }
  }
}

function rules(services: Services, user: User, namespace: string): JsonObject {
  const resourceRules: JsonObject[] = [];
  const nonResourceRules: JsonObject[] = [];
  const {modes} = services.server.settings;
  if (modes.includes('AlwaysAllow')) {
    resourceRules.push({verbs: ['*'], apiGroups: ['*'], resources: ['*']});
    nonResourceRules.push({verbs: ['*'], nonResourceURLs: ['*']});
  }
  const grants = modes.includes('RBAC') ? grantsOf(services.server, user, namespace) : [];
  for (const {rule} of grants) {
    const pick = (keys: readonly string[]): JsonObject =>
      Object.fromEntries(keys.filter((key) => asArray(rule[key]).length > 0).map((key) => [key, rule[key]!]));
    if (asArray(rule.resources).length > 0)
      resourceRules.push(pick(['verbs', 'apiGroups', 'resources', 'resourceNames']));
    if (asArray(rule.nonResourceURLs).length > 0) nonResourceRules.push(pick(['verbs', 'nonResourceURLs']));
  }
  if (modes.includes('Node') && nodeOf(user) !== undefined)
    return {
      ...{resourceRules, nonResourceRules, incomplete: true},
      evaluationError: 'node authorizer does not support user rule resolution',
    };
  return {resourceRules, nonResourceRules, incomplete: false};
}
