import type {Edit, Fix} from '../src/engine/change.ts';
import {type ControlMeta, defineControl, type Failure, type View} from '../src/engine/control.ts';
import {asArray, asObject, asString} from '../src/engine/json.ts';
import {describe, labelsOf, type Resource, refOf} from '../src/engine/objects.ts';
import {type Container, isTopLevel, podTemplate} from '../src/engine/pod-spec.ts';
import {idsOf, remove, set, shown} from './shared/fix.ts';
import {listIn} from './shared/namespaces.ts';

const meta = {
  id: 'C-0047',
  title: 'Exposed dashboard',
  practice: 'control-plane',
  baseScore: 6,
  needs: ['Deployment', 'Service'],
  messages: {
    exposed:
      '{object} runs {found}, a dashboard from before 2.0.1, and {service} opens it to outside the cluster: who reaches it may skip the login. Close the Service, then update or remove the dashboard.',
  },
  references: [
    'Kubernetes Hardening Guidance, Network separation and hardening: Control plane hardening',
    'https://kubernetes.io/docs/tasks/access-application-cluster/web-ui-dashboard/',
  ],
} satisfies ControlMeta;

/** Dashboards before 2.0.1; an image without a version tells nothing. */
const oldDashboards = (resource: Resource): readonly Container[] =>
  podTemplate(resource).containers.filter(({type, spec}) => {
    const match = /dashboard[\w-]*:v?(\d+)\.(\d+)\.(\d+)/.exec(asString(spec.image));
    if (type !== 'containers' || match === null) return false;
    const [major, minor, patch] = match.slice(1).map(Number);
    return major! < 2 || (major === 2 && minor === 0 && patch === 0);
  });

const isOpen = ({object}: Resource): boolean =>
  ['NodePort', 'LoadBalancer'].includes(asString(asObject(object.spec).type));

/** The Services that lead from outside to the pods of a workload. */
const openServices = (resource: Resource, view: View): readonly Resource[] => {
  const labels = labelsOf({metadata: podTemplate(resource).metadata});
  return listIn(view, 'Service', resource.namespace).filter((service) => {
    const selector = Object.entries(asObject(asObject(service.object.spec).selector));
    return isOpen(service) && selector.length > 0 && selector.every(([key, value]) => labels[key] === value);
  });
};

export const c0047 = defineControl({
  meta,
  kinds: ['Deployment'],
  counts: isTopLevel,
  *check(resource, view) {
    if (!resource.name.startsWith('kubernetes-dashboard')) return;
    const service = openServices(resource, view).map(describe).join(', ');
    if (service === '') return;
    for (const {path, spec} of oldDashboards(resource)) {
      const data = {object: describe(resource), service};
      yield {message: 'exposed', path: [...path, 'image'], found: shown(spec.image), data};
    }
  },
  fixes: (failures, view) => [
    ...failures.map((failure) => inside(failure, openServices(failure.resource, view))),
    ...failures.map(removal),
  ],
});

const fieldsOfOutside = [
  ...['externalTrafficPolicy', 'healthCheckNodePort', 'allocateLoadBalancerNodePorts'],
  ...['loadBalancerIP', 'loadBalancerClass', 'loadBalancerSourceRanges'],
];

/** The edits that close a Service, with the fields that the API refuses beside ClusterIP. */
function closing({object}: Resource): readonly Edit[] {
  const spec = asObject(object.spec);
  return [
    set(['spec', 'type'], 'ClusterIP'),
    ...fieldsOfOutside.filter((field) => field in spec).map((field) => remove(['spec', field])),
    ...asArray(spec.ports).flatMap((port, index) =>
      'nodePort' in asObject(port) ? [remove(['spec', 'ports', index, 'nodePort'])] : [],
    ),
  ];
}

function inside(failure: Failure, services: readonly Resource[]): Fix {
  const approach = 'inside the cluster only';
  return {
    approach,
    summary: 'makes its Service a ClusterIP, reached by kubectl port-forward',
    kind: 'review',
    scope: 'object',
    change: {
      id: `${meta.id} ${approach} ${failure.resource.key}`,
      steps: services.map((service) => ({do: 'edit', object: refOf(service), edits: closing(service)})),
    },
    clears: idsOf(meta, failure),
    asks: [],
    consequence: `Whoever opens the dashboard by ${services.map(describe).join(', ')} from outside can't any more: kubectl port-forward still works.`,
  };
}

function removal({resource}: Failure): Fix {
  const approach = 'without the dashboard';
  const space = resource.namespace || 'default';
  return {
    approach,
    summary: 'removes it: kubectl, or a desktop program with your own rights, shows the same',
    kind: 'manual',
    scope: 'object',
    change: {id: `${meta.id} ${approach} ${resource.key}`, steps: []},
    clears: [],
    asks: [],
    steps: [
      `Look for its rights, mostly far too many: kubectl get clusterrolebindings -o wide | grep ${resource.name}`,
      `Remove it where it was installed from, or: kubectl -n ${space} delete deployment ${resource.name}, with its Service, ServiceAccount and bindings.`,
      `Verify: kubectl -n ${space} get deployment,service ${resource.name} finds neither.`,
    ],
  };
}
