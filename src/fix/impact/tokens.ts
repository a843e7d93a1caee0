import type {View} from '../../engine/control.ts';
import {asArray, asObject} from '../../engine/json.ts';
import {describe, type Ref, type Resource, refOf} from '../../engine/objects.ts';
import {podTemplate, serviceAccountName} from '../../engine/pod-spec.ts';
import {grantsOf, podsByWorkload, workloadsIn} from '../references.ts';
import {type Consequence, countOf, listOf, type Situation, type Topic} from './situation.ts';

/** Whether the pods of a workload get a token: the pod decides, else its account, else yes. */
export function mountsToken(view: View, workload: Resource): boolean {
  const {spec} = podTemplate(workload);
  if (typeof spec.automountServiceAccountToken === 'boolean') return spec.automountServiceAccountToken;
  const account = view.get('ServiceAccount', workload.namespace, serviceAccountName(podTemplate(workload)));
  return account?.object.automountServiceAccountToken !== false;
}

/** Whether it asks for a token by a volume of its own, whatever its account says. */
const projectsToken = (workload: Resource): boolean =>
  asArray(podTemplate(workload).spec.volumes).some((volume) =>
    asArray(asObject(asObject(volume).projected).sources).some(
      (source) => asObject(source).serviceAccountToken !== undefined,
    ),
  );

/** A token taken away: who has grants likely calls the API server; who runs keeps it until the next start. */
export const tokens: Topic = (situation) => {
  const {now, then, items, workloads} = situation;
  const found: Consequence[] = [];
  const silent: string[] = [];
  // The same change may take the token from an account and from its pods.
  const told = new Set<string>();
  // Each account anew would look at all workloads of its namespace.
  const usersIn = perNamespace((namespace) =>
    Map.groupBy(workloadsIn(then, namespace), (workload) => serviceAccountName(podTemplate(workload))),
  );
  const podsIn = perNamespace((namespace) => podsByWorkload(now, namespace));
  for (const {ref} of items) {
    if (ref.kind !== 'ServiceAccount') continue;
    const wasOff = now.get(ref.kind, ref.namespace, ref.name)?.object.automountServiceAccountToken === false;
    if (wasOff || then.get(ref.kind, ref.namespace, ref.name)?.object.automountServiceAccountToken !== false)
      continue;
    const users = losing(situation, usersIn(ref.namespace).get(ref.name) ?? []);
    const roles = grantsOf(now, ref.namespace, ref.name);
    if (roles.length === 0) silent.push(`${ref.namespace}/${ref.name}`);
    else found.push({...withRoles(ref, ref.name, users, roles), cause: ref});
    for (const {key} of users) told.add(key);
    found.push(...keepsUntilRestart(podsIn(ref.namespace), users, ref));
  }
  for (const {ref, before, after} of workloads) {
    if (told.has(after.key)) continue;
    if (before === undefined || !mountsToken(now, before) || mountsToken(then, after) || projectsToken(after))
      continue;
    const account = serviceAccountName(podTemplate(after));
    const roles = grantsOf(now, ref.namespace, account);
    if (roles.length === 0) silent.push(`${ref.namespace}/${account}`);
    else found.push({...withRoles(ref, account, [after], roles), cause: ref});
  }
  if (silent.length > 0) found.push({mark: 'passed', text: noRole([...new Set(silent)])});
  return found;
};

function perNamespace<T>(make: (namespace: string) => T): (namespace: string) => T {
  const made = new Map<string, T>();
  return (namespace) => {
    const one = made.get(namespace) ?? make(namespace);
    made.set(namespace, one);
    return one;
  };
}

const losing = ({now, then}: Situation, users: readonly Resource[]): readonly Resource[] =>
  users.filter(
    (workload) =>
      !projectsToken(workload) &&
      !mountsToken(then, workload) &&
      mountsToken(now, now.get(workload.kind, workload.namespace, workload.name) ?? workload),
  );

const noRole = (accounts: readonly string[]): string =>
  accounts.length === 1
    ? `No role is bound to ${accounts[0]!.replace(/^.*\//, '')}: its token opens nothing.`
    : `No role is bound to any of the ${accounts.length} accounts: their tokens open nothing.`;

function withRoles(
  ref: Ref,
  account: string,
  users: readonly Resource[],
  roles: readonly Resource[],
): Omit<Consequence, 'cause'> {
  const names = [...new Set(roles.map(({object}) => String(asObject(object.role).name)))];
  const bound = `${countOf(names.length, 'role')} (${listOf(names)}) ${names.length === 1 ? 'is' : 'are'} bound to ${account}`;
  if (users.length === 0) {
    return {
      mark: 'look',
      text: `${bound}, but no workload that is known here mounts its token.`,
      object: ref,
    };
  }
  const [only] = users;
  const who = listOf(users.map(describe));
  const lose =
    users.length === 1 ? 'likely calls the API server, and loses' : 'likely call the API server, and lose';
  return {
    mark: 'look',
    text: `${bound}: ${who} ${lose} the token at the next start. Where it is needed, set automountServiceAccountToken: true at the pod.`,
    object: users.length === 1 && only ? refOf(only) : ref,
  };
}

function keepsUntilRestart(
  known: ReturnType<typeof podsByWorkload>,
  users: readonly Resource[],
  cause: Ref,
): readonly Consequence[] {
  const pods = users
    .flatMap(({key}) => known.get(key) ?? [])
    .filter(({object}) => asObject(object.status).phase === 'Running');
  if (pods.length === 0) return [];
  const names = listOf(pods.map(({name}) => name));
  const text =
    pods.length === 1
      ? `Pod ${names} keeps its token until it restarts.`
      : `Pods ${names} keep their token until they restart.`;
  return [{mark: 'look', text, object: cause, cause}];
}
