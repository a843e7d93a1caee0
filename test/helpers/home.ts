import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {parse} from 'yaml';
import {Inventory} from '../../src/engine/inventory.ts';
import {asArray, asObject, type Json, type JsonObject} from '../../src/engine/json.ts';
import {kubeletResource} from '../../src/engine/kubelet.ts';
import {resourceOf} from '../../src/engine/objects.ts';
import {parseObjects} from './test-control.ts';

const folder = join(import.meta.dirname, '../../src/practice/scenarios/home');
const read = (path: string): string => readFileSync(join(folder, path), 'utf8');

/** A pod of a file on a node, as the API shows it: named for its node, mirrored, host ports filled in. */
function mirrorPod(pod: JsonObject, node: string): JsonObject {
  const metadata = asObject(pod.metadata);
  const spec = asObject(pod.spec);
  const withHostPorts = (item: Json): JsonObject => {
    const container = asObject(item);
    const ports = asArray(container.ports).map((one) => {
      const port = asObject(one);
      return {...port, hostPort: port.hostPort ?? port.containerPort ?? 0};
    });
    return ports.length > 0 ? {...container, ports} : container;
  };
  return {
    ...pod,
    metadata: {
      ...metadata,
      name: `${String(metadata.name)}-${node}`,
      annotations: {...asObject(metadata.annotations), 'kubernetes.io/config.mirror': 'seen'},
    },
    spec: {...spec, nodeName: node, containers: asArray(spec.containers).map(withHostPorts)},
  };
}

/**
 * The scenario `home` from its manifests, without a server: what controllers and kubelets would add that a control counts
 * (accounts and CA of each namespace, mirror pods, kubelets) is added; pods of workloads are not, they are never counted.
 */
export function homeInventory(): Inventory {
  const inventory = new Inventory();
  const add = (object: JsonObject): void => void inventory.set(resourceOf(object));
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.yaml'))) {
    parseObjects(read(name)).forEach(add);
  }
  for (const {name: namespace} of inventory.list('Namespace')) {
    for (const [kind, name] of [
      ['ServiceAccount', 'default'],
      ['ConfigMap', 'kube-root-ca.crt'],
    ] as const) {
      if (inventory.get(kind, namespace, name)) continue;
      add({
        apiVersion: 'v1',
        kind,
        metadata: {name, namespace},
        ...(kind === 'ConfigMap' ? {data: {'ca.crt': 'x'}} : {}),
      });
    }
  }
  for (const node of readdirSync(join(folder, 'nodes'))) {
    const manifests = `nodes/${node}/etc/kubernetes/manifests`;
    if (node === 'rpi-1') {
      for (const file of readdirSync(join(folder, manifests))) {
        add(mirrorPod(parse(read(`${manifests}/${file}`)) as JsonObject, node));
      }
    }
    const config = parse(read(`nodes/${node}/var/lib/kubelet/config.yaml`)) as JsonObject;
    inventory.set(kubeletResource(node, config, 'configz'));
  }
  return inventory;
}
