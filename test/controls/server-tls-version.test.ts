import {serverTlsVersion} from '../../controls/server-tls-version.ts';
import {testControl} from '../helpers/test-control.ts';
import {apiServer, claiming, unseen} from './api-server.ts';

testControl(serverTlsVersion, [
  {
    name: 'fails with a broken version',
    objects: apiServer(['--tls-min-version=VersionTLS11']),
    findings: ['Pod/kube-system/kube-apiserver-cp spec.containers[0].command[1]: VersionTLS11'],
    manual: ['in the file of the node'],
  },
  {
    name: 'passes with 1.2',
    objects: apiServer(['--tls-min-version=VersionTLS12']),
    findings: [],
  },
  {
    name: 'passes by default, which is 1.2',
    objects: apiServer([]),
    findings: [],
  },
  {
    name: 'fails with a label that claims it, and the same flags',
    objects: claiming(apiServer(['--tls-min-version=VersionTLS11'])),
    findings: ['Pod/kube-system/kube-apiserver-cp spec.containers[0].command[1]: VersionTLS11'],
  },
  {
    name: 'is not evaluated where no flags are seen',
    objects: 'apiVersion: v1\nkind: Namespace\nmetadata: {name: kube-system}',
    findings: [],
    notEvaluated: unseen,
  },
]);
