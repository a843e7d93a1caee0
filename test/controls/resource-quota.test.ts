import {resourceQuota} from '../../controls/resource-quota.ts';
import {testControl} from '../helpers/test-control.ts';
import {deployment} from './workloads.ts';

const space = (labels = '{}'): string => `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: ${labels}}
${deployment('{containers: [{name: web, image: a}]}')}`;
const quota = (spec: string): string => `
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: quota, namespace: shop}
spec: ${spec}
`;
const at = 'Namespace//shop metadata.name';

testControl(resourceQuota, [
  {
    name: 'fails without one',
    objects: space(),
    findings: [`${at}: it has no quota`],
    manual: ['a quota over what it uses'],
  },
  {
    name: 'fails where it counts objects only',
    objects: space() + quota('{hard: {configmaps: 10}}'),
    findings: [`${at}: its quota leaves CPU or memory out`],
  },
  {
    name: 'fails where it holds for some pods only',
    objects: space() + quota('{hard: {limits.cpu: 4, limits.memory: 4Gi}, scopes: [BestEffort]}'),
    findings: [`${at}: its quota holds for some pods only`],
  },
  {
    name: 'passes with a sum of both',
    objects: space() + quota('{hard: {requests.cpu: 4, limits.memory: 4Gi}}'),
    findings: [],
  },
  {
    name: 'fails with a label that claims a quota',
    objects: space('{quota: large}'),
    findings: [`${at}: it has no quota`],
  },
]);
