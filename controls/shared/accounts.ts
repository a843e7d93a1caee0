import type {View} from '../../src/engine/control.ts';
import {grantOf} from '../../src/engine/derive.ts';
import {describe, type Resource} from '../../src/engine/objects.ts';
import {podTemplate, serviceAccountName, WORKLOADS} from '../../src/engine/pod-spec.ts';
import {complete, type Work} from '../../src/engine/slices.ts';
import {getIn, spaceOf} from './namespaces.ts';
import {overWorkloads} from './workload.ts';

/** `namespace/name` of the ServiceAccount that the pods of a workload run as. */
export const accountOf = (workload: Resource): string =>
  `${spaceOf(workload.namespace)}/${serviceAccountName(podTemplate(workload))}`;

export const accountKey = ({namespace, name}: {namespace: string; name: string}): string =>
  `${spaceOf(namespace)}/${name}`;

export const findAccount = (view: View, workload: Resource): Resource | undefined =>
  getIn(view, 'ServiceAccount', workload.namespace, serviceAccountName(podTemplate(workload)));

/** What is known about the ServiceAccounts of a target: which roles they have, and which workloads run as them. */
export type Accounts = {
  /** `ClusterRole view`: the roles bound to the account itself, and those that a person bound to a group of accounts. */
  roles(account: Resource): readonly string[];
  workloads(account: Resource): readonly Resource[];
  /** Why the roles are not known, undefined where they were read. */
  readonly unknown: string | undefined;
};

const push = <T>(map: Map<string, T[]>, key: string, value: T): void => {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
};

export const indexAccounts = (view: View): Accounts => complete(indexingAccounts(view));

/** The same in steps. */
export function* indexingAccounts(view: View): Work<Accounts> {
  const roles = new Map<string, string[]>();
  for (const resource of view.list('Grant')) {
    const {subject, role} = grantOf(resource);
    const key = subjectKey(subject, role.name);
    if (key !== undefined) push(roles, key, `${role.kind} ${role.name}`);
    yield;
  }
  const workloads = new Map<string, Resource[]>();
  for (const kind of WORKLOADS) {
    for (const resource of view.list(kind)) {
      if (overWorkloads.counts(resource)) push(workloads, accountOf(resource), resource);
      yield;
    }
  }
  return {
    roles: (account) => {
      const space = spaceOf(account.namespace);
      const keys = [accountKey(account), `${space}/*`, '*'];
      return [...new Set(keys.flatMap((key) => roles.get(key) ?? []))];
    },
    workloads: (account) => workloads.get(accountKey(account)) ?? [],
    unknown: view.gap('RoleBinding') ?? view.gap('ClusterRoleBinding'),
  };
}

/** Which accounts a subject stands for: one, all of a namespace, or all. What Kubernetes binds to all of them is no sign. */
function subjectKey(
  {kind, namespace, name}: {kind: string; namespace: string; name: string},
  role: string,
): string | undefined {
  if (kind === 'ServiceAccount') return accountKey({namespace, name});
  const parts = name.split(':');
  if (kind === 'User' && name.startsWith('system:serviceaccount:')) return `${parts[2]}/${parts[3]}`;
  if (kind !== 'Group' || role.startsWith('system:') || parts[0] !== 'system') return undefined;
  if (parts[1] !== 'serviceaccounts') return undefined;
  return parts[2] === undefined ? '*' : `${parts[2]}/*`;
}

/** `Deployment shop/web, Deployment shop/api and 2 others`; `no workload` where none is given. */
export function named(resources: readonly Resource[]): string {
  const names = resources.slice(0, 3).map(describe);
  const others = resources.length - names.length;
  if (names.length === 0) return 'no workload';
  if (others > 0) return `${names.join(', ')} and ${others} others`;
  return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** Why pods may need the token, as a sentence about what happens without; undefined where nothing speaks for it. */
export function needOfToken(
  account: Resource,
  accounts: Accounts,
  users: readonly Resource[] = accounts.workloads(account),
): string | undefined {
  const roles = accounts.roles(account);
  const isSystem = account.namespace === 'kube-system';
  const without = `without the token, ${named(users)} may fail at the next start of a pod.`;
  if (isSystem && users.length === 0) {
    return `No pod runs as ${describe(account)}. It belongs to a controller of the control plane, which asks the API for its token and mounts none, so false harms nothing and protects nothing.`;
  }
  if (roles.length > 0) {
    const bound = `${roles.length === 1 ? `${roles[0]} is` : `${roles.length} roles are`} bound to ${describe(account)}`;
    return users.length === 0
      ? `${bound}, which no workload uses now: a pod that will run as it gets no token.`
      : `${bound}, so its pods likely talk to the API: ${without}`;
  }
  if (accounts.unknown !== undefined) return `Which roles ${describe(account)} has is not known: ${without}`;
  return isSystem ? `kube-system holds what the cluster itself runs on: ${without}` : undefined;
}
