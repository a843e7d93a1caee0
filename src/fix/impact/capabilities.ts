import {asArray, asObject, asString} from '../../engine/json.ts';
import {describe, refOf} from '../../engine/objects.ts';
import {type Container, podTemplate} from '../../engine/pod-spec.ts';
import {type Consequence, listOf, type Topic} from './situation.ts';

/** What a container runtime gives without being asked, as far as it matters for programs that start as root. */
const given = [
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'KILL',
  'NET_BIND_SERVICE',
  'NET_RAW',
  'SETGID',
  'SETUID',
  'SYS_CHROOT',
] as const;

const plain = (name: string): string => name.toUpperCase().replace(/^CAP_/, '');

/** The capabilities of a container, of those that are given and those that it adds. */
export function capabilitiesOf(container: Container): ReadonlySet<string> {
  const {add, drop} = asObject(container.securityContext.capabilities);
  const added = asArray(add).map((one) => plain(asString(one)));
  const dropped = asArray(drop).map((one) => plain(asString(one)));
  const start: string[] = dropped.includes('ALL') ? [] : given.filter((name) => !dropped.includes(name));
  return new Set([...start, ...added]);
}

/** Ports below 1024 that it names: of its own, and of its probes. */
export function lowPorts({spec}: Container): readonly number[] {
  const probes = ['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((name) => {
    const probe = asObject(spec[name]);
    return [asObject(probe.httpGet).port, asObject(probe.tcpSocket).port];
  });
  const own = asArray(spec.ports).map((port) => asObject(port).containerPort);
  const ports = [...own, ...probes].filter((port) => typeof port === 'number');
  return [...new Set(ports.filter((port) => port > 0 && port < 1024))];
}

/** Capabilities that go: ports below 1024, and programs that start as root and then change user. */
export const capabilities: Topic = ({workloads}) => {
  const found: Consequence[] = [];
  for (const {ref, before, after} of workloads) {
    if (before === undefined) continue;
    const old = podTemplate(before).containers;
    for (const container of podTemplate(after).containers) {
      const was = old.find(({name, type}) => name === container.name && type === container.type);
      if (was === undefined) continue;
      const left = capabilitiesOf(container);
      const gone = [...capabilitiesOf(was)].filter((name) => !left.has(name));
      if (gone.length === 0) continue;
      const who = `${describe(after)}, container ${container.name},`;
      const ports = lowPorts(container);
      const tell = (text: string) => found.push({mark: 'look', text, object: refOf(after), cause: ref});
      if (gone.includes('NET_BIND_SERVICE') && ports.length > 0) {
        tell(
          `${who} listens on ${ports.length === 1 ? 'port' : 'ports'} ${listOf(ports.map(String))} and loses NET_BIND_SERVICE: where the runtime of its node keeps ports below 1024 for root, it does not start. Keep that capability, or use a port from 1024.`,
        );
      }
      const extra = asArray(asObject(was.securityContext.capabilities).add).map((one) =>
        plain(asString(one)),
      );
      const asked = gone.filter((name) => extra.includes(name) || extra.includes('ALL'));
      if (asked.length > 0) {
        const [them, were] = asked.length === 1 ? ['it', 'it was'] : ['them', 'they were'];
        tell(`${who} asked for ${listOf(asked)} and loses ${them}: somebody thought that ${were} needed.`);
      }
      const user = container.securityContext.runAsUser ?? podTemplate(after).securityContext.runAsUser;
      const isRoot = user === undefined || user === 0;
      const needed = gone.filter((name) => ['CHOWN', 'SETUID', 'SETGID', 'DAC_OVERRIDE'].includes(name));
      if (isRoot && needed.length > 0) {
        tell(
          `${who} loses ${listOf(needed, 4)}: if its image starts as root and then changes user or owners of files, it fails (operation not permitted).`,
        );
      }
    }
  }
  return found;
};
