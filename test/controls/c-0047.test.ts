import {c0047} from '../../controls/c-0047.ts';
import {testControl} from '../helpers/test-control.ts';

const dashboard = (image: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: kubernetes-dashboard, namespace: tools}
spec: {template: {metadata: {labels: {app: dashboard, tier: web}}, spec: {containers: [{name: c, image: "${image}"}]}}}
`;
const service = (spec: string) => `
apiVersion: v1
kind: Service
metadata: {name: dashboard, namespace: tools}
spec: ${spec}
`;
const old = 'kubernetesui/dashboard:v2.0.0';
const finding = `Deployment/tools/kubernetes-dashboard spec.template.spec.containers[0].image: ${old}`;

testControl(c0047, [
  {
    name: 'fails for a dashboard before 2.0.1 behind a NodePort, and makes that a ClusterIP',
    objects: `${dashboard(old)}---${service('{type: NodePort, externalTrafficPolicy: Cluster, selector: {app: dashboard}, ports: [{port: 443, nodePort: 30443}]}')}`,
    counted: 1,
    findings: [finding],
    fixed: [
      {
        approach: 'inside the cluster only',
        objects: service('{type: ClusterIP, selector: {app: dashboard}, ports: [{port: 443}]}'),
        leaves: [],
      },
    ],
    manual: ['without the dashboard'],
  },
  {
    name: 'fails for the first generation behind a LoadBalancer',
    objects: `${dashboard('k8s.gcr.io/kubernetes-dashboard-amd64:v1.10.1')}---${service('{type: LoadBalancer, selector: {app: dashboard}}')}`,
    findings: [finding.replace(old, 'k8s.gcr.io/kubernetes-dashboard-amd64:v1.10.1')],
  },
  {
    name: 'passes from 2.0.1 on',
    objects: `${dashboard('kubernetesui/dashboard:v2.0.1')}---${service('{type: NodePort, selector: {app: dashboard}}')}`,
    counted: 1,
    findings: [],
  },
  {
    name: 'passes behind a ClusterIP, and behind a NodePort of other pods',
    objects: `${dashboard(old)}---${service('{type: ClusterIP, selector: {app: dashboard}}')}---${service('{type: NodePort, selector: {app: other}}')}`,
    findings: [],
  },
]);
