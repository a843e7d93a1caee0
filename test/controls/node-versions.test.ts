import {nodeVersions} from '../../controls/node-versions.ts';
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

testControl(nodeVersions, [
  {
    name: 'fails with a version that gets no fixes',
    objects: server('v1.36.3') + node('v1.34.1'),
    findings: [`${at}: v1.34.1`],
    manual: ['upgrade the node'],
  },
  {name: 'passes with one that does', objects: server('v1.36.3') + node('v1.35.6+k3s1'), findings: []},
  {
    name: 'fails too far behind the API server',
    objects: server('v1.36.3') + node('v1.32.9'),
    findings: [`${at}: v1.32.9`],
  },
  {
    name: 'fails ahead of the API server',
    objects: server('v1.35.1') + node('v1.36.0'),
    findings: [`${at}: v1.36.0`],
  },
  {
    name: 'passes without an API server that tells its version',
    objects: node('v1.36.0'),
    counted: 1,
    findings: [],
  },
  {
    name: 'fails with a label that claims another version',
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
