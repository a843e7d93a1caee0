import {describe, expect, it} from 'vitest';
import {nodeVersions} from '../../controls/node-versions.ts';
import {endOf, isMaintained, newestKnown, oldestMaintained} from '../../controls/shared/releases.ts';
import {testControl} from '../helpers/test-control.ts';
import {apiServer} from './api-server.ts';

const node = (version: string, labels = '{}'): string => `
---
apiVersion: v1
kind: Node
metadata: {name: n, labels: ${labels}}
status: {nodeInfo: {kubeletVersion: ${version}}}
`;
const server = (version: string): string => apiServer([], `registry.k8s.io/kube-apiserver:${version}`);
const at = 'Node//n status.nodeInfo.kubeletVersion';
const settings = {today: '2026-11-23'};

testControl(nodeVersions, [
  {
    name: 'fails with a version that gets no fixes',
    settings,
    objects: server('v1.36.3') + node('v1.34.1'),
    findings: [`${at}: v1.34.1`],
    manual: ['upgrade the node'],
  },
  {
    name: 'passes with the same version on its last day of fixes',
    settings: {today: '2026-10-27'},
    objects: server('v1.36.3') + node('v1.34.1'),
    findings: [],
  },
  {
    name: 'fails with an API server that gets none',
    settings,
    objects: server('v1.34.1') + node('v1.34.1'),
    counted: 2,
    findings: [`${at}: v1.34.1`, 'Pod/kube-system/kube-apiserver-cp version: 1.34'],
    manual: ['upgrade the node', 'upgrade the control plane'],
  },
  {
    name: 'passes with versions that get fixes',
    settings,
    objects: server('v1.36.3') + node('v1.35.6+k3s1'),
    findings: [],
  },
  {
    name: 'passes with a version that came later, as long as the newest known gets fixes',
    settings: {today: '2027-10-28'},
    objects: server('v1.39.0') + node('v1.39.0'),
    findings: [],
  },
  {
    name: 'does not know what became of it afterwards',
    settings: {today: '2027-10-29'},
    objects: server('v1.39.0') + node('v1.39.0'),
    findings: [],
    notEvaluated:
      'Whether version 1.39 still gets fixes is not known: this kubekata knows the releases up to 1.37, whose fixes ended on 28 October 2027. Take a newer kubekata, or see https://kubernetes.io/releases/.',
  },
  {
    name: 'judges the skew alone where no day is known',
    objects: server('v1.36.3') + node('v1.33.1'),
    findings: [],
  },
  {
    name: 'fails too far behind the API server',
    settings,
    objects: server('v1.36.3') + node('v1.32.9'),
    findings: [`${at}: v1.32.9`],
  },
  {
    name: 'fails ahead of the API server',
    settings,
    objects: server('v1.35.1') + node('v1.36.0'),
    findings: [`${at}: v1.36.0`],
  },
  {
    name: 'passes without an API server that tells its version',
    settings,
    objects: node('v1.36.0'),
    counted: 1,
    findings: [],
  },
  {
    name: 'fails with a label that claims another version',
    settings,
    objects: server('v1.36.3') + node('v1.31.2', '{kubernetes-version: v1.36.3}'),
    findings: [`${at}: v1.31.2`],
  },
  {
    name: 'is not evaluated on manifests',
    objects: 'apiVersion: v1\nkind: Node\nmetadata: {name: n}',
    findings: [],
    notEvaluated: 'No node tells its version: manifests name none.',
  },
]);

describe('the table of releases', () => {
  it('has an end for each minor in a row, each later than the one before', () => {
    const minors = Array.from({length: newestKnown - 24 + 1}, (_, index) => 24 + index);
    const dates = minors.map((minor) => endOf(minor) ?? '');
    expect(dates.every((date) => /^\d{4}-\d{2}-\d{2}$/.test(date))).toBe(true);
    expect(dates.toSorted()).toEqual(dates);
  });

  it('tells the oldest that is maintained, and what is before and after it', () => {
    expect(oldestMaintained('2026-11-23')).toBe(35);
    expect(oldestMaintained('2030-01-01')).toBeUndefined();
    expect(isMaintained(18, '2026-11-23')).toBe(false);
    expect(isMaintained(newestKnown, '2030-01-01')).toBe(false);
    expect(isMaintained(newestKnown + 1, '2030-01-01')).toBeUndefined();
  });
});
