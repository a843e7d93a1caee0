import {asObject} from '../../../engine/json.ts';
import type {ContainerAccess, ContainerOf} from '../../api/containers.ts';
import type {Machine} from '../../api/machine.ts';
import {Cache} from '../cache.ts';
import {containersOf} from '../pods.ts';
import {builtInResources} from '../resources.ts';
import type {Container, Node, Pod} from '../types.ts';
import {nodeAddress} from './addresses.ts';
import {type Place, runCommand} from './commands.ts';
import {configFault} from './config-fault.ts';
import {dataOf, fieldOf, filesOf, type TokenOf} from './files.ts';
import {podLog} from './log.ts';
import {userOf} from './start.ts';
import {readTraits} from './traits.ts';

/** `logs` and `exec`, answered from what the API holds and what the scenario says of images. */
export function containerAccess(
  machine: Machine,
  scenarioDirectory: string,
  nodeDirectory: string,
  tokenOf: TokenOf,
): ContainerAccess {
  const find = ({namespace, name, container}: ContainerOf) => {
    const pod = machine.get('pods', namespace, name) as Pod | undefined;
    const found = pod && containersOf(pod).find((one) => one.name === container);
    return pod && found ? {pod, container: found} : undefined;
  };
  const placeOf = (pod: Pod, container: Container): Place => {
    const cache = new Cache();
    cache.load(machine, builtInResources);
    const traits = readTraits(scenarioDirectory, cache)(pod, container);
    const security = container.securityContext;
    const group = Number(security?.runAsGroup ?? pod.spec.securityContext?.runAsGroup ?? 0);
    const fsGroup = pod.spec.securityContext?.fsGroup;
    const writable = (container.volumeMounts ?? []).filter((mount) => mount.readOnly !== true);
    const isMounted = (path: string): boolean =>
      writable.some(({mountPath}) => path.startsWith(`${mountPath.replace(/\/$/, '')}/`));
    return {
      files: filesOf(machine, pod, container, tokenOf),
      environment: environmentOf(machine, pod, container),
      user: userOf(pod, container, traits),
      group,
      groups: typeof fsGroup === 'number' ? [fsGroup] : [],
      hostname: pod.metadata.name,
      program: [...(container.command ?? []), ...(container.args ?? [])].join(' ') || container.name,
      hasShell: traits.shell,
      isReadOnly: (path) => security?.readOnlyRootFilesystem === true && !isMounted(path),
    };
  };
  return {
    unreachable(name) {
      const node = machine.get('nodes', '', name) as Node | undefined;
      if (!node || configFault(nodeDirectory, name) === undefined) return undefined;
      const address = `${nodeAddress(node)}:10250`;
      return {address, why: `dial tcp ${address}: connect: connection refused`};
    },
    log: (of) => podLog(machine, scenarioDirectory, of, nodeDirectory),
    run(of, command) {
      const found = find(of);
      if (!found)
        return {
          stdout: '',
          stderr: '',
          exitCode: 1,
          refused: `container not found (${JSON.stringify(of.container)})`,
        };
      return runCommand(command, placeOf(found.pod, found.container));
    },
    prompt(of) {
      const found = find(of);
      return found && placeOf(found.pod, found.container).user === 0 ? '/ # ' : '/ $ ';
    },
  };
}

function environmentOf(machine: Machine, pod: Pod, container: Container): ReadonlyMap<string, string> {
  const namespace = pod.metadata.namespace ?? '';
  const result = new Map([
    ['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    ['HOSTNAME', pod.metadata.name],
    ['KUBERNETES_SERVICE_HOST', '10.96.0.1'],
    ['KUBERNETES_SERVICE_PORT', '443'],
  ]);
  for (const {configMapRef, secretRef, prefix = ''} of container.envFrom ?? []) {
    const data = configMapRef
      ? dataOf(machine, 'configmaps', namespace, configMapRef.name)
      : dataOf(machine, 'secrets', namespace, secretRef?.name ?? '');
    for (const [key, value] of data) result.set(`${String(prefix)}${key}`, value);
  }
  for (const {name, value, valueFrom} of container.env ?? []) {
    const {configMapKeyRef: map, secretKeyRef: secret} = valueFrom ?? {};
    const field = asObject(asObject(valueFrom).fieldRef).fieldPath;
    let text: string | undefined;
    if (map) text = dataOf(machine, 'configmaps', namespace, map.name).get(map.key);
    else if (secret) text = dataOf(machine, 'secrets', namespace, secret.name).get(secret.key);
    else if (typeof field === 'string') text = fieldOf(pod, field);
    else
      text = (value ?? '').replaceAll(
        /\$\((\w+)\)/g,
        (all, other) => result.get(String(other)) ?? String(all),
      );
    if (text !== undefined) result.set(name, text);
  }
  result.set('HOME', '/');
  return result;
}
