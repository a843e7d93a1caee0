import {kubeconfigFiles} from '../../controls/kubeconfig-files.ts';
import {kubeconfigFileResource} from '../../src/engine/kubeconfig-file.ts';
import {testControl} from '../helpers/test-control.ts';

const own = (mode: number) => [kubeconfigFileResource('', '/home/mona/.kube/config', mode)];
const admin = (mode: number) => [kubeconfigFileResource('cp', '/etc/kubernetes/admin.conf', mode)];

testControl(kubeconfigFiles, [
  {
    name: 'fails where everybody may read the own one',
    objects: '',
    more: own(0o100644),
    findings: ['KubeconfigFile//home/mona/.kube/config mode: 0644'],
    manual: ['for its owner alone'],
  },
  {name: 'passes where its owner alone may', objects: '', more: own(0o100600), counted: 1, findings: []},
  {name: 'passes where nobody may write it', objects: '', more: own(0o100400), findings: []},
  {
    name: 'fails where the group may, on a node',
    objects: '',
    more: admin(0o100640),
    findings: ['KubeconfigFile/cp/etc/kubernetes/admin.conf mode: 0640'],
    manual: ['for its owner alone'],
  },
  {
    name: 'fails on a node whose labels claim it',
    objects: "apiVersion: v1\nkind: Node\nmetadata: {name: cp, labels: {kubeconfig-mode: '0600'}}",
    more: admin(0o100644),
    findings: ['KubeconfigFile/cp/etc/kubernetes/admin.conf mode: 0644'],
  },
  {
    name: 'is not evaluated where no file is seen',
    objects: '',
    findings: [],
    notEvaluated:
      'No kubeconfig file is seen: standard input, manifests and Windows tell no mode. On each machine that has one, ls -l ~/.kube/config /etc/kubernetes/*.conf shows it.',
  },
]);
