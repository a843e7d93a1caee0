import {etcdTls} from '../../controls/etcd-tls.ts';
import {testControl} from '../helpers/test-control.ts';
import {apiServer, claiming, unseen} from './api-server.ts';

testControl(etcdTls, [
  {
    name: 'fails with an etcd in the clear',
    objects: apiServer(['--etcd-servers=http://127.0.0.1:2379', '--etcd-cafile=/etc/ca.crt']),
    findings: ['Pod/kube-system/kube-apiserver-cp spec.containers[0].command[1]: http://127.0.0.1:2379'],
    manual: ['in the file of the node'],
  },
  {
    name: 'fails without an authority to check it by',
    objects: apiServer(['--etcd-servers=https://127.0.0.1:2379']),
    findings: ['Pod/kube-system/kube-apiserver-cp spec.containers[0].command[1]: https://127.0.0.1:2379'],
    manual: ['in the file of the node'],
  },
  {
    name: 'fails without a certificate that etcd knows it by',
    objects: apiServer(['--etcd-servers=https://127.0.0.1:2379', '--etcd-cafile=/etc/ca.crt']),
    findings: ['Pod/kube-system/kube-apiserver-cp spec.containers[0].command[1]: https://127.0.0.1:2379'],
  },
  {
    name: 'passes with all of it',
    objects: apiServer([
      '--etcd-servers=https://127.0.0.1:2379',
      '--etcd-cafile=/etc/ca.crt',
      '--etcd-certfile=/etc/client.crt',
    ]),
    findings: [],
  },
  {
    name: 'fails with a label that claims it, and the same flags',
    objects: claiming(apiServer(['--etcd-servers=http://127.0.0.1:2379', '--etcd-cafile=/etc/ca.crt'])),
    findings: ['Pod/kube-system/kube-apiserver-cp spec.containers[0].command[1]: http://127.0.0.1:2379'],
  },
  {
    name: 'is not evaluated where no flags are seen',
    objects: 'apiVersion: v1\nkind: Namespace\nmetadata: {name: kube-system}',
    findings: [],
    notEvaluated: unseen,
  },
]);
