import {metadataEgress} from '../../controls/metadata-egress.ts';
import {testControl} from '../helpers/test-control.ts';
import {deployment} from './workloads.ts';

const node = (provider: string): string => `
apiVersion: v1
kind: Node
metadata: {name: n}
spec: {providerID: '${provider}'}
`;
const cloud = node('aws:///eu-central-1a/i-1');
const web = deployment('{containers: [{name: web, image: a}]}');
const egress = (rules: string): string => `
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec: {podSelector: {}, policyTypes: [Egress], egress: ${rules}}
`;
const cilium = (rules: string): string => `
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: p, namespace: shop}
spec: {endpointSelector: {}, egress: ${rules}}
`;
const at = 'Deployment/shop/web spec.template.metadata.labels';

testControl(metadataEgress, [
  {
    name: 'fails in a cloud without a policy',
    objects: cloud + web,
    findings: [`${at}: no policy restricts what goes out`],
    manual: ['all but that address'],
  },
  {
    name: 'fails where a block holds the address',
    objects: cloud + web + egress('[{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]'),
    findings: [`${at}: p lets it through`],
  },
  {
    name: 'passes where the block leaves it out',
    objects: cloud + web + egress('[{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.0.0/16]}}]}]'),
    findings: [],
  },
  {
    name: 'passes where another network is left out of no use, and the block does not hold it',
    objects: cloud + web + egress('[{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]'),
    findings: [],
  },
  {
    name: 'passes where everybody is reached on another port',
    objects: cloud + web + egress('[{ports: [{port: 443}]}]'),
    findings: [],
  },
  {
    name: 'fails where everybody is reached on port 80',
    objects: cloud + web + egress('[{ports: [{port: 80}]}]'),
    findings: [`${at}: p lets it through`],
  },
  {
    name: 'fails where Cilium lets everything outside through',
    objects: cloud + web + cilium('[{toEntities: [world]}]'),
    findings: [`${at}: p lets it through`],
  },
  {
    name: 'fails where Cilium lets a network through that holds the address',
    objects: cloud + web + cilium('[{toCIDRSet: [{cidr: 0.0.0.0/0, except: [10.0.0.0/8]}]}]'),
    findings: [`${at}: p lets it through`],
  },
  {
    name: 'passes where Cilium leaves the address out',
    objects: cloud + web + cilium('[{toCIDRSet: [{cidr: 0.0.0.0/0, except: [169.254.0.0/16]}]}]'),
    findings: [],
  },
  {
    name: 'passes where Cilium lets the world be reached on another port',
    objects: cloud + web + cilium("[{toEntities: [world], toPorts: [{ports: [{port: '443'}]}]}]"),
    findings: [],
  },
  {
    name: 'fails where Cilium has rules, and closes nothing by them',
    objects: cloud + web + cilium('[{toEntities: [cluster]}], enableDefaultDeny: {egress: false}'),
    findings: [`${at}: no policy restricts what goes out`],
  },
  {
    name: 'fails where the address of another cloud is left out',
    objects:
      node('alicloud://cn-hangzhou.i-1') +
      web +
      egress('[{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.0.0/16]}}]}]'),
    findings: [`${at}: p lets it through`],
  },
  {name: 'counts nothing outside a cloud', objects: node('') + web, counted: 0, findings: []},
  {
    name: 'fails with a label that claims it',
    objects: cloud + web.replace('{app: web}', '{app: web, metadata: blocked}'),
    findings: [`${at}: no policy restricts what goes out`],
  },
]);
