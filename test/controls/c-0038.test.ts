import {c0038} from '../../controls/c-0038.ts';
import {testControl} from '../helpers/test-control.ts';
import {deployment, pod, web} from './workloads.ts';

testControl(c0038, [
  {
    name: 'fails at both, and takes both away',
    objects: deployment('{hostPID: true, hostIPC: true, containers: []}'),
    findings: [`${web}.hostPID: true`, `${web}.hostIPC: true`],
    fixed: [{approach: 'at the workload', objects: deployment('{containers: []}'), leaves: []}],
  },
  {
    name: 'fails at one, and leaves what is false as it is',
    objects: pod('{hostPID: false, hostIPC: true, containers: []}'),
    findings: ['Pod/shop/one spec.hostIPC: true'],
    fixed: [{approach: 'at the workload', objects: pod('{hostPID: false, containers: []}'), leaves: []}],
  },
  {
    name: 'passes at false',
    objects: deployment('{hostPID: false, hostIPC: false, containers: []}'),
    findings: [],
  },
]);
