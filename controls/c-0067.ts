import {type ControlMeta, defineControl} from '../src/engine/control.ts';
import {componentOf} from '../src/engine/derive.ts';
import {auditLogFile, auditMounts, auditPolicy, auditPolicyFile} from './shared/audit-policy.ts';
import {
  apiServerFile,
  atFlag,
  atServer,
  flagOf,
  onTheNode,
  overServers,
  serverNeeds,
} from './shared/component.ts';
import {set} from './shared/fix.ts';

const policy = 'audit-policy-file';
const backends = ['audit-log-path', 'audit-webhook-config-file'];

const meta = {
  id: 'C-0067',
  title: 'Audit logs enabled',
  practice: 'logging',
  baseScore: 5,
  needs: serverNeeds,
  messages: {
    off: 'The API server {server} ({source}) records nobody: --audit-policy-file is {found}. After an incident there is nothing to look at.',
    silent:
      'The API server {server} ({source}) records nobody: {found} since it started. After an incident there is nothing to look at.',
    nowhere:
      'The API server {server} ({source}) has an audit policy, but nowhere to write: neither --audit-log-path nor --audit-webhook-config-file is set, so it records nothing.',
  },
  references: [
    'Kubernetes Hardening Guidance, Audit logging and threat detection: Logging',
    'https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/',
  ],
} satisfies ControlMeta;

export const c0067 = defineControl({
  meta,
  ...overServers(({observed}) =>
    observed?.audits === undefined ? undefined : observed.audits ? 'proof' : 'likely',
  ),
  *check(resource) {
    const {evidence, observed} = componentOf(resource);
    if (evidence.rung === 'behaviour') {
      if (observed?.audits === false) {
        yield atServer('silent', resource, ['observed', 'audits'], 'no audit event');
      }
    } else if (!flagOf(resource, policy)) yield atFlag('off', resource, policy);
    else if (!backends.some((flag) => flagOf(resource, flag))) yield atFlag('nowhere', resource, policy);
  },
  fixes: (failures, view) =>
    onTheNode(
      meta,
      failures,
      view,
      'writes an audit log on the node',
      () => [
        'Write a policy on the node: mkdir -p /etc/kubernetes/audit /var/log/kubernetes/audit && printf \'apiVersion: audit.k8s.io/v1\\nkind: Policy\\nomitStages: [RequestReceived]\\nrules:\\n- {level: None, users: ["system:kube-proxy"], verbs: [watch]}\\n- {level: None, nonResourceURLs: ["/healthz*", "/livez*", "/readyz*", /version]}\\n- level: Metadata\\n  resources: [{group: "", resources: [secrets, configmaps, serviceaccounts/token]}, {group: authentication.k8s.io, resources: [tokenreviews]}]\\n- {level: Request, verbs: [create, update, patch, delete]}\\n- {level: Metadata}\\n\' > /etc/kubernetes/audit/policy.yaml',
        `In ${apiServerFile}, add to the command --audit-policy-file=/etc/kubernetes/audit/policy.yaml --audit-log-path=/var/log/kubernetes/audit/audit.log --audit-log-maxage=30 --audit-log-maxbackup=10 --audit-log-maxsize=100, and mount both folders by hostPath, the policy readOnly.`,
        'Wait until the kubelet has started the pod anew: kubectl -n kube-system get pods -l component=kube-apiserver',
        'Send the log off the node: who takes the node over can rewrite what lies there.',
        'Verify on the node: tail -n 1 /var/log/kubernetes/audit/audit.log shows a request of this minute.',
      ],
      (resource) => {
        const own = flagOf(resource, policy);
        const hasBackend = backends.some((one) => flagOf(resource, one));
        return {
          flags: {
            ...(own ? {} : {[policy]: auditPolicyFile}),
            ...(hasBackend
              ? {}
              : {
                  'audit-log-path': auditLogFile,
                  'audit-log-maxage': '30',
                  'audit-log-maxbackup': '10',
                  'audit-log-maxsize': '100',
                }),
          },
          mounts: auditMounts.filter(({readOnly}) => (readOnly ? !own : !hasBackend)),
          files: own ? [] : [{file: auditPolicyFile, edits: [set([], auditPolicy)]}],
          consequence:
            'Every request is written down: up to 1 GB of disk on the control-plane node, and about as much memory again for each request.',
        };
      },
    ),
});
