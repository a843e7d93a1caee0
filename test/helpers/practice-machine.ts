import {join} from 'node:path';
import {parseAllDocuments} from 'yaml';
import {asObject, asString, isObject, type JsonObject} from '../../src/engine/json.ts';
import type {Machine, Stored} from '../../src/practice/api/machine.ts';
import {loadRegistry} from '../../src/practice/api/registry-data.ts';
import {loadScenario} from '../../src/practice/api/scenario.ts';
import {ApiServer} from '../../src/practice/api/server.ts';
import {Store} from '../../src/practice/api/store.ts';
import {attachControllers, type StopControllers} from '../../src/practice/controllers/attach.ts';
import type {Pod} from '../../src/practice/controllers/types.ts';
import {ManualClock} from './manual-clock.ts';

export const homeDirectory = join(import.meta.dirname, '../../src/practice/scenarios/home');

export type Cluster = {
  readonly machine: Machine;
  readonly clock: ManualClock;
  readonly settled: () => Promise<void>;
  readonly advance: (milliseconds: number) => Promise<void>;
  /** Creates the objects of a YAML text. */
  readonly apply: (yaml: string) => void;
  /** Replaces a value by a function of the object. */
  readonly change: (
    resource: string,
    namespace: string,
    name: string,
    edit: (object: Stored) => Stored,
  ) => void;
  readonly get: <T extends JsonObject = Stored>(resource: string, namespace: string, name: string) => T;
  readonly pods: (namespace?: string) => readonly Pod[];
  readonly messages: (reason: string) => readonly string[];
  readonly errors: readonly unknown[];
  readonly stop: () => void;
  readonly restart: () => StopControllers;
};

const nodes = ['rpi-1', 'rpi-2', 'rpi-3'].map(
  (name, index): JsonObject => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {name, labels: {'kubernetes.io/hostname': name}},
    spec: {podCIDR: `10.244.${index}.0/24`},
    status: {
      allocatable: {cpu: '4', memory: '8Gi', pods: '110'},
      addresses: [{type: 'InternalIP', address: `192.168.1.1${index + 1}`}],
      conditions: [{type: 'Ready', status: 'True'}],
    },
  }),
);

/** A machine in memory with three nodes and the namespace `shop`, or with the whole home, and its controllers. */
export async function startCluster(
  options: {readonly home?: boolean; readonly nodeDirectory?: string} = {},
): Promise<Cluster> {
  const registry = await loadRegistry();
  const server = new ApiServer(new Store(() => undefined), registry);
  server.watchDefinitions();
  const clock = new ManualClock();
  const errors: unknown[] = [];
  if (options.home) await loadScenario(server, homeDirectory);
  const attach = (): StopControllers =>
    attachControllers(server, {
      scenarioDirectory: homeDirectory,
      nodeDirectory: options.nodeDirectory ?? '/nonexistent',
      clock,
      onError: (error) => errors.push(error),
    });
  let controllers = attach();
  const settled = async (): Promise<void> => {
    await controllers.settled();
    if (errors.length > 0) throw errors[0];
  };
  const apply = (yaml: string): void => {
    for (const document of parseAllDocuments(yaml)) {
      const object: unknown = document.toJS();
      if (!isObject(object)) continue;
      const info = registry.byKind(asString(object.apiVersion), asString(object.kind));
      if (!info) throw new Error(`no kind ${asString(object.kind)}`);
      const namespace = info.namespaced ? asString(asObject(object.metadata).namespace) || 'shop' : '';
      server.create(info.id, namespace, object);
    }
  };
  await settled();
  if (!options.home) {
    for (const node of nodes) server.create('nodes', '', node);
    for (const name of ['kube-system', 'shop']) {
      server.create('namespaces', '', {apiVersion: 'v1', kind: 'Namespace', metadata: {name}});
    }
    await settled();
    // The first settling is the past; from here on Events are written.
    server.create('pods', 'shop', probe);
    await settled();
    server.delete('pods', 'shop', 'probe');
    controllers();
    controllers = attach();
    await settled();
  }
  return {
    machine: server,
    clock,
    settled,
    advance: (milliseconds) => clock.advance(milliseconds, settled),
    apply,
    change(resource, namespace, name, edit) {
      const object = server.get(resource, namespace, name);
      if (!object) throw new Error(`no ${resource} ${namespace}/${name}`);
      server.update(resource, edit(object));
    },
    get<T extends JsonObject = Stored>(resource: string, namespace: string, name: string): T {
      const object = server.get(resource, namespace, name);
      if (!object) throw new Error(`no ${resource} ${namespace}/${name}`);
      return object as JsonObject as T;
    },
    pods: (namespace) => server.list('pods', namespace) as readonly Stored[] as readonly Pod[],
    messages: (reason) =>
      server
        .list('events')
        .filter((event) => event.reason === reason)
        .map((event) => asString(event.message)),
    errors,
    stop: () => controllers(),
    restart() {
      controllers();
      controllers = attach();
      return controllers;
    },
  };
}

const probe: JsonObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {name: 'probe', namespace: 'shop'},
  spec: {containers: [{name: 'probe', image: 'probe'}]},
};

export type DeploymentOptions = {
  readonly name?: string;
  readonly replicas?: number;
  readonly image?: string;
  /** YAML of the container, below its image. */
  readonly container?: string;
  /** YAML of the pod's spec. */
  readonly pod?: string;
  /** YAML of the Deployment's spec. */
  readonly spec?: string;
};

/** A Deployment in `shop`, as YAML. */
export const deployment = ({
  name = 'web',
  replicas = 1,
  image = 'registry.k8s.io/pause:3.10',
  container = '{}',
  pod = '{}',
  spec = '{}',
}: DeploymentOptions): string => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: shop}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
${indent(merge(pod, `containers:\n- name: main\n  image: ${image}\n${indent(container, 2)}`), 6)}
${indent(spec === '{}' ? '' : spec, 2)}
`;

const indent = (text: string, by: number): string =>
  text === '{}' ? '' : text.replace(/^(?=.)/gm, ' '.repeat(by));
const merge = (pod: string, containers: string): string =>
  pod === '{}' ? containers : `${pod.trimEnd()}\n${containers}`;
