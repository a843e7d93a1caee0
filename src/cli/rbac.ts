import {stringify} from 'yaml';
import {frameworks} from '../../controls/frameworks.ts';
import {KINDS, type KindInfo, kindInfo} from '../engine/kinds.ts';
import {exitCodes} from './exit-codes.ts';
import {print} from './stdout.ts';

export type Rule =
  | {
      readonly apiGroups: readonly string[];
      readonly resources: readonly string[];
      readonly verbs: readonly string[];
    }
  | {readonly nonResourceURLs: readonly string[]; readonly verbs: readonly string[]};

/** Kinds that fixes make; what they edit are the kinds that controls look at. A test holds both against the fixes. */
const made = [
  'ConfigMap',
  'LimitRange',
  'NetworkPolicy',
  'ResourceQuota',
  'Role',
  'ClusterRole',
  'RoleBinding',
  'ClusterRoleBinding',
  'Secret',
  'ServiceAccount',
] as const;

/** What keeps a fix so: every API server of today has them. */
const keepers = ['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding'] as const;

/** What the API server says of itself; also in the role system:monitoring. A test compares with what an admin sees. */
const evidence = ['/flagz', '/metrics', '/version'];

/** The rules of the role that a scan needs, or a fix. */
export function rulesFor(purpose: 'scan' | 'fix'): readonly Rule[] {
  const read: Rule[] = [...rules(KINDS, ['list', 'watch']), {nonResourceURLs: evidence, verbs: ['get']}];
  return purpose === 'scan' ? read : [...read, ...writing()];
}

/** A change is read back and patched; a Pod or Job is made anew; undo deletes what was made. */
function writing(): readonly Rule[] {
  const counted = new Set(
    Object.values(frameworks).flatMap(({entries}) => entries.flatMap(({control}) => control.kinds)),
  );
  const bindings = counted.has('Grant') ? ['RoleBinding', 'ClusterRoleBinding', 'Role', 'ClusterRole'] : [];
  const edited = infos([...counted, ...bindings]);
  const written = infos([...edited.map(({kind}) => kind), ...made]);
  const policies = keepers.flatMap((kind) => kindInfo(kind) ?? []);
  return rules([...written, ...policies], ['get', 'create', 'patch', 'delete']);
}

const infos = (names: Iterable<string>): readonly KindInfo[] =>
  [...new Set(names)].flatMap((name) => {
    const info = kindInfo(name);
    // What is only measured, or not always there, is read and never written.
    return info === undefined || info.optional ? [] : [info];
  });

const rules = (kinds: readonly KindInfo[], verbs: readonly string[]): readonly Rule[] =>
  [...Map.groupBy(kinds, ({group}) => group)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, infosOfGroup]) => ({
      apiGroups: [group],
      resources: [...new Set(infosOfGroup.map(({resource}) => resource))].sort(),
      verbs,
    }));

/** The ClusterRole as YAML, with how to bind it. */
export function roleText(purpose: 'scan' | 'fix'): string {
  const name = `kubekata-${purpose}`;
  const role = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: {name},
    rules: rulesFor(purpose),
  };
  const head = [
    purpose === 'scan'
      ? '# What kubekata reads, nothing else. Of Secrets it asks for metadata only; RBAC knows no smaller verb for it.'
      : '# What kubekata reads, and what its fixes and their undo write. Grants can only be narrowed by who has them.',
    `# kubekata rbac${purpose === 'fix' ? ' --for fix' : ''} | kubectl apply -f -`,
    `# kubectl create clusterrolebinding ${name} --clusterrole=${name} --serviceaccount=NAMESPACE:NAME`,
  ];
  return `${head.join('\n')}\n${stringify(role, {lineWidth: 0, indentSeq: false, aliasDuplicateObjects: false})}`;
}

export async function printRole(purpose: 'scan' | 'fix'): Promise<number> {
  await print(roleText(purpose));
  return exitCodes.ok;
}
