import {type ControlMeta, defineControl} from '../src/engine/control.ts';
import {asObject} from '../src/engine/json.ts';
import {describe} from '../src/engine/objects.ts';
import {manualFix} from './shared/manual.ts';
import {hasWorkloads, listIn} from './shared/namespaces.ts';

const meta = {
  id: 'resource-quota',
  title: 'Namespaces without a quota',
  practice: 'resource-policies',
  baseScore: 3,
  needs: ['Namespace', 'ResourceQuota'],
  messages: {
    none: '{object} may take all memory and CPU of the cluster: {found}. Make a ResourceQuota with limits.memory and limits.cpu, or requests of both.',
  },
  references: [
    'Kubernetes Hardening Guidance, Network separation and hardening: Resource policies',
    'https://kubernetes.io/docs/concepts/policy/resource-quotas/',
  ],
} satisfies ControlMeta;

const limiting = [
  ['limits.memory', 'requests.memory', 'memory'],
  ['limits.cpu', 'requests.cpu', 'cpu'],
] as const;

export const resourceQuota = defineControl({
  meta,
  kinds: ['Namespace'],
  counts: ({name}, view) => name !== 'kube-system' && hasWorkloads(view, name),
  *check(resource, view) {
    const quotas = listIn(view, 'ResourceQuota', resource.name).map(({object}) => asObject(object.spec));
    const hard = quotas
      .filter(({scopes, scopeSelector}) => scopes === undefined && scopeSelector === undefined)
      .map((spec) => asObject(spec.hard));
    if (limiting.every((names) => hard.some((one) => names.some((name) => one[name] !== undefined)))) return;
    const found =
      quotas.length === 0
        ? 'it has no quota'
        : hard.length === 0
          ? 'its quota holds for some pods only'
          : 'its quota leaves CPU or memory out';
    yield {message: 'none', path: ['metadata', 'name'], found, data: {object: describe(resource)}};
  },
  fixes: (failures) =>
    failures.map(({resource: {name, key}}) =>
      manualFix(meta, key, {
        approach: 'a quota over what it uses',
        summary: 'sets a sum that all its pods may use together',
        scope: 'namespace',
        steps: [
          `See what its pods ask for: kubectl -n ${name} get pods -o custom-columns='NAME:.metadata.name,CPU:.spec.containers[*].resources.limits.cpu,MEMORY:.spec.containers[*].resources.limits.memory'`,
          'With a quota over limits, a pod without limits is refused: give defaults by a LimitRange first (control limit-range makes both at once).',
          `kubectl -n ${name} create quota ${name} --hard=limits.cpu=...,limits.memory=...,pods=... with twice of that, because at a rollout old and new pods run side by side.`,
          `Verify: kubectl -n ${name} describe quota shows what is used and what may be.`,
        ],
      }),
    ),
});
