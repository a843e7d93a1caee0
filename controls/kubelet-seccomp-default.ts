import {set} from './shared/fix.ts';
import {kubeletControl} from './shared/kubelet-control.ts';

export const kubeletSeccompDefault = kubeletControl({
  id: 'kubelet-seccomp-default',
  title: 'Kubelet seccomp by default',
  practice: 'worker-nodes',
  baseScore: 4,
  field: 'seccompDefault',
  isBad: (config) => config.seccompDefault !== true,
  message:
    'The kubelet of node {node} (known from {evidence}) starts containers that ask for no seccomp profile without any: seccompDefault is {found}. Each of them may make every system call.',
  summary: 'gives containers without a profile that of the runtime',
  edit: 'Set seccompDefault: true. Containers that make unusual system calls get EPERM from then on, at their next start: try one node first.',
  verify: (node) =>
    `Verify: kubectl get --raw /api/v1/nodes/${node}/proxy/configz shows "seccompDefault":true.`,
  change: {
    edits: [set(['seccompDefault'], true)],
    consequence:
      'Containers that make unusual system calls get EPERM from then on, at their next start: try one node first.',
  },
  references: [
    'Kubernetes Hardening Guidance, Network separation and hardening: Worker node segmentation',
    'https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/',
  ],
});
