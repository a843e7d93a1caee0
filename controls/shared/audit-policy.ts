import type {JsonObject} from '../../src/engine/json.ts';
import type {Mount} from './server-change.ts';

const folder = '/etc/kubernetes/audit';
export const auditPolicyFile = `${folder}/policy.yaml`;
export const auditLogFile = '/var/log/kubernetes/audit/audit.log';

export const auditMounts: readonly Mount[] = [
  {name: 'audit-policy', path: folder, type: 'Directory', readOnly: true},
  {name: 'audit-log', path: '/var/log/kubernetes/audit', type: 'DirectoryOrCreate', readOnly: false},
];

/** Who did what, never what a Secret holds; what only makes noise is left out. */
export const auditPolicy: JsonObject = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [
    {level: 'None', users: ['system:kube-proxy'], verbs: ['watch']},
    {level: 'None', nonResourceURLs: ['/healthz*', '/livez*', '/readyz*', '/version']},
    {
      level: 'Metadata',
      resources: [
        {group: '', resources: ['secrets', 'configmaps', 'serviceaccounts/token']},
        {group: 'authentication.k8s.io', resources: ['tokenreviews']},
      ],
    },
    {level: 'Request', verbs: ['create', 'update', 'patch', 'delete']},
    {level: 'Metadata'},
  ],
};
