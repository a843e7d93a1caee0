import {flagControl, listed} from './shared/flag-control.ts';

export const authorizationModes = flagControl({
  id: 'authorization-modes',
  title: 'API server authorization modes',
  practice: 'control-plane',
  baseScore: 9,
  flag: 'authorization-mode',
  isBad: (value, flag) => {
    if (flag('authorization-config')) return false;
    const modes = listed(value);
    return modes.includes('AlwaysAllow') || !modes.includes('RBAC') || !modes.includes('Node');
  },
  message:
    'The API server {server} ({source}) decides who may do what by --authorization-mode {found}: without Node and RBAC, or with AlwaysAllow, roles protect nothing. Set it to Node,RBAC.',
  summary: 'decides by roles alone',
  edit: 'set --authorization-mode=Node,RBAC; before that, see in a copy of the audit log who works without a role.',
  verify: 'kubectl auth can-i --list --as=nobody shows the discovery paths only.',
  change: () => ({
    flags: {'authorization-mode': 'Node,RBAC'},
    consequence: 'Who works without a role, by AlwaysAllow or by a policy file, is refused from then on.',
  }),
  references: [
    'Kubernetes Hardening Guidance, Network separation and hardening: Control plane hardening',
    'https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/',
  ],
});
