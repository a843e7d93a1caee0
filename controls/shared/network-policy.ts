import type {Step} from '../../src/engine/change.ts';
import type {View} from '../../src/engine/control.ts';
import {asArray, asObject, asString, type Json, type JsonObject} from '../../src/engine/json.ts';
import type {Resource} from '../../src/engine/objects.ts';
import {podTemplate, WORKLOADS} from '../../src/engine/pod-spec.ts';
import {selects} from '../../src/engine/selectors.ts';
import {complete, type Work} from '../../src/engine/slices.ts';
import {listIn, spaceOf} from './namespaces.ts';
import {podLabels} from './network.ts';
import {overWorkloads} from './workload.ts';

/** Labels that name one pod or one rollout: a policy must outlive them. */
const passing =
  /^(pod-template-hash|controller-revision-hash|pod-template-generation|job-name|controller-uid|(statefulset|apps|batch)\.kubernetes\.io\/.*)$/;

/** What selects the pods of a workload, now and after its next rollout; undefined where they have no label. */
export function selectorOf(workload: Resource): JsonObject | undefined {
  const {selector} = asObject(workload.object.spec);
  const own = asObject(selector);
  if (workload.kind !== 'Job' && Object.keys(own).length > 0) return own;
  const labels = Object.entries(podLabels(workload)).filter(([key]) => !passing.test(key));
  return labels.length > 0 ? {matchLabels: Object.fromEntries(labels)} : undefined;
}

/** `service.namespace` as configuration names services, by the namespace that names them. */
type Mentions = ReadonlyMap<string, ReadonlySet<string>>;

const hostName = /([a-z0-9][a-z0-9-]*)\.([a-z0-9][a-z0-9-]*)/g;

/** Which services of which namespaces the workloads and ConfigMaps of each namespace name. */
function* mentionedServices(view: View): Work<Mentions> {
  const found = new Map<string, Set<string>>();
  const read = (namespace: string, value: Json | undefined): void => {
    if (typeof value !== 'string') return;
    const names = found.get(spaceOf(namespace)) ?? new Set();
    found.set(spaceOf(namespace), names);
    for (const [name] of value.matchAll(hostName)) names.add(name);
  };
  for (const workload of WORKLOADS.flatMap((kind) => view.list(kind))) {
    yield;
    if (!overWorkloads.counts(workload)) continue;
    for (const {spec} of podTemplate(workload).containers) {
      for (const word of [...asArray(spec.command), ...asArray(spec.args)]) read(workload.namespace, word);
      for (const variable of asArray(spec.env)) read(workload.namespace, asObject(variable).value);
    }
  }
  for (const {namespace, object} of view.list('ConfigMap')) {
    for (const value of Object.values(asObject(object.data))) read(namespace, value);
    yield;
  }
  return found;
}

/** What policies are made from: read once for all workloads. */
export type Surroundings = {
  readonly view: View;
  readonly mentions: Mentions;
  /** The Services that send to the pods of a workload. */
  services(workload: Resource): readonly Resource[];
};

export const surroundings = (view: View): Surroundings => complete(readingSurroundings(view));

/** The same in steps. */
export function* readingSurroundings(view: View): Work<Surroundings> {
  const byLabel = new Map<string, Resource[]>();
  const keyOf = (namespace: string, label: readonly [string, Json]) =>
    `${spaceOf(namespace)} ${label.join('=')}`;
  for (const service of view.list('Service')) {
    const [label] = Object.entries(asObject(asObject(service.object.spec).selector));
    if (label === undefined) continue;
    const key = keyOf(service.namespace, label);
    const list = byLabel.get(key);
    if (list) list.push(service);
    else byLabel.set(key, [service]);
  }
  const services = (workload: Resource): readonly Resource[] => {
    const labels = podLabels(workload);
    return Object.entries(labels)
      .flatMap((label) => byLabel.get(keyOf(workload.namespace, label)) ?? [])
      .filter(({object}) => selects({matchLabels: asObject(object.spec).selector ?? {}}, labels));
  };
  return {view, mentions: yield* mentionedServices(view), services};
}

const port = (value: Json, protocol: Json = 'TCP'): JsonObject => ({protocol, port: value});

export const targetPorts = ({object}: Resource): readonly JsonObject[] =>
  asArray(asObject(object.spec).ports).map((item) => {
    const given = asObject(item);
    return port(given.targetPort ?? given.port ?? 0, given.protocol);
  });

const fromNamespace = (name: string): JsonObject => ({
  namespaceSelector: {matchLabels: {'kubernetes.io/metadata.name': name}},
});
const ownPods: JsonObject = {podSelector: {}};

/** Called by the API server, which comes from the network of its node and is no pod: webhooks, aggregated APIs. */
const isCalledByApiServer = ({name}: Resource): boolean =>
  /webhook|admission|metrics-server|apiserver/.test(name);
const answersDns = (service: Resource): boolean =>
  targetPorts(service).some((one) => one.port === 53) || /dns/.test(service.name);
const isPublic = ({object}: Resource): boolean =>
  ['NodePort', 'LoadBalancer'].includes(asString(asObject(object.spec).type)) ||
  asArray(asObject(object.spec).externalIPs).length > 0;

const ingressController = /ingress|traefik|haproxy|contour|kong|envoy|gateway/;

/** Namespaces of the Ingress controllers; undefined where one is on the network of its node, or none was found. */
function controllerNamespaces(view: View): readonly string[] | undefined {
  const controllers = (['Deployment', 'DaemonSet'] as const)
    .flatMap((kind) => view.list(kind))
    .filter((one) =>
      podTemplate(one).containers.some(({spec}) => ingressController.test(asString(spec.image))),
    );
  const onNode = controllers.some((one) => podTemplate(one).spec.hostNetwork === true);
  return controllers.length === 0 || onNode
    ? undefined
    : [...new Set(controllers.map((one) => spaceOf(one.namespace)))];
}

const isRouted = (service: Resource, view: View): boolean =>
  listIn(view, 'Ingress', service.namespace).some(({object}) =>
    JSON.stringify(object.spec ?? {}).includes(`"name":"${service.name}"`),
  );

/** Who may call a Service: undefined for everybody, else peers of a policy rule. */
export function callers(
  service: Resource,
  {view, mentions}: Surroundings,
): readonly JsonObject[] | undefined {
  if (isPublic(service) || isCalledByApiServer(service) || answersDns(service)) return undefined;
  const own = spaceOf(service.namespace);
  const controllers = isRouted(service, view) ? controllerNamespaces(view) : [];
  if (controllers === undefined) return undefined;
  const named = [...mentions]
    .filter(([, names]) => names.has(`${service.name}.${own}`))
    .map(([namespace]) => namespace);
  const others = [...new Set([...controllers, ...named])].filter((namespace) => namespace !== own).sort();
  return [ownPods, ...others.map(fromNamespace)];
}

/** Rules that let DNS through: to the cluster's own pods for it where they are known, else to anybody. */
function dnsRule(view: View): JsonObject {
  const isKnown = listIn(view, 'Deployment', 'kube-system').some(
    (one) => podLabels(one)['k8s-app'] === 'kube-dns',
  );
  const to = {...fromNamespace('kube-system'), podSelector: {matchLabels: {'k8s-app': 'kube-dns'}}};
  return {...(isKnown ? {to: [to]} : {}), ports: [port(53, 'UDP'), port(53)]};
}

function egressRules(workload: Resource, {view, mentions}: Surroundings): readonly JsonObject[] {
  // Parts of the cluster call nodes, kubelets and upstream resolvers: what comes in is restricted, what goes out is not.
  if (workload.namespace === 'kube-system') return [{}];
  const own = spaceOf(workload.namespace);
  const named = [...(mentions.get(own) ?? [])].map((name) => name.split('.') as [string, string]);
  const others = new Set(
    named
      .filter(([name, space]) => space !== own && view.get('Service', space, name))
      .map(([, space]) => space),
  );
  return [
    dnsRule(view),
    {to: [ownPods, ...[...others].sort().map(fromNamespace)]},
    {ports: [port(443), port(6443)]},
  ];
}

/** A policy for the pods of one workload: in through its Services, out to DNS, its namespace, what it names, and HTTPS. */
export function policyFor(workload: Resource, selector: JsonObject, around: Surroundings): Step {
  const ingress = around.services(workload).map((service) => {
    const from = callers(service, around);
    return {...(from ? {from} : {}), ports: targetPorts(service)};
  });
  return createPolicy(workload.namespace, nameFor(workload, around.view), {
    podSelector: selector,
    policyTypes: ['Ingress', 'Egress'],
    ingress,
    egress: egressRules(workload, around),
  });
}

export function createPolicy(namespace: string, name: string, spec: JsonObject): Step {
  const base = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: {name, ...(namespace ? {namespace} : {})},
    spec,
  };
  return {do: 'create', id: `NetworkPolicy/${namespace}/${name}`, object: {base}};
}

/** A name that is free: workloads of two kinds may share theirs, and so may a policy that was made before. */
function nameFor({kind, namespace, name}: Resource, view: View): string {
  const isShared = WORKLOADS.some((other) => other !== kind && view.get(other, namespace, name));
  return freeName(view, namespace, isShared ? `kubekata-${kind.toLowerCase()}-${name}` : `kubekata-${name}`);
}

export function freeName(view: View, namespace: string, name: string): string {
  let free = name;
  for (let next = 2; view.get('NetworkPolicy', namespace, free); next += 1) free = `${name}-${next}`;
  return free;
}

/** Policies that deny all in a namespace, but DNS and what each of these workloads needs. */
export const denyAllBut = (
  namespace: string,
  workloads: readonly Resource[],
  around: Surroundings,
): readonly Step[] => [
  ...workloads.flatMap((workload) => {
    const onNode = podTemplate(workload).spec.hostNetwork === true;
    const selector = onNode ? undefined : selectorOf(workload);
    return selector ? [policyFor(workload, selector, around)] : [];
  }),
  createPolicy(namespace, freeName(around.view, namespace, 'kubekata-allow-dns'), {
    podSelector: {},
    policyTypes: ['Egress'],
    egress: [dnsRule(around.view)],
  }),
  createPolicy(namespace, freeName(around.view, namespace, 'kubekata-default-deny'), {
    podSelector: {},
    policyTypes: ['Ingress', 'Egress'],
  }),
];
