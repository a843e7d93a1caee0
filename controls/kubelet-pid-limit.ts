import {set} from './shared/fix.ts';
import {kubeletControl} from './shared/kubelet-control.ts';

export const kubeletPidLimit = kubeletControl({
  id: 'kubelet-pid-limit',
  title: 'Kubelet limit of processes per pod',
  practice: 'worker-nodes',
  baseScore: 4,
  field: 'podPidsLimit',
  isBad: ({podPidsLimit}) => typeof podPidsLimit !== 'number' || podPidsLimit <= 0,
  message:
    'The kubelet of node {node} (known from {evidence}) lets one pod start processes until the node has none left: podPidsLimit is {found}. Set it, and reserve some for the system.',
  summary: 'limits the processes of a pod',
  edit: 'Set podPidsLimit: 4096, and pid: "1000" in systemReserved and kubeReserved.',
  verify: (node) => `Verify: kubectl get --raw /api/v1/nodes/${node}/proxy/configz shows podPidsLimit.`,
  change: {
    edits: [set(['podPidsLimit'], 4096)],
    consequence:
      'A pod that starts more than 4096 processes or threads gets errors from then on, at its next start.',
  },
  references: [
    'Kubernetes Hardening Guidance, Network separation and hardening: Worker node segmentation',
    'https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/',
  ],
});
