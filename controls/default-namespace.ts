import {type ControlMeta, defineControl} from '../src/engine/control.ts';
import {describe} from '../src/engine/objects.ts';
import {WORKLOADS} from '../src/engine/pod-spec.ts';
import {manualFix} from './shared/manual.ts';
import {spaceOf} from './shared/namespaces.ts';
import {overWorkloads} from './shared/workload.ts';

const meta = {
  id: 'default-namespace',
  title: 'Workloads in namespace default',
  practice: 'namespaces',
  baseScore: 4,
  needs: WORKLOADS,
  messages: {
    default:
      '{object} runs in namespace default, where everything lands that names no namespace: roles, quotas and policies made for one would hold for all of it. Give it a namespace of its own.',
  },
  references: [
    'Kubernetes Hardening Guidance, Network separation and hardening: Namespaces',
    'https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/',
  ],
} satisfies ControlMeta;

export const defaultNamespace = defineControl({
  meta,
  ...overWorkloads,
  *check(resource) {
    if (spaceOf(resource.namespace) !== 'default') return;
    yield {
      message: 'default',
      path: ['metadata', 'namespace'],
      found: resource.namespace || 'not set',
      data: {object: describe(resource)},
    };
  },
  fixes: (failures) =>
    failures.map(({resource}) => {
      const kind = resource.kind.toLowerCase();
      return manualFix(meta, resource.key, {
        approach: 'a namespace of its own',
        summary: 'makes it again in another namespace: a namespace can not be changed',
        steps: [
          'Make the namespace, labelled for Pod Security: kubectl create namespace NAME && kubectl label namespace NAME pod-security.kubernetes.io/enforce=baseline',
          `Set metadata.namespace in the source of ${describe(resource)} and of what it needs: ServiceAccount, ConfigMaps, Secrets, Services, claims. A claim's data has to be copied.`,
          'Apply it there, let callers use NAME.svc, and see that it is ready.',
          `Then delete the old one: kubectl -n default delete ${kind} ${resource.name}`,
          `Verify: kubectl -n default get ${kind} ${resource.name} answers NotFound.`,
        ],
      });
    }),
});
