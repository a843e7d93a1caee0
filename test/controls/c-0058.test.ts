import {expect, it} from 'vitest';
import {c0058, c0058of2021, isVulnerable} from '../../controls/c-0058.ts';
import {testControl} from '../helpers/test-control.ts';
import {deployment, web} from './workloads.ts';

const node = (version: string): string => `
---
apiVersion: v1
kind: Node
metadata: {name: a}
status: {nodeInfo: {kubeletVersion: ${version}}}
`;
const mounting = (mount: string): string =>
  deployment(`{containers: [{name: web, image: a, volumeMounts: [${mount}]}]}`);

testControl(c0058, [
  {
    name: 'fails at subPath on a kubelet that follows links',
    objects: mounting('{name: v, mountPath: /d, subPath: x}') + node('v1.21.4'),
    counted: 1,
    findings: [`${web}.containers[0].volumeMounts[0].subPath: x`],
    manual: ['upgrade the kubelet'],
  },
  {
    name: 'fails at subPathExpr as well',
    objects: mounting('{name: v, mountPath: /d, subPathExpr: $(A)}') + node('v1.19.14'),
    findings: [`${web}.containers[0].volumeMounts[0].subPathExpr: $(A)`],
  },
  {
    name: 'counts nothing where no kubelet does',
    objects: mounting('{name: v, mountPath: /d, subPath: x}') + node('v1.21.5'),
    counted: 0,
    findings: [],
  },
  {
    name: 'passes without subPath',
    objects: mounting('{name: v, mountPath: /d}') + node('v1.21.4'),
    counted: 1,
    findings: [],
  },
]);

testControl(c0058of2021, [
  {
    name: 'counts every workload, whatever the kubelet',
    objects: mounting('{name: v, mountPath: /d, subPath: x}') + node('v1.36.3'),
    counted: 1,
    findings: [],
  },
]);

it.each([
  ['v1.9.11', true],
  ['v1.19.14', true],
  ['v1.19.15', false],
  ['v1.20.10+k3s1', true],
  ['v1.20.11', false],
  ['v1.22.1', true],
  ['v1.22.2', false],
  ['v1.36.3', false],
  ['unknown', false],
])('knows whether kubelet %s is vulnerable: %s', (version, expected) => {
  expect(isVulnerable(version)).toBe(expected);
});
