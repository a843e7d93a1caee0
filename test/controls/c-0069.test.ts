import {c0069} from '../../controls/c-0069.ts';
import {kubeletResource} from '../../src/engine/kubelet.ts';
import {testControl} from '../helpers/test-control.ts';

const kubelet = (name: string, authentication: {readonly [key: string]: {readonly enabled: boolean}}) =>
  kubeletResource(name, {kind: 'KubeletConfiguration', authentication}, 'configz');

testControl(c0069, [
  {
    name: 'fails for a kubelet that lets anonymous requests in',
    objects: '',
    more: [kubelet('a', {anonymous: {enabled: true}}), kubelet('b', {anonymous: {enabled: false}})],
    counted: 2,
    findings: ['Kubelet//a config.authentication.anonymous.enabled: true'],
    manual: ['in the file of the node'],
  },
  {
    name: 'passes where the file is silent: the default is no',
    objects: '',
    more: [kubelet('a', {webhook: {enabled: true}})],
    counted: 1,
    findings: [],
  },
  {
    name: 'is not evaluated where no kubelet is known',
    objects: '',
    findings: [],
    notEvaluated:
      'No kubelet configuration is known: it lies in a file of each node, and the API shows it only to who may use nodes/proxy, a permission as strong as exec into every pod.',
  },
]);
