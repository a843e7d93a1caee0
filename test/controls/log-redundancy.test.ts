import {logRedundancy} from '../../controls/log-redundancy.ts';
import {testControl} from '../helpers/test-control.ts';
import {daemonSet, reading} from './agents.ts';

const cluster = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: kube-system}\n';
const critical = 'priorityClassName: system-node-critical, ';
const store = (
  kind: string,
  replicas: string,
  image = 'docker.io/grafana/loki:3.7.0',
  labels = '{}',
): string => `
---
apiVersion: apps/v1
kind: ${kind}
metadata: {name: store, namespace: watch, labels: ${labels}}
spec: {${replicas}template: {spec: {containers: [{name: s, image: '${image}'}]}}}
`;

testControl(logRedundancy, [
  {
    name: 'fails where nothing collects or stores',
    objects: cluster,
    counted: 1,
    findings: ['Namespace//kube-system metadata.name: no collector, no store'],
    manual: ['a collector and a store'],
  },
  {
    name: 'fails at a collector that is evicted first, and gives it priority',
    objects: cluster + daemonSet(reading('/var/log')),
    counted: 2,
    findings: ['DaemonSet/watch/agent spec.template.spec.priorityClassName: not set'],
    fixed: [
      {
        approach: 'the last to go',
        objects: daemonSet(reading('/var/log', critical)),
        leaves: [],
      },
    ],
  },
  {
    name: 'passes with a collector that stays',
    objects: cluster + daemonSet(reading('/var/log', critical)),
    findings: [],
  },
  {
    name: 'fails at a store of one, and doubles it',
    objects: store('Deployment', ''),
    findings: ['Deployment/watch/store spec.replicas: 1'],
    fixed: [{approach: 'two replicas', objects: store('Deployment', 'replicas: 2, '), leaves: []}],
  },
  {
    name: 'tells how a store with data of its own gets a second member',
    objects: store('StatefulSet', 'replicas: 1, '),
    findings: ['StatefulSet/watch/store spec.replicas: 1'],
    manual: ['a second member'],
  },
  {name: 'passes with three', objects: store('StatefulSet', 'replicas: 3, '), findings: []},
  {
    name: 'fails with labels that claim a store, of another program',
    objects: cluster + store('Deployment', 'replicas: 3, ', 'busybox:1.37', '{app: loki, ha: "true"}'),
    findings: ['Namespace//kube-system metadata.name: no collector, no store'],
  },
  {
    name: 'is not evaluated on manifests without either',
    objects: 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}',
    findings: [],
    notEvaluated:
      'Namespace kube-system is not among what was read, so what the cluster runs is not known: look at the cluster itself, not at its manifests.',
  },
]);
