import {podSecurityLabels} from '../../controls/pod-security-labels.ts';
import {testControl} from '../helpers/test-control.ts';
import {deployment} from './workloads.ts';

const space = (labels: string): string => `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {${labels}}}
`;
const plain = deployment('{containers: [{name: web, image: a}]}');
const privileged = deployment('{containers: [{name: web, image: a, securityContext: {privileged: true}}]}');
const at = 'Namespace//shop metadata.labels["pod-security.kubernetes.io/enforce"]';

testControl(podSecurityLabels, [
  {
    name: 'fails below what its pods pass, and sets that',
    objects: space('team: a') + plain,
    findings: [`${at}: not set`],
    fixed: [
      {
        approach: 'label the namespace',
        objects: space(
          'team: a, pod-security.kubernetes.io/enforce: baseline, pod-security.kubernetes.io/warn: restricted',
        ),
        leaves: [],
      },
    ],
  },
  {
    name: 'passes at the level in reach',
    objects: space('pod-security.kubernetes.io/enforce: baseline') + plain,
    findings: [],
  },
  {
    name: 'passes above it: running pods stay',
    objects: space('pod-security.kubernetes.io/enforce: restricted') + plain,
    findings: [],
  },
  {
    name: 'fails with pods that no level lets in, which have to change first',
    objects: space('team: a') + privileged,
    findings: [`${at}: not set`],
    manual: ['harden its pods first'],
  },
  {
    name: 'fails with labels that only warn or claim',
    objects: space('pod-security.kubernetes.io/warn: restricted, pod-security: restricted') + plain,
    findings: [`${at}: not set`],
  },
  {
    name: 'fails with a level that does not exist',
    objects: space('pod-security.kubernetes.io/enforce: strict') + plain,
    findings: [`${at}: strict`],
  },
]);
