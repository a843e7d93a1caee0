import {c0054} from '../../controls/c-0054.ts';
import {testControl} from '../helpers/test-control.ts';

const namespace = (name: string) => `
apiVersion: v1
kind: Namespace
metadata: {name: ${name}}
`;
const policy = (name: string, spec: string, space = 'shop') => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: ${space}}
spec: ${spec}
`;
const cluster = (spec: string) => `
apiVersion: cilium.io/v2
kind: CiliumClusterwideNetworkPolicy
metadata: {name: all}
${spec}
`;
const shop = `${namespace('shop')}---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec: {selector: {app: db}, ports: [{port: 5432}]}
---
apiVersion: v1
kind: Service
metadata: {name: outside, namespace: shop}
spec: {type: ExternalName, externalName: example.com}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec: {rules: [{http: {paths: [{backend: {service: {name: web, port: {number: 80}}}}]}}]}
`;
const toWeb = policy(
  'kubekata-allow-to-web',
  '{podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress], ingress: [{ports: [{protocol: TCP, port: http}]}]}',
);
const sameNamespace = (space = 'shop') =>
  policy(
    'kubekata-allow-same-namespace',
    '{podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {}}]}]}',
    space,
  );

testControl(c0054, [
  {
    name: 'fails without any policy, and lets in the namespace itself and what an Ingress leads to',
    objects: shop,
    counted: 1,
    findings: ['Namespace//shop metadata.name: no NetworkPolicy'],
    fixed: [
      {approach: 'inside the namespace', objects: `${sameNamespace()}---${toWeb}`, leaves: []},
      {
        approach: 'default deny for the namespace',
        objects: `${policy(
          'kubekata-allow-dns',
          '{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{protocol: UDP, port: 53}, {protocol: TCP, port: 53}]}]}',
        )}---${policy('kubekata-default-deny', '{podSelector: {}, policyTypes: [Ingress, Egress]}')}`,
        leaves: [],
      },
    ],
  },
  {
    name: 'passes with a policy of its own, not with one of another namespace',
    objects: `${namespace('shop')}---${namespace('other')}---${policy('one', '{podSelector: {}}')}`,
    counted: 2,
    findings: ['Namespace//other metadata.name: no NetworkPolicy'],
  },
  {
    name: 'keeps what kube-system has for everyone open, and denies nothing else there',
    objects: `${namespace('kube-system')}---
apiVersion: v1
kind: Service
metadata: {name: kube-dns, namespace: kube-system}
spec: {selector: {k8s-app: kube-dns}, ports: [{port: 53, protocol: UDP, targetPort: 53}]}
`,
    findings: ['Namespace//kube-system metadata.name: no NetworkPolicy'],
    fixed: [
      {
        approach: 'inside the namespace',
        objects: `${sameNamespace('kube-system')}---${policy(
          'kubekata-allow-to-kube-dns',
          '{podSelector: {matchLabels: {k8s-app: kube-dns}}, policyTypes: [Ingress], ingress: [{ports: [{protocol: UDP, port: 53}]}]}',
          'kube-system',
        )}`,
      },
    ],
  },
  {
    name: 'passes under a cluster-wide policy of Cilium that selects everything',
    objects: `${namespace('shop')}---${cluster('specs: [{endpointSelector: {matchLabels: {}}, ingress: [{}]}]')}`,
    findings: [],
  },
  {
    name: 'fails under one that selects some, or that denies nothing',
    objects: `${namespace('shop')}---${cluster('spec: {endpointSelector: {matchLabels: {app: web}}, ingress: [{}]}')}---${cluster(
      'spec: {endpointSelector: {}, enableDefaultDeny: {ingress: false, egress: false}, ingress: [{}]}',
    ).replace('name: all', 'name: open')}`,
    findings: ['Namespace//shop metadata.name: no NetworkPolicy'],
  },
]);
