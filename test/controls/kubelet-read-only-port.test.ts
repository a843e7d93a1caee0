import {kubeletReadOnlyPort} from '../../controls/kubelet-read-only-port.ts';
import type {JsonObject} from '../../src/engine/json.ts';
import {kubeletResource} from '../../src/engine/kubelet.ts';
import {testControl} from '../helpers/test-control.ts';

const kubelet = (config: JsonObject) => [kubeletResource('n', config, 'configz of node n')];

testControl(kubeletReadOnlyPort, [
  {
    name: 'fails with the old port',
    objects: '',
    more: kubelet({readOnlyPort: 10255}),
    findings: ['Kubelet//n config.readOnlyPort: 10255'],
    manual: ['in the file of the node'],
  },
  {name: 'passes at 0', objects: '', more: kubelet({readOnlyPort: 0}), findings: []},
  {name: 'passes by default, which is none in a file', objects: '', more: kubelet({}), findings: []},
  {
    name: 'fails on a node whose labels claim it',
    objects:
      "apiVersion: v1\nkind: Node\nmetadata: {name: n, labels: {readOnlyPort: 'true', hardened: 'true'}}",
    more: kubelet({readOnlyPort: 10255}),
    findings: ['Kubelet//n config.readOnlyPort: 10255'],
  },
]);
