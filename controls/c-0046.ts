import {type ControlMeta, defineControl, type Failure} from '../src/engine/control.ts';
import type {Resource} from '../src/engine/objects.ts';
import {podTemplate, WORKLOADS} from '../src/engine/pod-spec.ts';
import {addedPath, capabilities, plainName, takeCapabilities} from './shared/capabilities.ts';
import {type Plan, workloadFix} from './shared/fix.ts';
import {addsOneOf, everyContainer} from './shared/keep.ts';
import {inContainer, linuxContainers, overWorkloads} from './shared/workload.ts';

/** Capabilities that lead to the node, or to the traffic and the processes of others. */
const insecure: ReadonlySet<string> = new Set([
  ...['ALL', 'SYS_ADMIN', 'SYS_MODULE', 'SYS_RAWIO', 'SYS_PTRACE', 'SYS_BOOT', 'BPF', 'PERFMON'],
  ...['MAC_ADMIN', 'MAC_OVERRIDE', 'NET_ADMIN', 'NET_RAW', 'SETPCAP'],
]);
const isInsecure = (capability: string): boolean => insecure.has(plainName(capability));

const meta = {
  id: 'C-0046',
  title: 'Insecure capabilities',
  practice: 'pod-security-enforcement',
  baseScore: 7,
  needs: WORKLOADS,
  messages: {
    added:
      'Container {container} of {object} adds the capability {found}, which opens ways out of the container. Take it away unless the program is there for that.',
  },
  references: [
    'Kubernetes Hardening Guidance, Kubernetes Pod security: Pod security enforcement',
    'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#set-capabilities-for-a-container',
  ],
} satisfies ControlMeta;

export const c0046 = defineControl({
  meta,
  ...overWorkloads,
  keep: everyContainer(
    `!${addsOneOf([...insecure])}`,
    'Add no capability that leads to the node, or to what others do: NET_RAW, SYS_PTRACE and their like.',
  ),
  *check(resource) {
    for (const container of linuxContainers(resource)) {
      for (const capability of new Set(capabilities(container, 'add').filter(isInsecure))) {
        yield inContainer('added', resource, container, addedPath(capability), capability);
      }
    }
  },
  *fixes(failures) {
    for (const failure of failures) yield workloadFix(meta, failure, plan(failure));
  },
});

function plan({resource}: Failure): Plan {
  const names = new Set(addedIn(resource));
  return {
    approach: 'at each container',
    summary: 'takes the capabilities away, keeps the others',
    kind: 'review',
    edits: podTemplate(resource).containers.flatMap((container) => takeCapabilities(container, isInsecure)),
    consequence: `What the containers do by ${listed([...names])} is refused: operation not permitted.`,
  };
}

const addedIn = (resource: Resource): readonly string[] =>
  podTemplate(resource).containers.flatMap((container) => capabilities(container, 'add').filter(isInsecure));

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
