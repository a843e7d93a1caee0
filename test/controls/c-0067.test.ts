import {c0067} from '../../controls/c-0067.ts';
import {testControl} from '../helpers/test-control.ts';
import {apiServer, unseen} from './api-server.ts';

const id = 'Pod/kube-system/kube-apiserver-cp';
const policy = '--audit-policy-file=/etc/kubernetes/audit/policy.yaml';

testControl(c0067, [
  {
    name: 'fails without a policy, also where a log path is set',
    objects: apiServer(['--audit-log-path=/var/log/audit.log']),
    counted: 1,
    findings: [`${id} spec.containers[0].command: not set`],
    manual: ['in the file of the node'],
  },
  {
    name: 'fails with a policy and nowhere to write: nothing is recorded',
    objects: apiServer([policy]),
    findings: [`${id} spec.containers[0].command[1]: /etc/kubernetes/audit/policy.yaml`],
  },
  {name: 'passes with a log file', objects: apiServer([policy, '--audit-log-path=-']), findings: []},
  {
    name: 'passes with a webhook',
    objects: apiServer([policy, '--audit-webhook-config-file=/etc/kubernetes/audit/webhook.yaml']),
    findings: [],
  },
  {
    name: 'is not evaluated on what a cloud says of itself: no Kubernetes object tells',
    objects: 'apiVersion: container.googleapis.com/v1\nkind: ClusterDescribe\nmetadata: {name: cluster}',
    findings: [],
    notEvaluated: unseen,
  },
]);
