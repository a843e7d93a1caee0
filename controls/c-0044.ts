import {type ControlMeta, defineControl, type Failure} from '../src/engine/control.ts';
import {asArray, asObject, type JsonObject} from '../src/engine/json.ts';
import type {Resource} from '../src/engine/objects.ts';
import {element, type PathSegment} from '../src/engine/path.ts';
import {type Container, podTemplate, WORKLOADS} from '../src/engine/pod-spec.ts';
import {type Plan, remove, workloadFix} from './shared/fix.ts';
import {everyContainer} from './shared/keep.ts';
import {inContainer, overWorkloads} from './shared/workload.ts';

const meta = {
  id: 'C-0044',
  title: 'Container hostPort',
  practice: 'pod-security-enforcement',
  baseScore: 4,
  needs: WORKLOADS,
  messages: {
    hostPort:
      'Container {container} of {object} takes port {found} of its node, past every Service and on all its addresses. Take it away and use a Service.',
  },
  references: [
    'Kubernetes Hardening Guidance, Kubernetes Pod security: Pod security enforcement',
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
  ],
} satisfies ControlMeta;

type HostPort = {readonly container: Container; readonly port: JsonObject; readonly segment: PathSegment};

function hostPorts(resource: Resource): readonly HostPort[] {
  const containers = podTemplate(resource).containers.filter(({type}) => type === 'containers');
  return containers.flatMap((container) => {
    const ports = asArray(container.spec.ports).map((port) => asObject(port));
    return ports.flatMap((port, index): readonly HostPort[] => {
      if (typeof port.hostPort !== 'number' || port.hostPort === 0) return [];
      // One port number may be there for TCP and for UDP.
      const isOnly = ports.filter((other) => other.containerPort === port.containerPort).length === 1;
      const segment = isOnly ? element('containerPort', port.containerPort ?? 0) : index;
      return [{container, port, segment}];
    });
  });
}

export const c0044 = defineControl({
  meta,
  ...overWorkloads,
  keep: everyContainer(
    'c.?ports.orValue([]).all(port, port.?hostPort.orValue(0) == 0)',
    'Take hostPort away, and reach the pod by a Service.',
    {containers: 'own', linux: false},
  ),
  *check(resource) {
    for (const {container, port, segment} of hostPorts(resource)) {
      yield inContainer('hostPort', resource, container, ['ports', segment, 'hostPort'], port.hostPort);
    }
  },
  *fixes(failures) {
    for (const failure of failures) yield workloadFix(meta, failure, plan(failure));
  },
});

function plan({resource}: Failure): Plan {
  const ports = hostPorts(resource);
  const numbers = ports.map(({port}) => port.hostPort).join(', ');
  const onNode = resource.kind === 'Pod' && podTemplate(resource).spec.hostNetwork === true;
  return {
    approach: 'at each port',
    summary: onNode
      ? 'takes the port out of the list'
      : 'takes the host port away, keeps the port of the container',
    kind: 'review',
    // On the network of the node the API gives each port that a Pod lists its host port again; backwards, so that an
    // index still fits after the removal before it.
    edits: ports
      .map(({container, segment}) => [...container.path, 'ports', segment])
      .map((path) => remove(onNode ? path : [...path, 'hostPort']))
      .reverse(),
    consequence: onNode
      ? `The list only informs: port ${numbers} stays open on the node as long as hostNetwork is there (C-0041). What names the port, a probe or a Service, must give its number.`
      : `Port ${numbers} of the node answers no more: callers need a Service instead.`,
  };
}
