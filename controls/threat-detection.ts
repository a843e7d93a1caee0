import {type ControlMeta, defineControl} from '../src/engine/control.ts';
import type {Resource} from '../src/engine/objects.ts';
import {type Container, podTemplate} from '../src/engine/pod-spec.ts';
import {uncovered} from './shared/agents.ts';
import {capabilities, plainName} from './shared/capabilities.ts';
import {programOf} from './shared/image.ts';
import {manualFix} from './shared/manual.ts';
import {perList} from './shared/per-list.ts';

const meta = {
  id: 'threat-detection',
  title: 'Runtime threat detection on every node',
  practice: 'siem',
  baseScore: 5,
  needs: ['Node', 'DaemonSet'],
  messages: {
    blind:
      'Nobody watches what processes do on node {node}: {found}. A shell in a container or a miner leaves no trace in any log. Run Falco, Tetragon, Tracee or KubeArmor there.',
  },
  references: [
    'Kubernetes Hardening Guidance, Audit logging and threat detection: Threat detection',
    'https://kubernetes.io/docs/concepts/security/cloud-native-security/',
  ],
} satisfies ControlMeta;

const programs =
  /^(falco(-no-driver|-driver-loader)?|tetragon|tracee|kubearmor|sysdig|agent-slim|stackrox-collector|collector-slim)$/;
const eyes = ['SYS_ADMIN', 'BPF', 'SYS_PTRACE', 'PERFMON'];

/** It can see system calls only if it may: a name alone watches nothing. */
const maySee = (container: Container): boolean =>
  container.securityContext.privileged === true ||
  capabilities(container, 'add').some((name) => eyes.includes(plainName(name)));

const watches = (daemonSet: Resource): boolean =>
  podTemplate(daemonSet).containers.some(
    (container) =>
      container.type === 'containers' && programs.test(programOf(container)) && maySee(container),
  );

export const threatDetection = defineControl({
  meta,
  kinds: ['Node'],
  *check(resource, view) {
    const {name} = resource;
    const watchers = perList(view, 'DaemonSet', 'watchers', (list) => list.filter(watches));
    if (uncovered(watchers, [resource]).length === 0) return;
    const found =
      watchers.length === 0
        ? 'no DaemonSet with a known program and the rights for it'
        : `${watchers.map((one) => one.name).join(', ')} does not run there`;
    yield {message: 'blind', path: ['metadata', 'name'], found, data: {node: name}};
  },
  fixes: (failures) => [
    manualFix(meta, 'all nodes', {
      approach: 'a watcher on every node',
      summary: 'runs a DaemonSet that sees system calls',
      scope: 'cluster',
      steps: [
        'Install one, in a namespace of its own that stays privileged: helm install falco falcosecurity/falco -n falco --create-namespace --set driver.kind=modern_ebpf --set tty=true',
        `Let it tolerate all taints, so that it runs on ${failures.map(({resource}) => resource.name).join(', ')} too.`,
        'Give its alerts a way out: Falcosidekick, or the log collector.',
        'Verify: kubectl -n falco get daemonset falco shows as many ready as there are nodes; kubectl exec into any pod with a shell makes an alert in kubectl -n falco logs daemonset/falco.',
      ],
    }),
  ],
});
