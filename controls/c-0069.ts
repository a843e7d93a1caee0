import {type ControlMeta, defineControl} from '../src/engine/control.ts';
import {allowsAnonymous, kubeletOf} from '../src/engine/kubelet.ts';
import {set} from './shared/fix.ts';
import {inKubeletFile, kubeletNeeds, overKubelets} from './shared/kubelet.ts';

const meta = {
  id: 'C-0069',
  title: 'Disable anonymous access to Kubelet service',
  practice: 'worker-nodes',
  baseScore: 10,
  needs: kubeletNeeds,
  messages: {
    anonymous:
      'The kubelet of node {node} answers requests without any credential (known from {evidence}): authentication.anonymous.enabled is {found}. Who reaches port 10250 may read logs, or run commands in its pods.',
  },
  references: [
    'Kubernetes Hardening Guidance, Network separation and hardening: Worker node segmentation',
    'https://kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz/',
  ],
} satisfies ControlMeta;

export const c0069 = defineControl({
  meta,
  ...overKubelets,
  *check(resource) {
    const {node, evidence} = kubeletOf(resource);
    if (!allowsAnonymous(kubeletOf(resource))) return;
    const path = ['config', 'authentication', 'anonymous', 'enabled'];
    yield {message: 'anonymous', path, found: 'true', data: {node, evidence}};
  },
  fixes: (failures, view) =>
    inKubeletFile(
      meta,
      failures,
      view,
      'answers nobody without a credential',
      'Set authentication.anonymous.enabled to false and authentication.webhook.enabled to true, and authorization.mode to Webhook. Take --anonymous-auth out of the unit file, because a flag wins over the file.',
      (node) => `Verify: curl -sk -o /dev/null -w '%{http_code}' https://${node}:10250/pods prints 401.`,
      {
        edits: [
          set(['authentication', 'anonymous', 'enabled'], false),
          set(['authentication', 'webhook', 'enabled'], true),
          set(['authorization', 'mode'], 'Webhook'),
        ],
        consequence:
          'Who reads logs or metrics from port 10250 without a credential, such as an old monitoring agent, is turned away.',
      },
    ),
});
