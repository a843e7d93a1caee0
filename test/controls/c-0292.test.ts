import {c0292} from '../../controls/c-0292.ts';
import {testControl} from '../helpers/test-control.ts';

const workload = (kind: string, image: string) => `
apiVersion: apps/v1
kind: ${kind}
metadata: {name: ingress, namespace: edge}
spec: {template: {spec: {containers: [{name: c, image: "${image}"}]}}}
`;
const field = 'spec.template.spec.containers[0].image';

testControl(c0292, [
  {
    name: 'fails for the community controller, in a Deployment',
    objects: workload('Deployment', 'registry.k8s.io/ingress-nginx/controller:v1.15.1@sha256:0123'),
    counted: 1,
    findings: [
      `Deployment/edge/ingress ${field}: registry.k8s.io/ingress-nginx/controller:v1.15.1@sha256:0123`,
    ],
    manual: ['to a maintained controller'],
  },
  {
    name: 'fails for a mirror of its image, in a DaemonSet',
    objects: workload('DaemonSet', 'mirror.example.com/ingress-nginx/controller:v1.9.0'),
    findings: [`DaemonSet/edge/ingress ${field}: mirror.example.com/ingress-nginx/controller:v1.9.0`],
  },
  {
    name: 'passes for the controller of NGINX Inc., which is another one',
    objects: workload('Deployment', 'nginx/nginx-ingress:5.0.0'),
    counted: 1,
    findings: [],
  },
]);
