import {type ControlMeta, defineControl} from '../src/engine/control.ts';
import {clientCaFile, kubeletOf} from '../src/engine/kubelet.ts';
import {set} from './shared/fix.ts';
import {inKubeletFile, kubeletNeeds, overKubelets} from './shared/kubelet.ts';

const meta = {
  id: 'C-0070',
  title: 'Enforce Kubelet client TLS authentication',
  practice: 'worker-nodes',
  baseScore: 9,
  needs: kubeletNeeds,
  messages: {
    noCa: 'The kubelet of node {node} trusts no CA for client certificates (known from {evidence}): authentication.x509.clientCAFile is {found}. It can not tell the API server from anyone else.',
  },
  references: [
    'Kubernetes Hardening Guidance, Network separation and hardening: Worker node segmentation',
    'https://kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz/',
  ],
} satisfies ControlMeta;

export const c0070 = defineControl({
  meta,
  ...overKubelets,
  *check(resource) {
    const {node, evidence} = kubeletOf(resource);
    if (clientCaFile(kubeletOf(resource)) !== '') return;
    const path = ['config', 'authentication', 'x509', 'clientCAFile'];
    yield {message: 'noCa', path, found: 'not set', data: {node, evidence}};
  },
  fixes: (failures, view) =>
    inKubeletFile(
      meta,
      failures,
      view,
      'accepts client certificates of the cluster only',
      'Set authentication.x509.clientCAFile to the CA that signed the certificate of the API server for kubelets: /etc/kubernetes/pki/ca.crt on a kubeadm node.',
      (node) =>
        `Verify: kubectl get --raw /api/v1/nodes/${node}/proxy/healthz prints ok, and curl -sk -o /dev/null -w '%{http_code}' https://${node}:10250/pods prints 401.`,
      {
        edits: [set(['authentication', 'x509', 'clientCAFile'], '/etc/kubernetes/pki/ca.crt')],
        consequence: 'Who calls the kubelet with a certificate of another authority is turned away.',
      },
    ),
});
