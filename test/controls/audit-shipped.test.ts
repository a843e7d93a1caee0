import {auditShipped} from '../../controls/audit-shipped.ts';
import {testControl} from '../helpers/test-control.ts';
import {daemonSet, everywhere, nodes, reading} from './agents.ts';
import {apiServer, claiming, unseen} from './api-server.ts';

const log = ['--audit-log-path=/var/log/kubernetes/audit/audit.log'];
const server = 'Pod/kube-system/kube-apiserver-cp spec.containers[0].command';
const local = [`${server}[1]: /var/log/kubernetes/audit/audit.log`];
const with_ = (flags: readonly string[], more: string): string => `${apiServer(flags)}---${nodes}${more}`;

testControl(auditShipped, [
  {
    name: 'fails without any audit log',
    objects: with_([], ''),
    findings: [`${server}: not set`],
    manual: ['in the file of the node'],
  },
  {name: 'fails where nothing reads it', objects: with_(log, ''), findings: local},
  {
    name: 'passes where a collector on the control plane reads its folder',
    objects: with_(log, daemonSet(reading('/var/log/kubernetes/audit', everywhere))),
    findings: [],
  },
  {
    name: 'passes where it reads one above',
    objects: with_(log, daemonSet(reading('/var/log', everywhere))),
    findings: [],
  },
  {
    name: 'fails where it reads another',
    objects: with_(log, daemonSet(reading('/var/log/pods', everywhere))),
    findings: local,
  },
  {
    name: 'fails where it does not run on the control plane',
    objects: with_(log, daemonSet(reading('/var/log'))),
    findings: local,
  },
  {
    name: 'passes with a webhook',
    objects: with_(['--audit-webhook-config-file=/etc/w.yaml'], ''),
    findings: [],
  },
  {
    name: 'passes where it goes to the output of its pod, which is collected',
    objects: with_(['--audit-log-path=-'], daemonSet(reading('/var/log/pods', everywhere))),
    findings: [],
  },
  {
    name: 'fails with labels that claim a SIEM',
    objects: claiming(
      with_(log, daemonSet('{containers: [{name: splunk, image: busybox}]}', '{siem: splunk}')),
    ),
    findings: local,
  },
  {name: 'is not evaluated where no flags are seen', objects: nodes, findings: [], notEvaluated: unseen},
]);
