import type {JsonObject} from '../engine/json.ts';
import {KINDS} from '../engine/kinds.ts';

type Rule = {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
};

const clusterRole = (name: string, rules: readonly Rule[]): JsonObject => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: {name},
  rules: rules.map(({apiGroups, resources, verbs}) => ({apiGroups, resources, verbs})),
});

/** What a scan reads, each API group in one rule. Secrets are listed as metadata, which RBAC can't tell apart from reading. */
function readingRules(): readonly Rule[] {
  const groups = new Map<string, string[]>();
  for (const {group, resource} of KINDS) {
    const known = groups.get(group);
    if (known) known.push(resource);
    else groups.set(group, [resource]);
  }
  return [...groups].map(([group, resources]) => ({
    apiGroups: [group],
    resources: resources.toSorted(),
    verbs:
      group === 'metrics.k8s.io' ? ['list'] : group === '' ? ['get', 'list', 'watch'] : ['list', 'watch'],
  }));
}

const kubelets: Rule = {apiGroups: [''], resources: ['nodes/proxy'], verbs: ['get']};

/** What the fixes of the controls write: edits, what they make, and what they make again. */
const writingRules: readonly Rule[] = [
  {apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'patch']},
  {
    apiGroups: [''],
    resources: [
      'configmaps',
      'limitranges',
      'pods',
      'resourcequotas',
      'secrets',
      'serviceaccounts',
      'services',
    ],
    verbs: ['get', 'create', 'patch', 'delete'],
  },
  {
    apiGroups: ['apps'],
    resources: ['daemonsets', 'deployments', 'replicasets', 'statefulsets'],
    verbs: ['get', 'create', 'patch', 'delete'],
  },
  {apiGroups: ['batch'], resources: ['cronjobs', 'jobs'], verbs: ['get', 'create', 'patch', 'delete']},
  {
    apiGroups: ['networking.k8s.io'],
    resources: ['ingresses', 'networkpolicies'],
    verbs: ['get', 'create', 'patch', 'delete'],
  },
  {
    apiGroups: ['rbac.authorization.k8s.io'],
    resources: ['clusterrolebindings', 'clusterroles', 'rolebindings', 'roles'],
    verbs: ['get', 'create', 'patch', 'delete'],
  },
  {
    apiGroups: ['admissionregistration.k8s.io'],
    resources: ['validatingadmissionpolicies', 'validatingadmissionpolicybindings'],
    verbs: ['get', 'create', 'patch', 'delete'],
  },
];

/** The least ClusterRole that sees everything that controls read. `nodesProxy` is as strong as exec on every node. */
export const scanningRole = ({nodesProxy = false} = {}): JsonObject =>
  clusterRole('kubekata-scan', [...readingRules(), ...(nodesProxy ? [kubelets] : [])]);

/**
 * The ClusterRole that applies what fixes write, beside `scanningRole`. A fix of RBAC can grant only what its user may do:
 * the API server checks that itself.
 */
export const fixingRole = (): JsonObject => clusterRole('kubekata-fix', writingRules);
