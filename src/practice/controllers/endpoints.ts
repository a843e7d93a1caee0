import {asArray, asObject, equal, type JsonObject} from '../../engine/json.ts';
import type {ChangeEvent} from '../api/machine.ts';
import {
  type Context,
  type Controller,
  defined,
  itself,
  keyOf,
  ownerReference,
  randomSuffix,
  refusal,
  splitKey,
  systemUser,
} from './controller.ts';
import {isReady, selects} from './pods.ts';
import type {Obj, Pod, Service, ServicePort} from './types.ts';

const component = 'endpointslice-controller';
const slices = 'endpointslices.discovery.k8s.io';
const managedBy = 'endpointslice.kubernetes.io/managed-by';

type Target = {readonly pod: Pod; readonly ready: boolean};

/** Writes who answers for a Service: an EndpointSlice, and the Endpoints that older clients read. */
export function endpointController(context: Context): Controller {
  const {cache, machine} = context;

  function reconcile(key: string): void {
    const [namespace, name] = splitKey(key);
    const service = cache.get<Service>('services', namespace, name);
    if (!service) {
      drop('endpoints', namespace, name);
      return;
    }
    if (!service.spec.selector || Object.keys(service.spec.selector).length === 0) return;
    if (service.spec.type === 'ExternalName') return;
    const targets = targetsOf(service);
    writeSlice(service, targets);
    writeEndpoints(service, targets);
  }

  function targetsOf(service: Service): readonly Target[] {
    const selector = {matchLabels: service.spec.selector ?? {}};
    return cache
      .list<Pod>('pods', service.metadata.namespace)
      .filter(
        (pod) =>
          pod.status?.podIP !== undefined &&
          pod.status.phase !== 'Succeeded' &&
          pod.status.phase !== 'Failed' &&
          selects(selector, pod.metadata.labels),
      )
      .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
      .map((pod) => ({pod, ready: isReady(pod) || service.spec.publishNotReadyAddresses === true}));
  }

  function writeSlice(service: Service, targets: readonly Target[]): void {
    const {name, namespace = ''} = service.metadata;
    const user = systemUser(component);
    const endpoints = targets.map(({pod, ready}) => {
      const terminating = pod.metadata.deletionTimestamp !== undefined;
      return defined({
        addresses: [pod.status?.podIP ?? ''],
        conditions: {ready: ready && !terminating, serving: ready, terminating},
        hostname: pod.spec.subdomain === name ? (pod.spec.hostname as string | undefined) : undefined,
        nodeName: pod.spec.nodeName,
        targetRef: reference(pod),
      });
    });
    const ports = (service.spec.ports ?? []).flatMap((port) => {
      const number = portNumber(port, targets[0]?.pod);
      return number === undefined
        ? []
        : [
            defined({
              name: port.name ?? '',
              port: number,
              protocol: port.protocol ?? 'TCP',
              appProtocol: port.appProtocol,
            }),
          ];
    });
    const known = cache
      .controlled<Obj>(slices, service)
      .find((slice) => slice.metadata.labels?.[managedBy] === 'endpointslice-controller.k8s.io');
    const labels = {
      ...service.metadata.labels,
      ...(service.spec.clusterIP === 'None' ? {'service.kubernetes.io/headless': ''} : {}),
      'kubernetes.io/service-name': name,
      [managedBy]: 'endpointslice-controller.k8s.io',
    };
    if (known) {
      if (
        equal(asArray(known.endpoints), endpoints) &&
        equal(asArray(known.ports), ports) &&
        equal(known.metadata.labels, labels)
      )
        return;
      machine.update(slices, {...known, metadata: {...known.metadata, labels}, endpoints, ports}, {user});
      return;
    }
    const slice = {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        generateName: `${name}-`,
        name: `${name}-${randomSuffix()}`,
        namespace,
        labels,
        ownerReferences: [ownerReference(service)],
      },
      addressType: 'IPv4',
      endpoints,
      ports,
    };
    machine.create(slices, namespace, slice, {user});
  }

  function writeEndpoints(service: Service, targets: readonly Target[]): void {
    const {name, namespace = ''} = service.metadata;
    const user = systemUser('endpoint-controller');
    const present = targets.filter(({pod}) => pod.metadata.deletionTimestamp === undefined);
    const address = ({pod}: Target) =>
      defined({ip: pod.status?.podIP, nodeName: pod.spec.nodeName, targetRef: reference(pod)});
    const ready = present.filter((one) => one.ready).map(address);
    const notReady = present.filter((one) => !one.ready).map(address);
    const ports = (service.spec.ports ?? []).flatMap((port) => {
      const number = portNumber(port, targets[0]?.pod);
      return number === undefined
        ? []
        : [defined({name: port.name, port: number, protocol: port.protocol ?? 'TCP'})];
    });
    const subsets: readonly JsonObject[] =
      present.length === 0
        ? []
        : [
            defined({
              addresses: ready.length > 0 ? ready : undefined,
              notReadyAddresses: notReady.length > 0 ? notReady : undefined,
              ports: ports.length > 0 ? ports : undefined,
            }),
          ];
    const labels = {
      ...service.metadata.labels,
      'endpoints.kubernetes.io/managed-by': 'endpoint-controller',
      ...(service.spec.clusterIP === 'None' ? {'service.kubernetes.io/headless': ''} : {}),
    };
    const known = cache.get<Obj>('endpoints', namespace, name);
    if (known) {
      if (equal(asArray(known.subsets), subsets) && equal(asObject(known.metadata.labels), labels)) return;
      machine.update('endpoints', {...known, metadata: {...known.metadata, labels}, subsets}, {user});
    } else {
      const endpoints = {apiVersion: 'v1', kind: 'Endpoints', metadata: {name, namespace, labels}, subsets};
      machine.create('endpoints', namespace, endpoints, {user});
    }
  }

  function drop(resource: string, namespace: string, name: string): void {
    if (!cache.get(resource, namespace, name)) return;
    try {
      machine.delete(resource, namespace, name, {user: systemUser('endpoint-controller')});
    } catch (error) {
      if (refusal(error).code !== 404) throw error;
    }
  }

  /** Services of the pod, by its labels before and now. */
  function servicesOf({object, previous, type}: ChangeEvent): readonly string[] {
    const pod = object as Pod;
    const before = previous as Pod | undefined;
    if (type === 'MODIFIED' && before && sameForServices(pod, before)) return [];
    return cache
      .list<Service>('services', pod.metadata.namespace)
      .filter(({spec: {selector}}) => {
        if (!selector || Object.keys(selector).length === 0) return false;
        const wanted = {matchLabels: selector};
        return (
          selects(wanted, pod.metadata.labels) ||
          (before !== undefined && selects(wanted, before.metadata.labels))
        );
      })
      .map(keyOf);
  }

  return {name: component, level: 5, watches: {services: itself, pods: servicesOf}, reconcile};
}

const sameForServices = (a: Pod, b: Pod): boolean =>
  a.status?.podIP === b.status?.podIP &&
  a.status?.phase === b.status?.phase &&
  isReady(a) === isReady(b) &&
  a.metadata.deletionTimestamp === b.metadata.deletionTimestamp &&
  equal(a.metadata.labels, b.metadata.labels);

const reference = ({metadata: {name, namespace = '', uid}}: Pod): JsonObject => ({
  kind: 'Pod',
  name,
  namespace,
  uid,
});

function portNumber(port: ServicePort, pod: Pod | undefined): number | undefined {
  const target = port.targetPort ?? port.port;
  if (typeof target === 'number') return target;
  return pod?.spec.containers.flatMap((container) => container.ports ?? []).find((one) => one.name === target)
    ?.containerPort;
}
