import {c0055} from '../../controls/c-0055.ts';
import {testControl} from '../helpers/test-control.ts';
import {deployment, pod, web} from './workloads.ts';

testControl(c0055, [
  {
    name: 'fails without a profile, and sets it once for the pod',
    objects: deployment('{initContainers: [{name: prepare, image: a}], containers: [{name: web, image: a}]}'),
    findings: [
      `${web}.containers[0].securityContext.seccompProfile: not set`,
      `${web}.initContainers[0].securityContext.seccompProfile: not set`,
    ],
    fixed: [
      {
        approach: 'for the whole pod',
        objects: deployment(`{
          initContainers: [{name: prepare, image: a}], containers: [{name: web, image: a}],
          securityContext: {seccompProfile: {type: RuntimeDefault}}}`),
        leaves: [],
      },
    ],
  },
  {
    name: 'passes with a profile of the pod',
    objects: deployment(
      '{securityContext: {seccompProfile: {type: RuntimeDefault}}, containers: [{name: web, image: a}]}',
    ),
    findings: [],
  },
  {
    name: 'passes with a profile of the container, also one from a file',
    objects: deployment(
      '{containers: [{name: web, image: a, securityContext: {seccompProfile: {type: Localhost, localhostProfile: a.json}}}]}',
    ),
    findings: [],
  },
  {
    name: 'fails at Unconfined, which is no profile',
    objects: deployment(`{securityContext: {seccompProfile: {type: RuntimeDefault}},
      containers: [{name: web, image: a, securityContext: {seccompProfile: {type: Unconfined}}}]}`),
    findings: [`${web}.containers[0].securityContext.seccompProfile: Unconfined`],
    fixed: [
      {
        approach: 'for the whole pod',
        objects: deployment(`{securityContext: {seccompProfile: {type: RuntimeDefault}},
          containers: [{name: web, image: a, securityContext: {seccompProfile: {type: RuntimeDefault}}}]}`),
        leaves: [],
      },
    ],
  },
  {
    name: 'sets it at the pod where the pod says Unconfined',
    objects: deployment(
      '{securityContext: {seccompProfile: {type: Unconfined}}, containers: [{name: web, image: a}]}',
    ),
    findings: [`${web}.containers[0].securityContext.seccompProfile: Unconfined`],
    fixed: [
      {
        approach: 'for the whole pod',
        objects: deployment(
          '{securityContext: {seccompProfile: {type: RuntimeDefault}}, containers: [{name: web, image: a}]}',
        ),
        leaves: [],
      },
    ],
  },
  {
    name: 'does not look at ephemeral containers',
    objects: pod(
      '{containers: [{name: a, image: a, securityContext: {seccompProfile: {type: RuntimeDefault}}}], ephemeralContainers: [{name: b, image: b}]}',
    ),
    findings: [],
  },
]);
