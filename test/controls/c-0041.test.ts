import {c0041} from '../../controls/c-0041.ts';
import {testControl} from '../helpers/test-control.ts';
import {deployment, web} from './workloads.ts';

testControl(c0041, [
  {
    name: 'fails at true',
    objects: deployment('{hostNetwork: true, dnsPolicy: ClusterFirst, containers: []}'),
    findings: [`${web}.hostNetwork: true`],
    fixed: [
      {
        approach: 'at the workload',
        objects: deployment('{dnsPolicy: ClusterFirst, containers: []}'),
        leaves: [],
      },
    ],
  },
  {name: 'passes at false', objects: deployment('{hostNetwork: false, containers: []}'), findings: []},
  {name: 'passes without the field', objects: deployment('{containers: []}'), counted: 1, findings: []},
]);
