import {staticTokenFile} from '../../controls/static-token-file.ts';
import {testControl} from '../helpers/test-control.ts';
import {apiServer, claiming, unseen} from './api-server.ts';

testControl(staticTokenFile, [
  {
    name: 'fails with a list of tokens',
    objects: apiServer(['--token-auth-file=/etc/tokens.csv']),
    findings: ['Pod/kube-system/kube-apiserver-cp spec.containers[0].command[1]: /etc/tokens.csv'],
    manual: ['in the file of the node'],
  },
  {
    name: 'passes without one',
    objects: apiServer(['--client-ca-file=/etc/ca.crt']),
    findings: [],
  },
  {
    name: 'fails with a label that claims it, and the same flags',
    objects: claiming(apiServer(['--token-auth-file=/etc/tokens.csv'])),
    findings: ['Pod/kube-system/kube-apiserver-cp spec.containers[0].command[1]: /etc/tokens.csv'],
  },
  {
    name: 'is not evaluated where no flags are seen',
    objects: 'apiVersion: v1\nkind: Namespace\nmetadata: {name: kube-system}',
    findings: [],
    notEvaluated: unseen,
  },
]);
