import {logCollector} from '../../controls/log-collector.ts';
import {testControl} from '../helpers/test-control.ts';
import {daemonSet, everywhere, nodes, reading} from './agents.ts';

const none = 'no DaemonSet reads its log files';
const both = (found: string) => [`Node//cp metadata.name: ${found}`, `Node//w metadata.name: ${found}`];

const withStatus = (status: string): string =>
  `${daemonSet(reading('/var/log', everywhere))}status: ${status}\n`;
const affinity = (term: string): string =>
  `affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [${term}]}}}, ${everywhere}`;

testControl(logCollector, [
  {
    name: 'fails where a required affinity keeps it from a node',
    objects:
      nodes +
      daemonSet(
        reading(
          '/var/log',
          affinity(
            '{matchExpressions: [{key: node-role.kubernetes.io/control-plane, operator: DoesNotExist}]}',
          ),
        ),
      ),
    findings: ['Node//cp metadata.name: agent does not run there'],
  },
  {
    name: 'passes where one of two terms takes each node',
    objects:
      nodes +
      daemonSet(
        reading(
          '/var/log',
          affinity(
            '{matchExpressions: [{key: node-role.kubernetes.io/control-plane, operator: Exists}]}, {matchFields: [{key: metadata.name, operator: In, values: [w]}]}',
          ),
        ),
      ),
    findings: [],
  },
  {
    name: 'fails where none of its pods is ready',
    objects: nodes + withStatus('{desiredNumberScheduled: 2, numberReady: 0}'),
    findings: both('agent does not run there'),
  },
  {
    name: 'passes while one of them starts anew',
    objects: nodes + withStatus('{desiredNumberScheduled: 2, numberReady: 1}'),
    findings: [],
  },
  {
    name: 'fails on each node without a collector',
    objects: nodes,
    findings: both(none),
    manual: ['a collector on every node'],
  },
  {
    name: 'passes with one on every node',
    objects: nodes + daemonSet(reading('/var/log/pods/', everywhere)),
    counted: 2,
    findings: [],
  },
  {
    name: 'fails on a node whose taint it does not tolerate',
    objects: nodes + daemonSet(reading('/var/log')),
    findings: ['Node//cp metadata.name: agent does not run there'],
  },
  {
    name: 'passes with a toleration of just that taint',
    objects:
      nodes +
      daemonSet(
        reading(
          '/var/log',
          'tolerations: [{key: node-role.kubernetes.io/control-plane, operator: Exists}], ',
        ),
      ),
    findings: [],
  },
  {
    name: 'fails on nodes that it does not select',
    objects: nodes + daemonSet(reading('/var/log', `${everywhere}nodeSelector: {logs: 'yes'}, `)),
    findings: both('agent does not run there'),
  },
  {
    name: 'fails where the folder is there and no container mounts it',
    objects:
      nodes +
      daemonSet(
        `{${everywhere}containers: [{name: a, image: fluent-bit}], volumes: [{name: l, hostPath: {path: /var/log}}]}`,
      ),
    findings: both(none),
  },
  {
    name: 'fails with a name and labels that claim it',
    objects:
      nodes +
      daemonSet(
        `{${everywhere}containers: [{name: fluent-bit, image: busybox}]}`,
        '{app: agent, app.kubernetes.io/name: fluent-bit}',
      ),
    findings: both(none),
  },
]);
