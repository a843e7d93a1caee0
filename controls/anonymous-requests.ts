import {type ControlMeta, defineControl} from '../src/engine/control.ts';
import {componentOf} from '../src/engine/derive.ts';
import type {JsonObject} from '../src/engine/json.ts';
import {
  apiServerFile,
  atFlag,
  atServer,
  flagOf,
  onTheNode,
  overServers,
  serverNeeds,
  versionOf,
} from './shared/component.ts';
import {set} from './shared/fix.ts';

const flag = 'anonymous-auth';

const meta = {
  id: 'anonymous-requests',
  title: 'Anonymous requests to the API server',
  practice: 'authentication',
  baseScore: 5,
  needs: serverNeeds,
  messages: {
    flag: 'The API server {server} ({source}) lets requests without a credential in as system:anonymous: --anonymous-auth is {found}. One wrong binding opens the cluster to everybody who reaches the port.',
    seen: 'The API server {server} ({source}) lets requests without a credential in as system:anonymous: {found}. One wrong binding opens the cluster to everybody who reaches the port.',
  },
  references: [
    'Kubernetes Hardening Guidance, Authentication and authorization: Authentication',
    'https://kubernetes.io/docs/reference/access-authn-authz/authentication/#anonymous-requests',
  ],
} satisfies ControlMeta;

const authenticationFile = '/etc/kubernetes/authn.yaml';
const authentication: JsonObject = {
  apiVersion: 'apiserver.config.k8s.io/v1',
  kind: 'AuthenticationConfiguration',
  anonymous: {
    enabled: true,
    conditions: [{path: '/livez'}, {path: '/readyz'}, {path: '/healthz'}],
  },
};

export const anonymousRequests = defineControl({
  meta,
  ...overServers(({observed}) => (observed?.anonymous === undefined ? undefined : 'proof')),
  *check(resource) {
    const {evidence, observed} = componentOf(resource);
    const given = flagOf(resource, flag);
    // An authentication configuration may keep the flag's default and let strangers in to the health paths alone.
    const isAsked = evidence.rung === 'behaviour' || Boolean(flagOf(resource, 'authentication-config'));
    if (isAsked) {
      if (observed?.anonymous === true) {
        yield atServer('seen', resource, ['observed', 'anonymous'], 'it answered GET /api so');
      }
    } else if (given !== 'false') yield atFlag('flag', resource, flag);
  },
  fixes: (failures, view) =>
    onTheNode(
      meta,
      failures,
      view,
      'lets strangers in to the health paths alone',
      () => [
        'Write /etc/kubernetes/authn.yaml on the node: apiVersion apiserver.config.k8s.io/v1, kind AuthenticationConfiguration, anonymous.enabled true, with the conditions {path: /livez}, {path: /readyz} and {path: /healthz}, because the probes of the pod ask there.',
        `In ${apiServerFile}, add --authentication-config=/etc/kubernetes/authn.yaml, take --anonymous-auth out, and mount the file by hostPath, readOnly. Before 1.34 set --anonymous-auth=false, and give the probes a credential first.`,
        'kubeadm join reads ConfigMap kube-public/cluster-info as nobody: it needs --discovery-file from then on.',
        "Verify: curl -sk -o /dev/null -w '%{http_code}' https://HOST:6443/api prints 401.",
      ],
      (resource) => {
        const [major, minor] = versionOf(componentOf(resource)) ?? [1, 36];
        const isConfigured = major > 1 || minor >= 34;
        return {
          flags: isConfigured
            ? {[flag]: undefined, 'authentication-config': authenticationFile}
            : {[flag]: 'false'},
          ...(isConfigured
            ? {
                files: [{file: authenticationFile, edits: [set([], authentication)]}],
                mounts: [{name: 'authn', path: authenticationFile, type: 'File', readOnly: true}],
              }
            : {}),
          consequence:
            'Who asks the API without a credential is turned away: kubeadm join needs --discovery-file, and old load balancers a health path of these three.',
        };
      },
    ),
});
