import {c0270} from '../../controls/c-0270.ts';
import {testControl} from '../helpers/test-control.ts';
import {deployment, web} from './workloads.ts';

const limited = (limits: string): string =>
  deployment(`{containers: [{name: web, image: a, resources: {limits: {${limits}}}}]}`);
const field = `${web}.containers[0].resources.limits.cpu`;

testControl(c0270, [
  {
    name: 'fails without a limit, and asks for one',
    objects: limited('memory: 256Mi'),
    counted: 1,
    findings: [`${field}: not set`],
    fixed: [
      {
        approach: 'at each container',
        answers: {'Deployment/shop/web web cpu limit': '500m'},
        objects: limited('memory: 256Mi, cpu: 500m'),
        leaves: [],
      },
    ],
  },
  {name: 'passes with one', objects: limited('cpu: 500m'), findings: []},
  {
    name: 'fails whatever a LimitRange gives',
    objects: `${limited('memory: 256Mi')}
---
apiVersion: v1
kind: LimitRange
metadata: {name: team, namespace: shop}
spec: {limits: [{type: Container, default: {cpu: 500m}}]}
`,
    findings: [`${field}: not set`],
  },
  {
    name: 'takes the limit of the whole pod for that of its containers',
    objects: deployment('{resources: {limits: {cpu: 500m}}, containers: [{name: web, image: a}]}'),
    findings: [],
  },
]);
