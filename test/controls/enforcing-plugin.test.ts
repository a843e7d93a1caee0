import {enforcingPlugin} from '../../controls/enforcing-plugin.ts';
import {testControl} from '../helpers/test-control.ts';
import {daemonSet, everywhere, nodes} from './agents.ts';

const plugin = (image: string, more = everywhere, labels?: string): string =>
  daemonSet(`{${more}containers: [{name: agent, image: '${image}'}]}`, labels);
const both = (found: string) => [`Node//cp metadata.name: ${found}`, `Node//w metadata.name: ${found}`];
const none = 'no DaemonSet of a plugin known to';
const k3s = (args: string): string => `
apiVersion: v1
kind: Node
metadata: {name: k, annotations: {k3s.io/node-args: '${args}'}}
status: {nodeInfo: {kubeletVersion: v1.36.2+k3s1}}
`;

testControl(enforcingPlugin, [
  {
    name: 'fails without a plugin',
    objects: nodes,
    findings: both(none),
    manual: ['a plugin that enforces'],
  },
  {name: 'passes with Cilium', objects: nodes + plugin('quay.io/cilium/cilium:v1.19.0'), findings: []},
  {name: 'passes with Calico', objects: nodes + plugin('quay.io/calico/node:v3.31.0'), findings: []},
  {
    name: 'fails with flannel, which enforces nothing',
    objects: nodes + plugin('ghcr.io/flannel-io/flannel:v0.27.0'),
    findings: both(none),
  },
  {
    name: 'fails on a node that it does not reach',
    objects: nodes + plugin('docker.io/cloudnativelabs/kube-router:v2.6.1', ''),
    findings: ['Node//cp metadata.name: agent does not run there'],
  },
  {name: 'passes on k3s, which enforces itself', objects: k3s('["server"]'), findings: []},
  {
    name: 'fails on k3s that is told not to',
    objects: k3s('["server","--disable-network-policy"]'),
    findings: [`Node//k metadata.name: ${none}`],
  },
  {
    name: 'fails with a name and labels that claim one',
    objects: nodes + plugin('busybox:1.37', everywhere, '{app: agent, k8s-app: cilium}'),
    findings: both(none),
  },
]);
