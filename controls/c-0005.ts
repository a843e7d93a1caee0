import {type ControlMeta, defineControl} from '../src/engine/control.ts';
import {type Component, componentOf} from '../src/engine/derive.ts';
import {
  apiServerFile,
  atFlag,
  flagOf,
  onTheNode,
  overServers,
  serverNeeds,
  versionOf,
} from './shared/component.ts';

const flag = 'insecure-port';

const meta = {
  id: 'C-0005',
  title: 'API server insecure port is enabled',
  practice: 'control-plane',
  baseScore: 9,
  needs: serverNeeds,
  messages: {
    insecure:
      'The API server {server} ({source}) serves port {found} without TLS, authentication and authorisation: whoever reaches the port owns the cluster. Take --insecure-port away.',
  },
  references: [
    'Kubernetes Hardening Guidance, Network separation and hardening: Control plane hardening',
    'https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/',
  ],
} satisfies ControlMeta;

/** From 1.20 on no value but 0 is accepted: the version proves that the port is closed. */
function hasNoSuchPort(component: Component): 'proof' | undefined {
  const [major, minor] = versionOf(component) ?? [0, 0];
  return major > 1 || minor >= 20 ? 'proof' : undefined;
}

export const c0005 = defineControl({
  meta,
  ...overServers(hasNoSuchPort),
  *check(resource) {
    const port = flagOf(resource, flag);
    if (port !== undefined && port !== '0') yield atFlag('insecure', resource, flag);
  },
  fixes: (failures, view) =>
    onTheNode(
      meta,
      failures,
      view,
      'takes the insecure port away',
      () => [
        `In ${apiServerFile}, set --insecure-port=0, and take --insecure-bind-address out. From 1.20 on only 0 is accepted, from 1.24 on the flag is gone: take it out before an upgrade.`,
        'Wait until the kubelet has started the pod anew: kubectl -n kube-system get pods -l component=kube-apiserver',
        'Verify on the node: curl -s http://127.0.0.1:8080/version must be refused.',
      ],
      (resource) => {
        // Only 1.20 to 1.23 take the flag with 0; before, its default is open.
        const [, minor] = versionOf(componentOf(resource)) ?? [1, 36];
        return {
          flags: {[flag]: minor < 24 ? '0' : undefined, 'insecure-bind-address': undefined},
          consequence: 'Scripts that ask port 8080 without a credential are refused.',
        };
      },
    ),
});
