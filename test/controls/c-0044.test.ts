import {c0044} from '../../controls/c-0044.ts';
import {testControl} from '../helpers/test-control.ts';
import {deployment, pod, web} from './workloads.ts';

const ports = (list: string): string => deployment(`{containers: [{name: web, image: a, ports: [${list}]}]}`);

testControl(c0044, [
  {
    name: 'fails at each host port, and keeps the port of the container',
    objects: ports('{containerPort: 80, hostPort: 8080}, {containerPort: 81}'),
    findings: [`${web}.containers[0].ports[0].hostPort: 8080`],
    fixed: [
      {approach: 'at each port', objects: ports('{containerPort: 80}, {containerPort: 81}'), leaves: []},
    ],
  },
  {name: 'passes without one', objects: ports('{containerPort: 80}'), findings: []},
  {name: 'passes at 0, which is none', objects: ports('{containerPort: 80, hostPort: 0}'), findings: []},
  {
    name: 'tells apart the same number for TCP and UDP',
    objects: ports('{containerPort: 53, hostPort: 53, protocol: UDP}, {containerPort: 53, hostPort: 53}'),
    findings: [`${web}.containers[0].ports[0].hostPort: 53`, `${web}.containers[0].ports[1].hostPort: 53`],
    fixed: [
      {
        approach: 'at each port',
        objects: ports('{containerPort: 53, protocol: UDP}, {containerPort: 53}'),
        leaves: [],
      },
    ],
  },
  {
    name: 'takes the ports of a Pod on the network of the node out, because the API would give them back',
    objects: pod(`{hostNetwork: true, containers: [{name: a, image: a, ports: [
      {containerPort: 53, hostPort: 53, protocol: UDP}, {containerPort: 53, hostPort: 53}, {containerPort: 80, hostPort: 80}]}]}`),
    findings: [
      'Pod/shop/one spec.containers[0].ports[0].hostPort: 53',
      'Pod/shop/one spec.containers[0].ports[1].hostPort: 53',
      'Pod/shop/one spec.containers[0].ports[2].hostPort: 80',
    ],
    fixed: [
      {
        approach: 'at each port',
        objects: pod('{hostNetwork: true, containers: [{name: a, image: a, ports: []}]}'),
        leaves: [],
      },
    ],
  },
]);
