import {type ControlMeta, defineControl} from '../src/engine/control.ts';
import {collectsLogs, uncovered} from './shared/agents.ts';
import {manualFix} from './shared/manual.ts';
import {perList} from './shared/per-list.ts';

const meta = {
  id: 'log-collector',
  title: 'Logs collected from every node',
  practice: 'logging',
  baseScore: 5,
  needs: ['Node', 'DaemonSet'],
  messages: {
    uncollected:
      'Nobody takes the logs of containers off node {node}: {found}. They go with the pod, and who takes the node over rewrites them. Run a collector there that reads /var/log/pods.',
  },
  references: [
    'Kubernetes Hardening Guidance, Audit logging and threat detection: Logging',
    'https://kubernetes.io/docs/concepts/cluster-administration/logging/',
  ],
} satisfies ControlMeta;

export const logCollector = defineControl({
  meta,
  kinds: ['Node'],
  *check(resource, view) {
    const {name} = resource;
    const collectors = perList(view, 'DaemonSet', 'collectors', (list) => list.filter(collectsLogs));
    if (uncovered(collectors, [resource]).length === 0) return;
    const found =
      collectors.length === 0
        ? 'no DaemonSet reads its log files'
        : `${collectors.map((one) => one.name).join(', ')} does not run there`;
    yield {message: 'uncollected', path: ['metadata', 'name'], found, data: {node: name}};
  },
  fixes: (failures) => {
    const nodes = failures.map(({resource}) => resource.name).join(', ');
    return [
      manualFix(meta, 'all nodes', {
        approach: 'a collector on every node',
        summary: 'runs a DaemonSet that ships the logs of its node',
        scope: 'cluster',
        steps: [
          'Choose where logs go, off the cluster and append only, before you choose what sends them.',
          'Install one collector as a DaemonSet (Fluent Bit, Vector, Alloy) in a namespace of its own: hostPath /var/log mounted readOnly, tolerations [{operator: Exists}], priorityClassName system-node-critical.',
          `It has to reach ${nodes}: a taint that it does not tolerate, or a nodeSelector, keeps it away.`,
          'Verify: kubectl get daemonsets -A shows DESIRED equal to the number of nodes and READY equal to that, and a line of a test pod arrives at the other end.',
        ],
      }),
    ];
  },
});
