import {c0059, c0059of2021} from '../../controls/c-0059.ts';
import {testControl} from '../helpers/test-control.ts';

const controller = (image: string, args = '[]') => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: controller, namespace: edge}
spec: {template: {spec: {containers: [{name: c, image: "${image}", args: ${args}}]}}}
`;
const configMap = (data: string) => `
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: edge}
data: ${data}
`;
const old = 'k8s.gcr.io/ingress-nginx/controller:v0.49.0@sha256:0123';
const finding = (image: string) =>
  `Deployment/edge/controller spec.template.spec.containers[0].image: ${image}`;

testControl(c0059, [
  {
    name: 'fails up to 0.49.0, and switches snippets off in the ConfigMap that the controller reads',
    objects: `${controller(old, '["--configmap=$(POD_NAMESPACE)/settings"]')}---${configMap('{}')}`,
    counted: 1,
    findings: [finding(old)],
    fixed: [
      {
        approach: 'snippets off',
        objects: configMap('{allow-snippet-annotations: "false"}'),
        leaves: [],
      },
    ],
    manual: ['a newer controller'],
  },
  {
    name: 'fails for 1.0.0, with an update by hand where it reads no ConfigMap',
    objects: controller('registry.k8s.io/ingress-nginx/controller:v1.0.0'),
    findings: [finding('registry.k8s.io/ingress-nginx/controller:v1.0.0')],
    manual: ['a newer controller'],
  },
  {
    name: 'passes from 0.49.1 and 1.0.1 on',
    objects: `${controller('k8s.gcr.io/ingress-nginx/controller:v0.49.1')}---${controller(
      'registry.k8s.io/ingress-nginx/controller:v1.0.1',
    ).replace('name: controller', 'name: other')}`,
    counted: 2,
    findings: [],
  },
  {
    name: 'passes where a ConfigMap of the namespace forbids snippets',
    objects: `${controller(old)}---${configMap('{allow-snippet-annotations: "false"}')}`,
    findings: [],
  },
  {
    name: 'counts no other Deployment, nor the ingress controller of another vendor',
    objects: controller('kong/kubernetes-ingress-controller:0.10.0'),
    counted: 0,
    findings: [],
  },
]);

testControl(c0059of2021, [
  {
    name: 'counts every Deployment in the first edition',
    objects: controller('nginx:1.14'),
    counted: 1,
    findings: [],
  },
]);
