import {runtimeSandbox} from '../../controls/runtime-sandbox.ts';
import {testControl} from '../helpers/test-control.ts';

const web = (spec = '', labels = '{kubekata.dev/sandbox: required}', sandbox = 'gvisor'): string => `
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, labels: ${labels}}
spec: {template: {metadata: {labels: {sandbox: ${sandbox}}}, spec: {${spec}containers: [{name: c, image: shop/web:1}]}}}
`;
const system = '\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: kube-system}\n';
const runtimeClass = (handler: string, scheduling = ''): string => `
---
apiVersion: node.k8s.io/v1
kind: RuntimeClass
metadata: {name: gvisor}
handler: ${handler}${scheduling}
`;
const node = (handlers: string, labels = '{}'): string => `
---
apiVersion: v1
kind: Node
metadata: {name: n, labels: ${labels}}
status: {${handlers}}
`;
const at = 'Deployment/shop/web spec.template.spec.runtimeClassName';
const named = 'runtimeClassName: gvisor, ';
const runs = "runtimeHandlers: [{name: ''}, {name: runc}, {name: runsc}]";
const none =
  'Only a person knows which workloads are sensitive, or run what strangers wrote: label them or their namespace kubekata.dev/sandbox: required, or list them under sandboxed in kubekata.yaml as NAMESPACE or NAMESPACE/NAME.';

testControl(runtimeSandbox, [
  {
    name: 'passes in a sandbox that a node has',
    objects: web(named) + runtimeClass('runsc') + node(runs),
    counted: 1,
    findings: [],
  },
  {
    name: 'fails with a label that claims one, and runs as any other',
    objects: web() + system + node(runs),
    findings: [`${at}: not set`],
    manual: ['install a sandbox'],
  },
  {
    name: 'fails beside a sandbox that it could use',
    objects: web() + runtimeClass('runsc') + node(runs),
    findings: [`${at}: not set`],
    fixed: [{approach: 'in the sandbox that is there', objects: web(named)}],
    manual: ['install a sandbox'],
  },
  {
    name: 'fails where kubekata.yaml asks for it',
    settings: {sandboxed: ['shop/web']},
    objects: web('', '{}'),
    findings: [`${at}: not set`],
  },
  {
    name: 'fails where the namespace asks for it',
    objects: `apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {kubekata.dev/sandbox: required}}\n${web('', '{}')}`,
    findings: [`${at}: not set`],
  },
  {
    name: 'fails with a class that has the name of a sandbox and the handler of none',
    objects: web(named) + runtimeClass('runc') + node(runs),
    findings: [`${at}: gvisor`.replace('gvisor', 'runc')],
  },
  {
    name: 'passes with that class where nobody asked for a sandbox',
    objects: web(named, '{}') + runtimeClass('runc') + node(runs),
    counted: 1,
    findings: [],
  },
  {
    name: 'fails with a class that is not there',
    objects: web(named) + system + node(runs),
    findings: [`${at}: gvisor`],
  },
  {
    name: 'passes on manifests that name a class of the cluster',
    objects: web(named),
    findings: [],
  },
  {
    name: 'fails where no node has the handler',
    objects: web(named) + runtimeClass('runsc') + node("runtimeHandlers: [{name: ''}, {name: runc}]"),
    findings: [`${at}: runsc`],
  },
  {
    name: 'fails where no node has the label that the class selects',
    objects:
      web(named) +
      runtimeClass('runsc', '\nscheduling: {nodeSelector: {sandbox: gvisor}}') +
      node(runs, '{sandbox: none}'),
    findings: [`${at}: runsc`],
  },
  {
    name: 'passes where nodes do not tell their handlers',
    objects: web(named) + runtimeClass('kata-qemu') + node('nodeInfo: {kubeletVersion: v1.29.1}'),
    findings: [],
  },
  {
    name: 'is not evaluated where nobody asked for it',
    objects: web('', '{}'),
    findings: [],
    notEvaluated: none,
  },
]);
