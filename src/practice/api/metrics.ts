import type {JsonObject} from '../../engine/json.ts';
import {asObject, asString} from '../../engine/json.ts';
import type {Column, ResourceInfo} from './resources.ts';
import type {TypeInfo} from './schema.ts';

/** What metrics.k8s.io tells; the simulated kubelets know it. */
export type MetricsProvider = {
  /** PodMetrics of the running pods of a namespace, or of all. */
  pods(namespace?: string): readonly JsonObject[];
  /** NodeMetrics of all nodes. */
  nodes(): readonly JsonObject[];
  stop(): void;
};

const group = 'metrics.k8s.io';
const columns: readonly Column[] = ['Name', 'cpu', 'memory', 'window'].map((name) => ({
  name,
  type: 'string',
  format: name === 'Name' ? 'name' : '',
  priority: 0,
}));

const info = (plural: string, kind: string, namespaced: boolean): ResourceInfo => {
  const type: TypeInfo = {name: kind, goName: kind, atomic: false, fields: new Map(), open: true};
  return {
    id: `${plural}.${group}`,
    plural,
    group,
    version: 'v1beta1',
    apiVersion: `${group}/v1beta1`,
    kind,
    singular: '',
    namespaced,
    shortNames: [],
    categories: [],
    verbs: ['get', 'list'],
    subresources: new Map(),
    columns,
    type,
  };
};

export const metricsResources: readonly ResourceInfo[] = [
  info('nodes', 'NodeMetrics', false),
  info('pods', 'PodMetrics', true),
];

/** Metrics of a kind, in the order of namespace and name. */
export function metricsList(
  provider: MetricsProvider,
  plural: string,
  namespace: string,
): readonly JsonObject[] {
  const found = plural === 'nodes' ? provider.nodes() : provider.pods(namespace || undefined);
  const key = (object: JsonObject): string => {
    const metadata = asObject(object.metadata);
    return `${asString(metadata.namespace)}/${asString(metadata.name)}`;
  };
  return found.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}
