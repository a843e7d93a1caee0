import type {Fix} from '../src/engine/change.ts';
import {type ControlMeta, defineControl, type Failure} from '../src/engine/control.ts';
import {asArray, asObject, isObject} from '../src/engine/json.ts';
import type {Resource} from '../src/engine/objects.ts';
import {WORKLOADS} from '../src/engine/pod-spec.ts';
import {idsOf} from './shared/fix.ts';
import {listIn} from './shared/namespaces.ts';
import {
  callers,
  createPolicy,
  denyAllBut,
  type Surroundings,
  surroundings,
  targetPorts,
} from './shared/network-policy.ts';
import {overWorkloads} from './shared/workload.ts';

const meta = {
  id: 'C-0054',
  title: 'Cluster internal networking',
  practice: 'network-policies',
  baseScore: 4,
  needs: ['Namespace', 'NetworkPolicy'],
  messages: {
    open: 'Namespace {name} has {found}: every pod of the cluster reaches every pod in it, on every port. Add one that lets in what is needed.',
  },
  references: [
    'Kubernetes Hardening Guidance, Network separation and hardening: Network policies',
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
  ],
} satisfies ControlMeta;

export const c0054 = defineControl({
  meta,
  kinds: ['Namespace'],
  *check({name}, view) {
    const own = ['NetworkPolicy', 'CiliumNetworkPolicy'].some((kind) => listIn(view, kind, name).length > 0);
    if (own || view.list('CiliumClusterwideNetworkPolicy').some(coversAll)) return;
    yield {message: 'open', path: ['metadata', 'name'], found: 'no NetworkPolicy', data: {name}};
  },
  fixes(failures, view) {
    const around = surroundings(view);
    // kube-system must reach nodes, and be reached, in ways that no object tells.
    const ordinary = failures.filter(({resource}) => resource.name !== 'kube-system');
    return [
      ...failures.map((failure) => within(failure, around)),
      ...ordinary.map((failure) => denying(failure, around)),
    ];
  },
});

/** Whether a cluster-wide policy restricts every pod: it selects all, and does not switch its denial off. */
function coversAll({object}: Resource): boolean {
  return [object.spec, ...asArray(object.specs)].filter(isObject).some((spec) => {
    const {endpointSelector, enableDefaultDeny, ingress, egress} = spec;
    const {matchLabels, matchExpressions} = asObject(endpointSelector);
    const selectsAll =
      isObject(endpointSelector) &&
      Object.keys(asObject(matchLabels)).length === 0 &&
      asArray(matchExpressions).length === 0;
    const denies = asObject(enableDefaultDeny);
    const isOff = denies.ingress === false && denies.egress === false;
    return selectsAll && !isOff && (ingress !== undefined || egress !== undefined);
  });
}

/** Lets in the namespace's own pods, and who calls a Service of it: everybody where that can't be told. */
function within(failure: Failure, around: Surroundings): Fix {
  const {name} = failure.resource;
  const services = listIn(around.view, 'Service', name)
    .filter(({object}) => Object.keys(asObject(asObject(object.spec).selector)).length > 0)
    // What runs there (DNS, metrics) is there for everyone.
    .map((service) => ({
      service,
      from: name === 'kube-system' ? undefined : callers(service, around),
    }));
  const opened = services.filter(({from}) => from === undefined || from.length > 1);
  const closed = services.filter((one) => !opened.includes(one)).map(({service}) => service.name);
  const lost = closed.length > 0 ? `Service ${closed.join(', ')}` : 'pods without a Service';
  const kept = opened.map(({service}) => service.name).join(', ');
  const approach = 'inside the namespace';
  return {
    approach,
    summary: 'lets in its own pods, and who is known to call its Services; what goes out stays open',
    kind: 'review',
    scope: 'namespace',
    change: {
      id: `${meta.id} ${approach} ${name}`,
      steps: [
        createPolicy(name, 'kubekata-allow-same-namespace', {
          podSelector: {},
          policyTypes: ['Ingress'],
          ingress: [{from: [{podSelector: {}}]}],
        }),
        ...opened.map(({service, from}) =>
          createPolicy(name, `kubekata-allow-to-${service.name}`, {
            podSelector: {matchLabels: asObject(asObject(service.object.spec).selector)},
            policyTypes: ['Ingress'],
            ingress: [{...(from ? {from} : {}), ports: targetPorts(service)}],
          }),
        ),
      ],
    },
    clears: idsOf(meta, failure),
    asks: [],
    consequence: `Pods of other namespaces no longer reach ${lost} in namespace ${name}.${kept ? ` Service ${kept} stays open to its callers.` : ''} ${plugin}`,
  };
}

const plugin = 'A network plugin that knows no policies enforces nothing of it.';

/** The same policies as C-0030 makes for a namespace: together they are one change. */
function denying(failure: Failure, around: Surroundings): Fix {
  const {name} = failure.resource;
  const workloads = WORKLOADS.flatMap((kind) => listIn(around.view, kind, name)).filter((one) =>
    overWorkloads.counts(one),
  );
  const approach = 'default deny for the namespace';
  return {
    approach,
    summary: 'denies all, then allows DNS and what each workload needs',
    kind: 'review',
    scope: 'namespace',
    change: {id: `${meta.id} ${approach} ${name}`, steps: denyAllBut(name, workloads, around)},
    clears: idsOf(meta, failure),
    asks: [],
    consequence: `Pods of namespace ${name} reach DNS, the namespaces that their configuration names and ports 443 and 6443, and are reached by the known callers of their Services. All else is cut at once. ${plugin}`,
  };
}
