import {authorizationModes} from '../../controls/authorization-modes.ts';
import {testControl} from '../helpers/test-control.ts';
import {apiServer, claiming, unseen} from './api-server.ts';

testControl(authorizationModes, [
  {
    name: 'fails without the flag, whose default is AlwaysAllow',
    objects: apiServer([]),
    findings: ['Pod/kube-system/kube-apiserver-cp spec.containers[0].command: not set'],
    manual: ['in the file of the node'],
  },
  {
    name: 'fails with a mode that allows everything',
    objects: apiServer(['--authorization-mode=Node,RBAC,AlwaysAllow']),
    findings: ['Pod/kube-system/kube-apiserver-cp spec.containers[0].command[1]: Node,RBAC,AlwaysAllow'],
    manual: ['in the file of the node'],
  },
  {
    name: 'passes with nodes and roles',
    objects: apiServer(['--authorization-mode=Node,RBAC']),
    findings: [],
  },
  {
    name: 'passes with an authorization configuration, which names the modes itself',
    objects: apiServer(['--authorization-config=/etc/a.yaml']),
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
