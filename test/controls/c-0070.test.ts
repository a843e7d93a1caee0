import {c0070} from '../../controls/c-0070.ts';
import {kubeletResource} from '../../src/engine/kubelet.ts';
import {testControl} from '../helpers/test-control.ts';

const kubelet = (name: string, clientCAFile?: string) =>
  kubeletResource(
    name,
    {authentication: {x509: clientCAFile === undefined ? {} : {clientCAFile}}},
    'configz',
  );

testControl(c0070, [
  {
    name: 'fails without a CA, or with an empty one',
    objects: '',
    more: [kubelet('a'), kubelet('b', ''), kubelet('c', '/etc/kubernetes/pki/ca.crt')],
    counted: 3,
    findings: [
      'Kubelet//a config.authentication.x509.clientCAFile: not set',
      'Kubelet//b config.authentication.x509.clientCAFile: not set',
    ],
    manual: ['in the file of the node'],
  },
  {
    name: 'is not evaluated where no kubelet is known',
    objects: '',
    findings: [],
    notEvaluated:
      'No kubelet configuration is known: it lies in a file of each node, and the API shows it only to who may use nodes/proxy, a permission as strong as exec into every pod.',
  },
]);
