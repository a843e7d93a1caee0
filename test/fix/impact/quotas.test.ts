import {deployment, testImpact} from './impacts.ts';

const container = (resources = '{}'): string =>
  `{containers: [{name: main, image: "x:1", resources: ${resources}}]}`;
const quota = (hard: string): string => `
apiVersion: v1
kind: ResourceQuota
metadata: {name: kata-quota, namespace: home}
spec: {hard: {${hard}}}
---`;
const both =
  deployment('web', container('{limits: {memory: 256Mi}}')) +
  deployment('api', container('{limits: {memory: 256Mi}}'));

testImpact('quotas', [
  {
    name: 'a container without a limit is refused by a quota on limits',
    now: deployment('web', container()),
    later: quota('limits.memory: 1Gi'),
    remarks: [
      'failed: Deployment home/web sets no memory limit, which quota kata-quota wants of every container. Its next pods are refused; those that run stay.',
      'passed: 1 pod of home fits into the quota: limits.memory 0Mi of 1Gi.',
    ],
  },
  {
    name: 'with a limit from a LimitRange of the same change it fits',
    now: deployment('web', container()),
    later: `${quota('limits.memory: 1Gi')}
apiVersion: v1
kind: LimitRange
metadata: {name: kata-limits, namespace: home}
spec: {limits: [{type: Container, default: {memory: 128Mi}}]}
`,
    remarks: [
      'look: Nothing was measured of Deployment home/web: whether the memory limit is enough, only their next start tells.',
      'passed: 1 pod of home fits into the quota: limits.memory 128Mi of 1Gi.',
    ],
  },
  {
    name: 'a sum above the quota refuses the next pod',
    now: both,
    later: quota('limits.memory: 500Mi'),
    remarks: [
      'failed: 2 pods of home get memory limits of 512Mi in all, quota kata-quota allows 500Mi: the last of them to start again is refused.',
    ],
  },
  {
    name: 'a sum that leaves no room for a rollout is told',
    now: both,
    later: quota('limits.memory: 600Mi'),
    remarks: [
      'look: 2 pods of home get memory limits of 512Mi in all, quota kata-quota allows 600Mi: a rollout, which starts one more pod for a moment, may stop.',
    ],
  },
  {
    name: 'room for one more is enough',
    now: both,
    later: quota('limits.memory: 768Mi'),
    remarks: ['passed: 2 pods of home fit into the quota: limits.memory 512Mi of 768Mi.'],
  },
  {
    name: 'pods are counted',
    now: both,
    later: quota('pods: 2'),
    remarks: [
      'look: home runs 2 pods, quota kata-quota allows 2: a rollout, which starts one more, may stop.',
    ],
  },
  {
    name: 'a request is its own limit where none is set, as the server fills it in',
    now: both,
    later: quota('requests.memory: 768Mi'),
    remarks: ['passed: 2 pods of home fit into the quota: requests.memory 512Mi of 768Mi.'],
  },
]);
