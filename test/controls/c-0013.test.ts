import {c0013} from '../../controls/c-0013.ts';
import {testControl} from '../helpers/test-control.ts';
import {deployment, pod, web} from './workloads.ts';

const asUser = 'at each container, as a user that you choose';
const asImage = 'at each container, as the user of the image';
const first = `${web}.containers[0].securityContext`;

testControl(c0013, [
  {
    name: 'fails where nothing is set',
    objects: deployment('{containers: [{name: web, image: a}]}'),
    counted: 1,
    findings: [`${first}.runAsNonRoot: not set`, `${first}.runAsGroup: not set`],
    fixed: [
      {
        approach: asUser,
        answers: {'Deployment/shop/web web user': '65532'},
        objects: deployment(
          '{containers: [{name: web, image: a, securityContext: {runAsNonRoot: true, runAsUser: 65532, runAsGroup: 1000}}]}',
        ),
        leaves: [],
      },
      {
        approach: asImage,
        objects: deployment(
          '{containers: [{name: web, image: a, securityContext: {runAsNonRoot: true, runAsGroup: 1000}}]}',
        ),
        leaves: [],
      },
    ],
  },
  {
    name: 'passes where the pod says it for its containers',
    objects: deployment(
      '{securityContext: {runAsNonRoot: true, runAsGroup: 1000}, containers: [{name: web, image: a}]}',
    ),
    findings: [],
  },
  {
    name: 'passes with a user and a group other than 0, without runAsNonRoot',
    objects: deployment(
      '{containers: [{name: web, image: a, securityContext: {runAsUser: 999, runAsGroup: 999}}]}',
    ),
    findings: [],
  },
  {
    name: 'fails without a group, and suggests the number of the user',
    objects: deployment('{containers: [{name: web, image: a, securityContext: {runAsUser: 999}}]}'),
    findings: [`${first}.runAsGroup: not set`],
    fixed: [asUser, asImage].map((approach) => ({
      approach,
      objects: deployment(
        '{containers: [{name: web, image: a, securityContext: {runAsUser: 999, runAsGroup: 999}}]}',
      ),
    })),
  },
  {
    name: 'takes the value of the container before that of the pod',
    objects: deployment(
      '{securityContext: {runAsUser: 999, runAsGroup: 999}, containers: [{name: web, image: a, securityContext: {runAsUser: 0}}]}',
    ),
    findings: [`${first}.runAsUser: 0`],
    fixed: [asUser, asImage].map((approach) => ({
      approach,
      objects: deployment(
        '{securityContext: {runAsUser: 999, runAsGroup: 999}, containers: [{name: web, image: a, securityContext: {runAsUser: 1000, runAsNonRoot: true}}]}',
      ),
    })),
  },
  {
    name: 'finds root of the whole pod once, where the pod sets it',
    objects: pod(
      '{securityContext: {runAsUser: 0, runAsGroup: 0}, containers: [{name: a, image: a}, {name: b, image: b}]}',
    ),
    findings: [
      'Pod/shop/one spec.securityContext.runAsUser: 0',
      'Pod/shop/one spec.securityContext.runAsGroup: 0',
    ],
    fixed: [asUser, asImage].map((approach) => ({
      approach,
      objects: pod(`{securityContext: {runAsUser: 0, runAsGroup: 0}, containers: [
        {name: a, image: a, securityContext: {runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000}},
        {name: b, image: b, securityContext: {runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000}}]}`),
      leaves: [],
    })),
  },
  {
    name: 'looks at init containers',
    objects: deployment(`{initContainers: [{name: prepare, image: a}],
      containers: [{name: web, image: a, securityContext: {runAsNonRoot: true, runAsGroup: 1}}]}`),
    findings: [
      `${web}.initContainers[0].securityContext.runAsNonRoot: not set`,
      `${web}.initContainers[0].securityContext.runAsGroup: not set`,
    ],
  },
  {
    name: 'wants of a Windows pod only what the API accepts there',
    objects: deployment('{os: {name: windows}, containers: [{name: web, image: a}]}'),
    findings: [`${first}.runAsNonRoot: not set`],
    fixed: [asUser, asImage].map((approach) => ({
      approach,
      objects: deployment(
        '{os: {name: windows}, containers: [{name: web, image: a, securityContext: {runAsNonRoot: true}}]}',
      ),
      leaves: [],
    })),
  },
]);
