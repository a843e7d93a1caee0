import {kubeletSeccompDefault} from '../../controls/kubelet-seccomp-default.ts';
import type {JsonObject} from '../../src/engine/json.ts';
import {kubeletResource} from '../../src/engine/kubelet.ts';
import {testControl} from '../helpers/test-control.ts';

const kubelet = (config: JsonObject) => [kubeletResource('n', config, 'configz of node n')];

testControl(kubeletSeccompDefault, [
  {
    name: 'fails by default',
    objects: '',
    more: kubelet({}),
    findings: ['Kubelet//n config.seccompDefault: not set'],
    manual: ['in the file of the node'],
  },
  {
    name: 'fails when it is off',
    objects: '',
    more: kubelet({seccompDefault: false}),
    findings: ['Kubelet//n config.seccompDefault: false'],
    manual: ['in the file of the node'],
  },
  {name: 'passes when it is on', objects: '', more: kubelet({seccompDefault: true}), findings: []},
  {
    name: 'fails on a node whose labels claim it',
    objects:
      "apiVersion: v1\nkind: Node\nmetadata: {name: n, labels: {seccompDefault: 'true', hardened: 'true'}}",
    more: kubelet({}),
    findings: ['Kubelet//n config.seccompDefault: not set'],
  },
]);
