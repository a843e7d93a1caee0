import {set} from './shared/fix.ts';
import {kubeletControl} from './shared/kubelet-control.ts';

export const kubeletReadOnlyPort = kubeletControl({
  id: 'kubelet-read-only-port',
  title: 'Kubelet read-only port',
  practice: 'worker-nodes',
  baseScore: 6,
  field: 'readOnlyPort',
  isBad: ({readOnlyPort}) => typeof readOnlyPort === 'number' && readOnlyPort !== 0,
  message:
    'The kubelet of node {node} (known from {evidence}) tells everybody who asks port {found} about its pods, without any credential. Set readOnlyPort to 0.',
  summary: 'closes the port without authentication',
  edit: 'Set readOnlyPort: 0, and take --read-only-port out of the unit file, because a flag wins over the file. What reads metrics there reads port 10250 with a token instead.',
  verify: (node) => `Verify: curl -s http://${node}:10255/pods is refused.`,
  change: {
    edits: [set(['readOnlyPort'], 0)],
    consequence:
      'What reads metrics from the read-only port is refused: let it read port 10250 with a token.',
  },
  references: [
    'Kubernetes Hardening Guidance, Network separation and hardening: Worker node segmentation',
    'https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/',
  ],
});
