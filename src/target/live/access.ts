import type {Step} from '../../engine/change.ts';
import {asArray, asObject, asString, type Json} from '../../engine/json.ts';
import {KINDS, type KindInfo} from '../../engine/kinds.ts';
import {describe, type Ref, refOfObject} from '../../engine/objects.ts';
import {plainText} from '../../engine/text.ts';
import type {Access, Denial} from '../target.ts';
import {inParallel} from './batch.ts';
import type {KubeClient} from './client.ts';
import {resourceName} from './resources.ts';

type Verb = 'get' | 'patch' | 'create' | 'delete';
type Rule = {
  readonly verbs: readonly string[];
  readonly groups: readonly string[];
  readonly resources: readonly string[];
  readonly names: readonly string[];
};
/** The rules that hold in a namespace; undefined where the server can't tell all of them. */
type Rules = readonly Rule[] | undefined;

/** What each kind of step needs; undo needs it too, the other way round. */
const verbsOf: Readonly<Record<Step['do'], readonly Verb[]>> = {
  edit: ['patch'],
  create: ['create'],
  delete: ['delete'],
  recreate: ['delete', 'create'],
  file: [],
};

/** Namespaces that are asked about one by one where not everything is allowed. */
const most = 50;
const patience = 5000;

/**
 * Learns by self subject reviews what the person may write. The reviews are advice: a server that answers none of
 * them, or not completely, denies nothing here; its dry run tells then.
 */
export async function readAccess(
  client: KubeClient,
  namespaces: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Access> {
  const user = await userName(client, signal);
  const everywhere = await rulesIn(client, namespaces[0] ?? 'default', signal);
  if (everywhere === undefined || everywhere.some(allowsAll)) return {user, denial: () => undefined};
  const inAll = await clusterWide(client, everywhere, signal);
  const spaces = namespaces.slice(0, most);
  const rules = await inParallel(spaces, 4, (namespace) => rulesIn(client, namespace, signal));
  const known = new Map(spaces.map((namespace, index) => [namespace, rules[index]]));
  return {
    user,
    denial: (step) => denialOf(client, user, step, inAll, known),
  };
}

/** Tells which kinds may be listed in a namespace; undefined where the server can't tell. */
export async function listableIn(
  client: KubeClient,
  namespace: string,
  signal: AbortSignal | undefined,
): Promise<((info: KindInfo) => boolean) | undefined> {
  const rules = await rulesIn(client, namespace, signal);
  return rules && ((info) => rules.some((rule) => rule.names.length === 0 && covers(rule, 'list', info)));
}

function denialOf(
  {who}: KubeClient,
  user: string,
  step: Step,
  inAll: ReadonlySet<string>,
  known: ReadonlyMap<string, Rules>,
): Denial | undefined {
  if (step.do === 'file') return undefined;
  const ref = step.do === 'create' ? refOfObject(step.object.base) : step.object;
  const info = KINDS.find(({kind}) => kind === ref.kind);
  if (info === undefined) return undefined;
  const missing = verbsOf[step.do].filter((verb) => !isAllowed(verb, info, ref, inAll, known));
  if (missing.length === 0) return undefined;
  const place = info.namespaced ? ` in namespace ${ref.namespace}` : '';
  const permission = `${missing.join(' and ')} ${resourceName(info)}`;
  return {
    permission: `${permission}${place}`,
    reason: `${user} may not ${permission}${place} of ${who.name}, which ${describe(ref)} needs.`,
  };
}

function isAllowed(
  verb: Verb,
  info: KindInfo,
  {namespace, name}: Ref,
  inAll: ReadonlySet<string>,
  known: ReadonlyMap<string, Rules>,
): boolean {
  if (inAll.has(keyOf(verb, info))) return true;
  // What holds for a cluster-scoped object with this name is listed with the rules of any namespace.
  const rules = info.namespaced ? known.get(namespace) : known.values().next().value;
  if (rules === undefined) return info.namespaced;
  return rules.some(
    (rule) =>
      covers(rule, verb, info) &&
      (rule.names.length === 0 || (verb !== 'create' && rule.names.includes(name))),
  );
}

const covers = ({verbs, groups, resources}: Rule, verb: Verb | 'list', info: KindInfo): boolean =>
  holds(verbs, verb) && holds(groups, info.group) && holds(resources, info.resource);

const holds = (list: readonly string[], wanted: string): boolean =>
  list.includes('*') || list.includes(wanted);
const allowsAll = ({verbs, groups, resources, names}: Rule): boolean =>
  names.length === 0 && [verbs, groups, resources].every((list) => list.includes('*'));
const keyOf = (verb: string, {group, resource}: KindInfo): string => `${verb} ${group}/${resource}`;

/** What may be done with a kind in all namespaces, and with cluster-scoped kinds. */
async function clusterWide(
  client: KubeClient,
  rules: readonly Rule[],
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<string>> {
  const allowed = new Set<string>();
  const asked = KINDS.filter(({optional}) => !optional).flatMap((info) =>
    (['patch', 'create', 'delete'] as const)
      // What holds in all namespaces holds in this one.
      .filter((verb) => rules.some((rule) => covers(rule, verb, info)))
      .map((verb) => ({info, verb})),
  );
  await inParallel(asked, 8, async ({info, verb}) => {
    const {group, resource} = info;
    const status = await review(
      client,
      'selfsubjectaccessreviews',
      'SelfSubjectAccessReview',
      {resourceAttributes: {verb, group, resource}},
      signal,
    );
    // Without an answer nothing is known, and nothing is denied for it.
    if (status === undefined || asObject(status).allowed === true) allowed.add(keyOf(verb, info));
  });
  return allowed;
}

async function rulesIn(
  client: KubeClient,
  namespace: string,
  signal: AbortSignal | undefined,
): Promise<Rules> {
  const status = await review(
    client,
    'selfsubjectrulesreviews',
    'SelfSubjectRulesReview',
    {namespace},
    signal,
  );
  const {resourceRules, incomplete} = asObject(status);
  if (status === undefined || incomplete === true) return undefined;
  return asArray(resourceRules).map((item) => {
    const {verbs, apiGroups, resources, resourceNames} = asObject(item);
    return {
      verbs: strings(verbs),
      groups: strings(apiGroups),
      resources: strings(resources),
      names: strings(resourceNames),
    };
  });
}

const strings = (value: Json | undefined): readonly string[] => asArray(value).map(asString);

/** `User viewer`, as the server knows who asks; as the kubeconfig says where it does not tell. */
async function userName(client: KubeClient, signal: AbortSignal | undefined): Promise<string> {
  const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
  const body = {apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview'};
  const {status, body: said} = await client.send({
    method: 'POST',
    path,
    body,
    signal,
    timeout: patience,
  });
  const name = asString(asObject(asObject(asObject(said).status).userInfo).username);
  return status < 400 && name ? `User ${plainText(name)}` : 'You';
}

async function review(
  client: KubeClient,
  resource: string,
  kind: string,
  spec: Json,
  signal: AbortSignal | undefined,
): Promise<Json | undefined> {
  const {status, body} = await client.send({
    method: 'POST',
    path: `/apis/authorization.k8s.io/v1/${resource}`,
    body: {apiVersion: 'authorization.k8s.io/v1', kind, spec},
    signal,
    timeout: patience,
  });
  return status < 400 ? asObject(body).status : undefined;
}
