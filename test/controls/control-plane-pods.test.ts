import {controlPlanePods} from '../../controls/control-plane-pods.ts';
import {testControl} from '../helpers/test-control.ts';
import {nodes} from './agents.ts';

const pod = (node: string, more = '', namespace = 'shop'): string => `
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: ${namespace}${more}}
spec: {nodeName: ${node}, containers: [{name: web, image: a}]}
`;
const owned = (kind: string): string =>
  `, ownerReferences: [{apiVersion: apps/v1, kind: ${kind}, name: web}]`;

testControl(controlPlanePods, [
  {
    name: 'fails beside the control plane, also for a pod of a workload',
    objects: nodes + pod('cp', owned('ReplicaSet')),
    counted: 1,
    findings: ['Pod/shop/web-1 spec.nodeName: cp'],
    manual: ['start it elsewhere'],
  },
  {name: 'passes on another node', objects: nodes + pod('w'), counted: 1, findings: []},
  {name: 'passes for what runs on every node', objects: nodes + pod('cp', owned('DaemonSet')), findings: []},
  {name: 'passes for the system', objects: nodes + pod('cp', '', 'kube-system'), findings: []},
  {
    name: 'does not count what has ended',
    objects: `${nodes}${pod('cp')}status: {phase: Succeeded}\n`,
    counted: 0,
    findings: [],
  },
  {
    name: 'fails with labels that claim a part of the control plane',
    objects: nodes + pod('cp', ', labels: {tier: control-plane, component: kube-apiserver}'),
    findings: ['Pod/shop/web-1 spec.nodeName: cp'],
  },
]);
