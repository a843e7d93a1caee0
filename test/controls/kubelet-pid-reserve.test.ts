import {kubeletPidReserve} from '../../controls/kubelet-pid-reserve.ts';
import {kubeletOfNode} from '../../src/engine/evidence.ts';
import type {JsonObject} from '../../src/engine/json.ts';
import {kubeletResource} from '../../src/engine/kubelet.ts';
import {resourceOf} from '../../src/engine/objects.ts';
import {testControl} from '../helpers/test-control.ts';

const kubelet = (config: JsonObject) => [kubeletResource('n', config, 'configz of node n')];
const k3s = (args: readonly string[]) =>
  [
    kubeletOfNode(
      resourceOf({
        apiVersion: 'v1',
        kind: 'Node',
        metadata: {name: 'n', annotations: {'k3s.io/node-args': JSON.stringify(args)}},
      }),
    ),
  ].filter((one) => one !== undefined);

testControl(kubeletPidReserve, [
  {
    name: 'fails without a reservation',
    objects: '',
    more: kubelet({}),
    findings: ['Kubelet//n config.systemReserved: not set'],
    manual: ['in the file of the node'],
  },
  {
    name: 'fails with one of memory alone',
    objects: '',
    more: kubelet({systemReserved: {memory: '500Mi'}}),
    findings: ['Kubelet//n config.systemReserved: {"memory":"500Mi"}'],
  },
  {
    name: 'fails with one that is not enforced on pods',
    objects: '',
    more: kubelet({systemReserved: {pid: '1000'}, enforceNodeAllocatable: ['none']}),
    findings: ['Kubelet//n config.systemReserved: {"pid":"1000"}'],
  },
  {
    name: 'passes with processes kept for the system',
    objects: '',
    more: kubelet({systemReserved: {pid: '1000'}}),
    findings: [],
  },
  {
    name: 'passes with processes kept for Kubernetes',
    objects: '',
    more: kubelet({kubeReserved: {pid: 1000}}),
    findings: [],
  },
  {
    name: 'passes with the argument of a k3s agent',
    objects: '',
    more: k3s(['agent', '--kubelet-arg', 'system-reserved=cpu=200m,pid=1000']),
    findings: [],
  },
  {
    name: 'fails with a k3s agent that has none',
    objects: '',
    more: k3s(['agent']),
    findings: ['Kubelet//n config.systemReserved: {}'],
  },
  {
    name: 'fails on a node whose labels claim it',
    objects:
      "apiVersion: v1\nkind: Node\nmetadata: {name: n, labels: {pid-reserved: 'true', hardened: 'true'}}",
    more: kubelet({}),
    findings: ['Kubelet//n config.systemReserved: not set'],
  },
]);
