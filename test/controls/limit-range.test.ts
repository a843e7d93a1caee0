import {limitRange} from '../../controls/limit-range.ts';
import {testControl} from '../helpers/test-control.ts';
import {deployment} from './workloads.ts';

const space = (labels = '{}'): string => `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: ${labels}}
${deployment('{containers: [{name: web, image: a}]}')}`;
const limits = (spec: string): string => `
---
apiVersion: v1
kind: LimitRange
metadata: {name: limits, namespace: shop}
spec: {limits: [${spec}]}
`;
const at = 'Namespace//shop metadata.name';

testControl(limitRange, [
  {name: 'fails without one', objects: space(), counted: 1, findings: [`${at}: cpu and memory`]},
  {
    name: 'fails where it gives memory alone',
    objects: space() + limits('{type: Container, default: {memory: 128Mi}}'),
    findings: [`${at}: cpu`],
  },
  {
    name: 'fails where it bounds whole pods, which is no default',
    objects: space() + limits('{type: Pod, max: {memory: 1Gi, cpu: 1}}'),
    findings: [`${at}: cpu and memory`],
  },
  {
    name: 'passes with both defaults',
    objects: space() + limits('{type: Container, default: {memory: 128Mi, cpu: 500m}}'),
    findings: [],
  },
  {
    name: 'does not count a namespace where nothing runs',
    objects: 'apiVersion: v1\nkind: Namespace\nmetadata: {name: empty}',
    counted: 0,
    findings: [],
  },
  {
    name: 'fails with a label that claims limits',
    objects: space('{limits: enforced}'),
    findings: [`${at}: cpu and memory`],
  },
]);
