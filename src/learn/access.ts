import {asArray, asObject, asString, type JsonObject} from '../engine/json.ts';
import {covers, type PolicyRule, rulesOf} from '../engine/rbac.ts';
import type {Objects} from './api.ts';
import type {Check, Who} from './checks.ts';

type Question = Omit<Extract<Check, {is: 'can'}>, 'is' | 'allowed'>;

/** Whether somebody may do something: as the server reviews it, or by its RBAC objects where it reviews nothing. */
export async function mayDo(question: Question, objects: Objects): Promise<boolean> {
  const {who, verb, group, resource, namespace, name, path} = question;
  const [plural = '', subresource = ''] = resource.split('/');
  const attributes = path
    ? {nonResourceAttributes: {path, verb}}
    : {resourceAttributes: {group, resource: plural, subresource, namespace, name, verb}};
  const {status, body} = await objects.api.send({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/subjectaccessreviews',
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: {user: who.user, groups: [...who.groups], ...attributes},
    },
  });
  if (status < 300) return asObject(asObject(body).status).allowed === true;
  const rules = await rulesFor(who, namespace, objects);
  const wanted: PolicyRule = {
    verbs: [verb],
    apiGroups: path ? [] : [group],
    resources: path ? [] : [resource],
    resourceNames: name ? [name] : [],
    nonResourceURLs: path ? [path] : [],
  };
  return who.groups.includes('system:masters') || covers(rules, [wanted]);
}

const rbac = 'rbac.authorization.k8s.io/v1';

/** All rules that are bound to somebody, in the whole cluster and in one namespace. */
async function rulesFor(who: Who, namespace: string, objects: Objects): Promise<readonly PolicyRule[]> {
  const [clusterRoles, clusterBindings, roles, bindings] = await Promise.all([
    objects.list(rbac, 'ClusterRole'),
    objects.list(rbac, 'ClusterRoleBinding'),
    namespace ? objects.list(rbac, 'Role', namespace) : [],
    namespace ? objects.list(rbac, 'RoleBinding', namespace) : [],
  ]);
  const named = (list: readonly JsonObject[], name: string): readonly PolicyRule[] =>
    list.filter(({metadata}) => asObject(metadata).name === name).flatMap(rulesOf);
  return [...clusterBindings, ...bindings]
    .filter((binding) => binds(binding, who))
    .flatMap(({roleRef}) => {
      const {kind, name} = asObject(roleRef);
      return named(kind === 'ClusterRole' ? clusterRoles : roles, asString(name));
    });
}

const binds = ({subjects, metadata}: JsonObject, {user, groups}: Who): boolean =>
  asArray(subjects).some((item) => {
    const {kind, name, namespace = asObject(metadata).namespace} = asObject(item);
    if (kind === 'User') return name === user;
    if (kind === 'Group') return groups.includes(asString(name));
    return `system:serviceaccount:${asString(namespace)}:${asString(name)}` === user;
  });
