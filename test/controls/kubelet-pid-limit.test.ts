import {kubeletPidLimit} from '../../controls/kubelet-pid-limit.ts';
import type {JsonObject} from '../../src/engine/json.ts';
import {kubeletResource} from '../../src/engine/kubelet.ts';
import {testControl} from '../helpers/test-control.ts';

const kubelet = (config: JsonObject) => [kubeletResource('n', config, 'configz of node n')];

testControl(kubeletPidLimit, [
  {
    name: 'fails without a limit',
    objects: '',
    more: kubelet({}),
    findings: ['Kubelet//n config.podPidsLimit: not set'],
    manual: ['in the file of the node'],
  },
  {
    name: 'fails at -1, which is none',
    objects: '',
    more: kubelet({podPidsLimit: -1}),
    findings: ['Kubelet//n config.podPidsLimit: -1'],
    manual: ['in the file of the node'],
  },
  {name: 'passes with one', objects: '', more: kubelet({podPidsLimit: 4096}), findings: []},
  {
    name: 'fails on a node whose labels claim it',
    objects:
      "apiVersion: v1\nkind: Node\nmetadata: {name: n, labels: {podPidsLimit: 'true', hardened: 'true'}}",
    more: kubelet({}),
    findings: ['Kubelet//n config.podPidsLimit: not set'],
  },
]);
