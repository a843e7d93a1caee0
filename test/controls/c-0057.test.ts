import {expect, it} from 'vitest';
import {c0016} from '../../controls/c-0016.ts';
import {c0046} from '../../controls/c-0046.ts';
import {c0057} from '../../controls/c-0057.ts';
import type {AnyControl} from '../../src/engine/control.ts';
import {Scanner} from '../../src/engine/scan.ts';
import {changeOf, simulate} from '../../src/engine/simulate.ts';
import {frameworkOf, inventoryOf, parseObjects, testControl} from '../helpers/test-control.ts';
import {deployment, pod, web} from './workloads.ts';

const container = (context: string): string =>
  deployment(`{containers: [{name: web, image: a, securityContext: {${context}}}]}`);

testControl(c0057, [
  {
    name: 'fails at privileged',
    objects: container('privileged: true, runAsUser: 0'),
    findings: [`${web}.containers[0].securityContext.privileged: true`],
    fixed: [
      {approach: 'at each container', objects: container('privileged: false, runAsUser: 0'), leaves: []},
    ],
  },
  {name: 'passes at false', objects: container('privileged: false'), findings: []},
  {
    name: 'fails at SYS_ADMIN, and keeps the other capabilities',
    objects: container('capabilities: {add: [NET_ADMIN, SYS_ADMIN]}'),
    findings: [`${web}.containers[0].securityContext.capabilities.add[1]: SYS_ADMIN`],
    fixed: [
      {approach: 'at each container', objects: container('capabilities: {add: [NET_ADMIN]}'), leaves: []},
    ],
  },
  {
    name: 'passes with another capability',
    objects: container('capabilities: {add: [NET_ADMIN]}'),
    findings: [],
  },
  {
    name: 'looks at ephemeral containers',
    objects: pod(
      '{containers: [{name: a, image: a}], ephemeralContainers: [{name: b, image: b, securityContext: {privileged: true}}]}',
    ),
    findings: ['Pod/shop/one spec.ephemeralContainers[0].securityContext.privileged: true'],
    fixed: [{approach: 'at each container', objects: pod('{containers: [{name: a, image: a}]}'), leaves: []}],
  },
]);

it.each([
  ['C-0016 first', [c0016, c0046, c0057]],
  ['C-0057 first', [c0057, c0046, c0016]],
] as const)('fits together with C-0016 and C-0046 in one change: %s', (_, controls) => {
  const inventory = inventoryOf(
    container('privileged: true, capabilities: {add: [SYS_ADMIN, NET_ADMIN, CHOWN]}'),
  );
  const fixes = controls.flatMap((control: AnyControl) => [
    ...control.fixes(new Scanner(frameworkOf(control), inventory).scan().controls[0]!.failures, inventory),
  ]);
  expect(simulate(inventory, changeOf('all', fixes)).set.map(({object}) => object)).toEqual(
    parseObjects(
      container('privileged: false, allowPrivilegeEscalation: false, capabilities: {add: [CHOWN]}'),
    ),
  );
});
