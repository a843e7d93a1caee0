import {asObject, type JsonObject} from '../src/engine/json.ts';
import {set} from './shared/fix.ts';
import {kubeletControl} from './shared/kubelet-control.ts';

/** A number of processes above zero that a reservation holds, as YAML or a flag writes it. */
const reserves = (reservation: unknown): boolean => Number(asObject(reservation as JsonObject).pid ?? 0) > 0;

/** Pods are held within what is left only where the kubelet enforces it for them, as it does unless told otherwise. */
const enforced = ({enforceNodeAllocatable: list}: JsonObject): boolean =>
  !Array.isArray(list) || list.includes('pods');

export const kubeletPidReserve = kubeletControl({
  id: 'kubelet-pid-reserve',
  title: 'Kubelet processes reserved for the system',
  practice: 'worker-nodes',
  baseScore: 3,
  field: 'systemReserved',
  isBad: (config) => !(reserves(config.systemReserved) || reserves(config.kubeReserved)) || !enforced(config),
  message:
    'The kubelet of node {node} (known from {evidence}) keeps no processes back for the system: systemReserved is {found}. When its pods together use them up, nobody can sign in any more, and the kubelet itself stops. Reserve some.',
  summary: 'keeps process numbers back for the node itself',
  edit: 'Set pid: "1000" in systemReserved and in kubeReserved, and leave pods in enforceNodeAllocatable. With cgroups of their own for the system, name them in systemReservedCgroup as well.',
  change: {
    edits: [set(['systemReserved', 'pid'], '1000'), set(['kubeReserved', 'pid'], '1000')],
    consequence:
      'Pods of the node together get 2000 processes less; where they use more today, some fail to start others.',
  },
  verify: (node) =>
    `Verify: kubectl get --raw /api/v1/nodes/${node}/proxy/configz shows pid in systemReserved, and on the node cat /sys/fs/cgroup/kubepods.slice/pids.max is smaller than /proc/sys/kernel/pid_max.`,
  references: [
    'Kubernetes Hardening Guidance, Network separation and hardening: Worker node segmentation',
    'https://kubernetes.io/docs/concepts/policy/pid-limiting/',
  ],
});
