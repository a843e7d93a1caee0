import {podIsolation} from '../../controls/pod-isolation.ts';
import {testControl} from '../helpers/test-control.ts';
import {deployment} from './workloads.ts';

const web = deployment('{containers: [{name: web, image: a}]}');
const policy = (spec: string): string => `
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec: ${spec}
`;
const cilium = (rules: string): string => `
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: c, namespace: shop}
spec: {endpointSelector: {}, ${rules}}
`;
const at = 'Deployment/shop/web spec.template.metadata.labels';

testControl(podIsolation, [
  {
    name: 'fails in both directions without a policy',
    objects: web,
    findings: [`${at}.ingress: no policy for ingress`, `${at}.egress: no policy for egress`],
    manual: ['deny all, then let through what is needed'],
  },
  {
    name: 'fails in the direction that is missing',
    objects: web + policy('{podSelector: {}, policyTypes: [Ingress]}'),
    findings: [`${at}.egress: no policy for egress`],
  },
  {
    name: 'fails where a rule lets everything pass',
    objects: web + policy('{podSelector: {}, policyTypes: [Ingress, Egress], egress: [{}]}'),
    findings: [`${at}.egress: p lets everything pass`],
  },
  {
    name: 'fails where a rule lets every address pass',
    objects:
      web +
      policy(
        '{podSelector: {}, policyTypes: [Ingress, Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}',
      ),
    findings: [`${at}.egress: p lets everything pass`],
  },
  {
    name: 'passes where every address is reached on one port, and some are left out',
    objects:
      web +
      policy(
        '{podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 443}]}], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}]}',
      ),
    findings: [],
  },
  {
    name: 'fails where a policy of Cilium is for everybody, or closes nothing',
    objects:
      web +
      cilium(
        'ingress: [{fromEntities: [all]}], egress: [{toEndpoints: [{}]}], enableDefaultDeny: {egress: false}',
      ),
    findings: [`${at}.ingress: c lets everything pass`, `${at}.egress: no policy for egress`],
  },
  {
    name: 'passes with one of Cilium that names peers in both directions',
    objects: web + cilium('ingress: [{fromEndpoints: [{}]}], egress: [{toEntities: [cluster]}]'),
    findings: [],
  },
  {
    name: 'passes with both',
    objects: web + policy('{podSelector: {}, policyTypes: [Ingress, Egress]}'),
    findings: [],
  },
  {
    name: 'fails where the policy is for other pods',
    objects: web + policy('{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress, Egress]}'),
    findings: [`${at}.ingress: no policy for ingress`, `${at}.egress: no policy for egress`],
  },
  {
    name: 'does not count what is on the network of the node',
    objects: deployment('{hostNetwork: true, containers: [{name: web, image: a}]}'),
    counted: 0,
    findings: [],
  },
  {
    name: 'fails with a label that claims it',
    objects: web.replace('{app: web}', "{app: web, isolated: 'true'}"),
    findings: [`${at}.ingress: no policy for ingress`, `${at}.egress: no policy for egress`],
  },
]);
