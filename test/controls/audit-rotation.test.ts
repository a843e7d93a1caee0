import {auditRotation} from '../../controls/audit-rotation.ts';
import {testControl} from '../helpers/test-control.ts';
import {apiServer, claiming, unseen} from './api-server.ts';

const log = '--audit-log-path=/var/log/audit.log';
const short = [log, '--audit-log-maxage=7'];
const findings = ['Pod/kube-system/kube-apiserver-cp spec.containers[0].command[2]: 7'];

testControl(auditRotation, [
  {
    name: 'fails with less than a month',
    objects: apiServer(short),
    findings,
    manual: ['in the file of the node'],
  },
  {name: 'passes with a month', objects: apiServer([log, '--audit-log-maxage=30']), findings: []},
  {name: 'passes without an age, which keeps all', objects: apiServer([log]), findings: []},
  {name: 'passes without a file', objects: apiServer(['--audit-log-maxage=7']), findings: []},
  {
    name: 'fails with few files, and small ones',
    objects: apiServer([log, '--audit-log-maxbackup=2', '--audit-log-maxsize=1']),
    findings: [
      'Pod/kube-system/kube-apiserver-cp spec.containers[0].command[2]: 2',
      'Pod/kube-system/kube-apiserver-cp spec.containers[0].command[3]: 1',
    ],
  },
  {
    name: 'fails where nothing is ever rotated',
    objects: apiServer([log, '--audit-log-maxsize=0']),
    findings: ['Pod/kube-system/kube-apiserver-cp spec.containers[0].command[2]: 0'],
  },
  {
    name: 'fails where the disk is the only bound',
    objects: apiServer([log, '--audit-log-maxage=0', '--audit-log-maxbackup=0']),
    findings: ['Pod/kube-system/kube-apiserver-cp spec.containers[0].command[2]: 0'],
  },
  {
    name: 'passes with what the guides ask for',
    objects: apiServer([log, '--audit-log-maxage=30', '--audit-log-maxbackup=10', '--audit-log-maxsize=100']),
    findings: [],
  },
  {name: 'fails with a label that claims it', objects: claiming(apiServer(short)), findings},
  {
    name: 'is not evaluated where no flags are seen',
    objects: 'apiVersion: v1\nkind: Namespace\nmetadata: {name: kube-system}',
    findings: [],
    notEvaluated: unseen,
  },
]);
