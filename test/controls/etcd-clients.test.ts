import {etcdClients} from '../../controls/etcd-clients.ts';
import {testControl} from '../helpers/test-control.ts';

const etcd = (flags: readonly string[], labels = '{component: etcd}'): string => `
apiVersion: v1
kind: Pod
metadata: {name: etcd-cp, namespace: kube-system, labels: ${labels}}
spec:
  nodeName: cp
  containers:
  - name: etcd
    image: registry.k8s.io/etcd:3.6.8-0
    command: ${JSON.stringify(['etcd', ...flags])}
`;
const client = ['--listen-client-urls=https://127.0.0.1:2379', '--trusted-ca-file=/pki/ca.crt'];
const peer = [
  '--listen-peer-urls=https://10.0.0.1:2380',
  '--peer-trusted-ca-file=/pki/ca.crt',
  '--peer-client-cert-auth=true',
];
const at = 'Pod/kube-system/etcd-cp spec.containers[0].command';

testControl(etcdClients, [
  {
    name: 'passes where both ports ask for a certificate',
    objects: etcd([...client, '--client-cert-auth=true', ...peer]),
    counted: 1,
    findings: [],
  },
  {
    name: 'fails where anybody may connect',
    objects: etcd([...client, ...peer]),
    findings: [`${at}: not set`],
    manual: ['in the file of etcd'],
  },
  {
    name: 'fails with a certificate that nobody can check',
    objects: etcd([client[0]!, '--client-cert-auth=true']),
    findings: [`${at}[2]: true`],
  },
  {
    name: 'fails with one address in the clear',
    objects: etcd([
      '--listen-client-urls=https://127.0.0.1:2379,http://10.0.0.1:2379',
      client[1]!,
      '--client-cert-auth=true',
    ]),
    findings: [`${at}[1]: https://127.0.0.1:2379,http://10.0.0.1:2379`],
  },
  {
    name: 'fails with a peer port that asks nobody',
    objects: etcd([...client, '--client-cert-auth=true', peer[0]!, peer[1]!]),
    findings: [`${at}: not set`],
  },
  {
    name: 'fails with a label that claims it',
    objects: etcd([...client, ...peer], "{component: etcd, client-cert-auth: 'true'}"),
    findings: [`${at}: not set`],
  },
  {
    name: 'is not evaluated where etcd is not seen',
    objects: 'apiVersion: v1\nkind: Namespace\nmetadata: {name: kube-system}',
    findings: [],
    notEvaluated:
      'No static pod of etcd is visible in kube-system: it runs as a service of its host, inside k3s, or at the provider. On its host, ps -o args= -C etcd shows its flags.',
  },
]);
