import type {View} from '../../src/engine/control.ts';
import {asArray, asObject, asString, type Json, type JsonObject} from '../../src/engine/json.ts';
import type {Resource} from '../../src/engine/objects.ts';
import {listIn} from './namespaces.ts';

const specOf = ({object}: Resource): JsonObject => asObject(object.spec);

/** Names of the Services that an Ingress leads to. */
const backendsOf = (ingress: Resource): readonly string[] => {
  const {rules, defaultBackend} = specOf(ingress);
  const paths = asArray(rules).flatMap((rule) => asArray(asObject(asObject(rule).http).paths));
  return [defaultBackend, ...paths.map((path) => asObject(path).backend)].map((backend) =>
    asString(asObject(asObject(backend).service).name),
  );
};

/** Services of a namespace that have pods behind them: those reached from outside it, and the others. */
export function servicesOf(
  view: View,
  namespace: string,
): {readonly exposed: readonly Resource[]; readonly inner: readonly Resource[]} {
  const services = listIn(view, 'Service', namespace).filter(
    (service) => Object.keys(asObject(specOf(service).selector)).length > 0,
  );
  const backends = new Set(listIn(view, 'Ingress', namespace).flatMap(backendsOf));
  const isExposed = (service: Resource) =>
    // What runs there (DNS, metrics) is there for everyone.
    namespace === 'kube-system' ||
    ['NodePort', 'LoadBalancer'].includes(asString(specOf(service).type)) ||
    backends.has(service.name);
  return {
    exposed: services.filter(isExposed),
    inner: services.filter((service) => !isExposed(service)),
  };
}

/** The ports of the pods behind a Service, as a NetworkPolicy names them. */
const podPorts = (service: Resource): readonly Json[] =>
  asArray(specOf(service).ports).map((item) => {
    const {port, targetPort, protocol} = asObject(item);
    return {protocol: protocol ?? 'TCP', port: targetPort ?? port ?? 0};
  });

const policy = (namespace: string, name: string, spec: JsonObject): JsonObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: namespace ? {name, namespace} : {name},
  spec,
});

/** A policy that lets anyone reach the pods behind a Service, on its ports. */
export const openingOf = (namespace: string, service: Resource): JsonObject =>
  policy(namespace, `allow-to-${service.name}`, {
    podSelector: {matchLabels: asObject(specOf(service).selector)},
    policyTypes: ['Ingress'],
    ingress: [{ports: podPorts(service)}],
  });

const sameNamespace = {podSelector: {}};

/** Lets pods of the namespace reach each other, and nobody else reach them. */
export const allowWithin = (namespace: string): JsonObject =>
  policy(namespace, 'allow-same-namespace', {
    podSelector: {},
    policyTypes: ['Ingress'],
    ingress: [{from: [sameNamespace]}],
  });

/** Lets pods of the namespace reach each other and look up names, and nothing else in either direction. */
export const denyByDefault = (namespace: string): JsonObject =>
  policy(namespace, 'deny-all-but-namespace-and-dns', {
    podSelector: {},
    policyTypes: ['Ingress', 'Egress'],
    ingress: [{from: [sameNamespace]}],
    egress: [
      {to: [sameNamespace]},
      {
        to: [
          {
            namespaceSelector: {matchLabels: {'kubernetes.io/metadata.name': 'kube-system'}},
            podSelector: {matchLabels: {'k8s-app': 'kube-dns'}},
          },
        ],
        ports: [
          {protocol: 'UDP', port: 53},
          {protocol: 'TCP', port: 53},
        ],
      },
    ],
  });
