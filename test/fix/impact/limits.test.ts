import {changedTo, deployment, testImpact, uses} from './impacts.ts';

const container = (resources = '{}'): string =>
  `{containers: [{name: main, image: "x:1", resources: ${resources}}]}`;
const range = (item: string): string => `
apiVersion: v1
kind: LimitRange
metadata: {name: kata-limits, namespace: home}
spec: {limits: [{type: Container, ${item}}]}
---`;

testImpact('limits', [
  {
    name: 'a default below what a container uses kills it at its next start',
    now: deployment('backend', container()) + uses('backend', '310Mi'),
    later: range('default: {memory: 128Mi}, defaultRequest: {memory: 64Mi}'),
    remarks: [
      'failed: Deployment home/backend uses 310Mi of memory and would get a limit of 128Mi. At its next start it is killed (OOMKilled), again and again.',
    ],
  },
  {
    name: 'a default well above it breaks nothing',
    now: deployment('backend', container()) + uses('backend', '310Mi'),
    later: range('default: {memory: 512Mi}, defaultRequest: {memory: 64Mi}'),
    remarks: ['passed: Deployment home/backend uses 310Mi: the limits leave room for that.'],
  },
  {
    name: 'a default just above it leaves little room',
    now: deployment('backend', container()) + uses('backend', '310Mi'),
    later: range('default: {memory: 320Mi}'),
    remarks: [
      'look: Deployment home/backend uses 310Mi of memory and would get a limit of 320Mi. That leaves little room.',
    ],
  },
  {
    name: 'a limit of its own stands above any default',
    now: deployment('backend', container('{limits: {memory: 400Mi}}')) + uses('backend', '310Mi'),
    later: range('default: {memory: 128Mi}'),
    remarks: ['passed: Nothing that runs now is touched by it.'],
  },
  {
    name: 'without a measurement it says so',
    now: deployment('backend', container()),
    later: range('default: {memory: 128Mi}'),
    remarks: [
      'look: Nothing was measured of Deployment home/backend: whether the memory limit is enough, only their next start tells.',
    ],
  },
  {
    name: 'a request above the default limit is refused',
    now: deployment('minio', container('{requests: {memory: 512Mi}}')),
    later: range('default: {memory: 256Mi}'),
    remarks: [
      'failed: Deployment home/minio requests 512Mi of memory and would get a limit of 256Mi. The API server refuses its next pods; those that run stay.',
    ],
  },
  {
    name: 'a limit above the maximum, and a request below the minimum, are refused',
    now:
      deployment('buildkitd', container('{limits: {cpu: 2, memory: 1536Mi}}')) +
      deployment('ddns', container('{requests: {cpu: 5m, memory: 64Mi}, limits: {cpu: 100m, memory: 64Mi}}')),
    later: range('max: {cpu: 1, memory: 512Mi}, min: {cpu: 10m, memory: 32Mi}'),
    remarks: [
      'failed: Deployment home/buildkitd sets a CPU limit of 2, kata-limits allows 1 at most. The API server refuses its next pods; those that run stay.',
      'failed: Deployment home/buildkitd sets a memory limit of 1536Mi, kata-limits allows 512Mi at most. The API server refuses its next pods; those that run stay.',
      'failed: Deployment home/ddns requests 5m of CPU, kata-limits wants 10m at least. The API server refuses its next pods; those that run stay.',
    ],
  },
  {
    name: 'a maximum is a default too, where none is set',
    now: deployment('backend', container()) + uses('backend', '310Mi'),
    later: range('max: {memory: 128Mi}'),
    remarks: [
      'failed: Deployment home/backend uses 310Mi of memory and would get a limit of 128Mi. At its next start it is killed (OOMKilled), again and again.',
    ],
  },
  {
    name: 'what was broken before is not blamed on the change',
    now: deployment('backend', container()) + uses('backend', '310Mi') + range('default: {memory: 128Mi}'),
    later: range('default: {memory: 128Mi, cpu: 1}'),
    remarks: ['passed: Deployment home/backend uses 310Mi: the limits leave room for that.'],
  },
  {
    name: 'a limit set at the container itself is judged the same',
    now: deployment('backend', container()) + uses('backend', '310Mi', '700m'),
    later: changedTo('backend', container('{limits: {memory: 128Mi, cpu: 500m}}')),
    remarks: [
      'look: Deployment home/backend uses 700m of CPU and is limited to 500m. It is slowed to that.',
      'failed: Deployment home/backend uses 310Mi of memory and is limited to 128Mi. At its next start it is killed (OOMKilled), again and again.',
      'look: Deployment home/backend restarts its pod; the old one serves until the new one is ready.',
    ],
  },
]);
