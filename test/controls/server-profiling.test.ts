import {serverProfiling} from '../../controls/server-profiling.ts';
import {testControl} from '../helpers/test-control.ts';
import {apiServer, claiming, unseen} from './api-server.ts';

testControl(serverProfiling, [
  {
    name: 'fails by default',
    objects: apiServer([]),
    findings: ['Pod/kube-system/kube-apiserver-cp spec.containers[0].command: not set'],
    manual: ['in the file of the node'],
  },
  {
    name: 'fails when it is on',
    objects: apiServer(['--profiling=true']),
    findings: ['Pod/kube-system/kube-apiserver-cp spec.containers[0].command[1]: true'],
    manual: ['in the file of the node'],
  },
  {
    name: 'passes when it is off',
    objects: apiServer(['--profiling=false']),
    findings: [],
  },
  {
    name: 'fails with a label that claims it, and the same flags',
    objects: claiming(apiServer([])),
    findings: ['Pod/kube-system/kube-apiserver-cp spec.containers[0].command: not set'],
  },
  {
    name: 'is not evaluated where no flags are seen',
    objects: 'apiVersion: v1\nkind: Namespace\nmetadata: {name: kube-system}',
    findings: [],
    notEvaluated: unseen,
  },
]);
