import {controlPlaneTaint} from '../../controls/control-plane-taint.ts';
import {testControl} from '../helpers/test-control.ts';

const node = (spec: string, labels = "node-role.kubernetes.io/control-plane: ''"): string => `
apiVersion: v1
kind: Node
metadata: {name: cp, labels: {${labels}}}
spec: {${spec}}
`;
const taint = '{key: node-role.kubernetes.io/control-plane, effect: NoSchedule}';

testControl(controlPlaneTaint, [
  {
    name: 'fails without a taint, and sets it',
    objects: node('podCIDR: 10.0.0.0/24'),
    findings: ['Node//cp spec.taints: not set'],
    fixed: [
      {
        approach: 'taint the node',
        objects: node(`podCIDR: 10.0.0.0/24, taints: [${taint}]`),
        leaves: [],
      },
    ],
  },
  {
    name: 'fails with a taint that Kubernetes sets for a while, and keeps it',
    objects: node('taints: [{key: node.kubernetes.io/unschedulable, effect: NoSchedule}]'),
    findings: ['Node//cp spec.taints: node.kubernetes.io/unschedulable'],
    fixed: [
      {
        approach: 'taint the node',
        objects: node(`taints: [{key: node.kubernetes.io/unschedulable, effect: NoSchedule}, ${taint}]`),
        leaves: [],
      },
    ],
  },
  {
    name: 'fails with a wish only',
    objects: node('taints: [{key: node-role.kubernetes.io/control-plane, effect: PreferNoSchedule}]'),
    findings: ['Node//cp spec.taints: node-role.kubernetes.io/control-plane'],
  },
  {name: 'passes with the taint', objects: node(`taints: [${taint}]`), counted: 1, findings: []},
  {name: 'does not count a worker', objects: node('', 'a: b'), counted: 0, findings: []},
  {
    name: 'fails with a label that claims it',
    objects: node('', "node-role.kubernetes.io/control-plane: '', tainted: 'true'"),
    findings: ['Node//cp spec.taints: not set'],
  },
]);
