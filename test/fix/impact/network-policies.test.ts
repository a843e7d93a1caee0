import {deployment, testImpact} from './impacts.ts';

const spec = '{containers: [{name: main, image: "x:1"}]}';
const service = `
apiVersion: v1
kind: Service
metadata: {name: web, namespace: home}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
---`;
const ingress = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: site, namespace: home}
spec: {rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}
---`;
const cni = (name: string): string => `
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: ${name}, namespace: kube-system}
spec: {template: {spec: {containers: [{name: ${name}}]}}}
---`;
const policy = (rules: string, selector = '{}'): string => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: kata, namespace: home}
spec: {podSelector: ${selector}, ${rules}}
---`;
const calico = cni('calico-node');
const enforced = 'passed: Calico enforces NetworkPolicies here.';

testImpact('network policies', [
  {
    name: 'default deny takes a Service and its Ingress off the net',
    now: deployment('web', spec) + service + ingress + calico,
    later: policy('policyTypes: [Ingress]'),
    remarks: [
      'failed: Service home/web, and with it Ingress home/site, gets no traffic any more: no rule lets anything reach Deployment home/web.',
      enforced,
    ],
  },
  {
    name: 'a rule for its port keeps it reachable',
    now: deployment('web', spec) + service + calico,
    later: policy('policyTypes: [Ingress], ingress: [{ports: [{port: 8080}]}]'),
    remarks: ['passed: web is still reached by all.', enforced],
  },
  {
    name: 'a rule for another port does not',
    now: deployment('web', spec) + service + calico,
    later: policy('policyTypes: [Ingress], ingress: [{ports: [{port: 80}]}]'),
    remarks: [
      'failed: Service home/web gets no traffic any more: no rule lets anything reach Deployment home/web.',
      enforced,
    ],
  },
  {
    name: 'a rule for some peers asks to compare',
    now: deployment('web', spec) + service + calico,
    later: policy('policyTypes: [Ingress], ingress: [{from: [{podSelector: {matchLabels: {app: front}}}]}]'),
    remarks: [
      'look: Service home/web is reached only by those that the rules name: compare with who calls Deployment home/web today.',
      enforced,
    ],
  },
  {
    name: 'a policy for other pods leaves it alone',
    now: deployment('web', spec) + service + calico,
    later: policy('policyTypes: [Ingress]', '{matchLabels: {app: other}}'),
    remarks: ['passed: web is still reached by all.', enforced],
  },
  {
    name: 'egress denied without DNS',
    now: deployment('web', spec) + calico,
    later: policy('policyTypes: [Egress]'),
    remarks: [
      "failed: Deployment home/web can't look up names any more: no rule lets UDP port 53 out to the DNS of the cluster.",
      'look: Deployment home/web reaches only what the rules name from now on: databases, other namespaces and the internet need a rule each.',
      enforced,
    ],
  },
  {
    name: 'egress denied with DNS let out',
    now: deployment('web', spec) + calico,
    later: policy(
      'policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}], ports: [{protocol: UDP, port: 53}, {protocol: TCP, port: 53}]}]',
    ),
    remarks: [
      'look: Deployment home/web reaches only what the rules name from now on: databases, other namespaces and the internet need a rule each.',
      enforced,
    ],
  },
  {
    name: 'flannel enforces nothing',
    now: deployment('web', spec) + cni('kube-flannel'),
    later: policy('policyTypes: [Ingress], ingress: [{}]'),
    remarks: [
      'look: flannel does not enforce NetworkPolicies: this changes nothing until a network plugin does.',
    ],
  },
  {
    name: 'no plugin is recognised',
    now: deployment('web', spec),
    later: policy('policyTypes: [Ingress], ingress: [{}]'),
    remarks: [
      'look: No network plugin that enforces NetworkPolicies was recognised here: they may change nothing.',
    ],
  },
]);
