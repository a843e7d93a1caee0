import {c0271} from '../../controls/c-0271.ts';
import {testControl} from '../helpers/test-control.ts';
import {deployment, web} from './workloads.ts';

const limited = (limits: string): string =>
  deployment(`{containers: [{name: web, image: a, resources: {limits: {${limits}}}}]}`);
const field = `${web}.containers[0].resources.limits.memory`;

testControl(c0271, [
  {
    name: 'fails without a limit, and asks for one',
    objects: limited('cpu: 500m'),
    counted: 1,
    findings: [`${field}: not set`],
    fixed: [
      {
        approach: 'at each container',
        answers: {'Deployment/shop/web web memory limit': '256Mi'},
        objects: limited('cpu: 500m, memory: 256Mi'),
        leaves: [],
      },
    ],
  },
  {name: 'passes with one', objects: limited('memory: 256Mi'), findings: []},
  {
    name: 'fails whatever a LimitRange gives',
    objects: `${limited('cpu: 500m')}
---
apiVersion: v1
kind: LimitRange
metadata: {name: team, namespace: shop}
spec: {limits: [{type: Container, default: {memory: 256Mi}}]}
`,
    findings: [`${field}: not set`],
  },
  {
    name: 'takes the limit of the whole pod for that of its containers',
    objects: deployment('{resources: {limits: {memory: 256Mi}}, containers: [{name: web, image: a}]}'),
    findings: [],
  },
]);
