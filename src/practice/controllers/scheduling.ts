import {asArray, asObject, asString, type JsonObject} from '../../engine/json.ts';
import {nanoOf} from '../api/quantity.ts';
import {matchesLabels} from '../api/selectors.ts';
import type {Node, Pod, PodSpec, Taint} from './types.ts';

/** Whether a pod puts up with a taint. */
export const tolerates = (spec: PodSpec, taint: Taint): boolean =>
  (spec.tolerations ?? []).some(
    (toleration) =>
      (!toleration.effect || toleration.effect === taint.effect) &&
      (!toleration.key || toleration.key === taint.key) &&
      (toleration.operator === 'Exists' ||
        (toleration.key && (toleration.value ?? '') === (taint.value ?? ''))),
  );

/** Node selector and required node affinity; its terms are alternatives. */
export function matchesNode(spec: PodSpec, node: Node): boolean {
  const labels = node.metadata.labels ?? {};
  for (const [key, value] of Object.entries(spec.nodeSelector ?? {})) if (labels[key] !== value) return false;
  const required = asObject(
    asObject(asObject(spec.affinity).nodeAffinity).requiredDuringSchedulingIgnoredDuringExecution,
  );
  const terms = asArray(required.nodeSelectorTerms);
  return terms.length === 0 || terms.some((term) => matchesTerm(asObject(term), node));
}

function matchesTerm(term: JsonObject, node: Node): boolean {
  const all = (list: readonly unknown[], values: JsonObject): boolean =>
    list.every((item) => {
      const {key, operator, values: wanted} = asObject(item as JsonObject);
      const operators = {
        In: 'in',
        NotIn: 'notin',
        Exists: 'exists',
        DoesNotExist: '!',
        Gt: 'gt',
        Lt: 'lt',
      } as const;
      const known = operators[asString(operator) as keyof typeof operators];
      const strings = asArray(wanted).map(asString);
      return (
        known !== undefined && matchesLabels([{key: asString(key), operator: known, values: strings}], values)
      );
    });
  const expressions = asArray(term.matchExpressions);
  const fields = asArray(term.matchFields);
  if (expressions.length === 0 && fields.length === 0) return false;
  return all(expressions, node.metadata.labels ?? {}) && all(fields, {'metadata.name': node.metadata.name});
}

export type Requests = {readonly cpu: bigint; readonly memory: bigint};

/** What a pod asks a node for, in nano units: the containers together, or its largest init container. */
export function requestsOf(spec: PodSpec): Requests {
  const of = (resource: 'cpu' | 'memory'): bigint => {
    const sum = spec.containers.reduce(
      (total, one) => total + nanoOf(one.resources?.requests?.[resource]),
      0n,
    );
    const inits = (spec.initContainers ?? []).map((one) => nanoOf(one.resources?.requests?.[resource]));
    return inits.reduce((most, one) => (one > most ? one : most), sum);
  };
  return {cpu: of('cpu'), memory: of('memory')};
}

export const hostPortsOf = (spec: PodSpec): readonly string[] =>
  spec.containers.flatMap((container) =>
    (container.ports ?? []).flatMap((port) => {
      const host = port.hostPort ?? (spec.hostNetwork ? port.containerPort : undefined);
      return host ? [`${port.protocol ?? 'TCP'}/${host}`] : [];
    }),
  );

/** What keeps a pod from a node, worded as the scheduler counts it; undefined when nothing does. */
export function obstacle(pod: Pod, node: Node, there: readonly Pod[], used: Requests): string | undefined {
  const {spec} = pod;
  if (node.spec.unschedulable === true) {
    const cordon = {key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule'};
    if (!tolerates(spec, cordon)) return 'node(s) were unschedulable';
  }
  const taint = (node.spec.taints ?? []).find(
    (one) =>
      one.effect !== 'PreferNoSchedule' &&
      !(one.key === 'node.kubernetes.io/unschedulable') &&
      !tolerates(spec, one),
  );
  if (taint) return `node(s) had untolerated taint(s)`;
  if (!matchesNode(spec, node)) return "node(s) didn't match Pod's node affinity/selector";
  const ports = hostPortsOf(spec);
  if (ports.length > 0) {
    const taken = new Set(there.flatMap((other) => hostPortsOf(other.spec)));
    if (ports.some((port) => taken.has(port)))
      return "node(s) didn't have free ports for the requested pod ports";
  }
  const wants = requestsOf(spec);
  const {cpu, memory, pods} = node.status?.allocatable ?? {};
  if (pods !== undefined && there.length + 1 > Number(pods)) return 'Too many pods';
  if (wants.cpu > 0n && used.cpu + wants.cpu > nanoOf(cpu)) return 'Insufficient cpu';
  if (wants.memory > 0n && used.memory + wants.memory > nanoOf(memory)) return 'Insufficient memory';
  return undefined;
}
