import {asArray, asObject, asString, type JsonObject} from '../../engine/json.ts';
import {describe, refOf} from '../../engine/objects.ts';
import {podTemplate} from '../../engine/pod-spec.ts';
import {type Consequence, listOf, type Topic} from './situation.ts';

/** What a pod shared with its node and does not any more. */
export const host: Topic = ({workloads}) => {
  const found: Consequence[] = [];
  for (const {ref, before, after} of workloads) {
    if (before === undefined) continue;
    const was = podTemplate(before).spec;
    const is = podTemplate(after).spec;
    const name = describe(after);
    const tell = (text: string) =>
      found.push({mark: 'look', text: `${name} ${text}`, object: refOf(after), cause: ref});
    const lost = hostPorts(before).filter((port) => !hostPorts(after).includes(port));
    if (was.hostNetwork === true && is.hostNetwork !== true) {
      tell(
        `leaves the network of its node: it gets an address of its own, and who reached it at that of the node${lost.length > 0 ? ` (${portsText(lost)})` : ''} no longer does.`,
      );
    } else if (lost.length > 0) {
      tell(`does not answer at ${portsText(lost)} of its node any more: reach it by a Service.`);
    }
    if (was.hostPID === true && is.hostPID !== true) tell('does not see the processes of its node any more.');
    if (was.hostIPC === true && is.hostIPC !== true) tell('does not share memory with its node any more.');
    const paths = hostPaths(was).filter((path) => !hostPaths(is).includes(path));
    if (paths.length > 0)
      tell(`does not see ${listOf(paths)} of its node any more: what it kept there stays on the node.`);
  }
  return found;
};

const portsText = (ports: readonly string[]): string =>
  `${ports.length === 1 ? 'port' : 'ports'} ${listOf(ports)}`;

const hostPorts = (workload: Parameters<typeof podTemplate>[0]): readonly string[] => {
  const {containers, spec} = podTemplate(workload);
  return containers.flatMap((container) =>
    asArray(container.spec.ports)
      .map(asObject)
      .map((port) => (spec.hostNetwork === true ? (port.hostPort ?? port.containerPort) : port.hostPort))
      .filter((port) => typeof port === 'number' && port > 0)
      .map(String),
  );
};

const hostPaths = (spec: JsonObject): readonly string[] =>
  asArray(spec.volumes)
    .map((volume) => asString(asObject(asObject(volume).hostPath).path))
    .filter(Boolean);
