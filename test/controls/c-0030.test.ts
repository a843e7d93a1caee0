import {c0030} from '../../controls/c-0030.ts';
import {testControl} from '../helpers/test-control.ts';

const web = (more = '', labels = '{app: web}', namespace = 'shop'): string => `
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: ${namespace}}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: ${labels}}
    spec: {${more} containers: [{name: web, image: a}]}
`;
const policy = (spec: string, namespace = 'shop'): string => `
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: given, namespace: ${namespace}}
spec: ${spec}
`;
const cilium = (spec: string, kind = 'CiliumNetworkPolicy'): string => `
---
apiVersion: cilium.io/v2
kind: ${kind}
metadata: {name: given, namespace: shop}
${spec}
`;
const service = (name: string, more: string, ports = '[{port: 80, targetPort: 8080}]'): string => `
---
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: shop}
spec: {selector: {app: web}, ports: ${ports}${more}}
`;
const coredns = `
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: coredns, namespace: kube-system}
spec: {selector: {matchLabels: {k8s-app: kube-dns}}, template: {metadata: {labels: {k8s-app: kube-dns}}, spec: {containers: []}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: coredns, namespace: kube-system}
spec: {podSelector: {}, policyTypes: [Ingress]}
`;
const unselected = 'Deployment/shop/web spec.template.metadata.labels: no policy selects it';
const passes =
  'Deployment/shop/web spec.template.metadata.labels: everything passes NetworkPolicy shop/given';
const dns = `{
  to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, podSelector: {matchLabels: {k8s-app: kube-dns}}}],
  ports: [{protocol: UDP, port: 53}, {protocol: TCP, port: 53}]}`;
const created = (name: string, spec: string): string => `
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: shop}
spec: ${spec}
`;
const denials = (rule = dns): string =>
  created('kubekata-allow-dns', `{podSelector: {}, policyTypes: [Egress], egress: [${rule}]}`) +
  created('kubekata-default-deny', '{podSelector: {}, policyTypes: [Ingress, Egress]}');
const forWeb = (ingress: string, others = '', rule = dns): string =>
  created(
    'kubekata-web',
    `{podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress, Egress], ingress: [${ingress}],
      egress: [${rule}, {to: [{podSelector: {}}${others}]}, {ports: [{protocol: TCP, port: 443}, {protocol: TCP, port: 6443}]}]}`,
  );

testControl(c0030, [
  {
    name: 'fails where no policy selects the pods; the policies let through what its Service and configuration name',
    objects: web() + service('web', '') + coredns,
    counted: 3,
    findings: [unselected],
    fixed: [
      {
        approach: 'for each workload',
        objects: forWeb('{from: [{podSelector: {}}], ports: [{protocol: TCP, port: 8080}]}'),
        leaves: [],
      },
      {
        approach: 'default deny for the namespace',
        objects: forWeb('{from: [{podSelector: {}}], ports: [{protocol: TCP, port: 8080}]}') + denials(),
        leaves: [],
      },
    ],
  },
  {
    name: 'lets everybody in where the Service is public, and DNS out to anybody where nobody is known to answer it',
    objects: web() + service('web', ', type: LoadBalancer'),
    findings: [unselected],
    fixed: [
      {
        approach: 'for each workload',
        objects: forWeb(
          '{ports: [{protocol: TCP, port: 8080}]}',
          '',
          '{ports: [{protocol: UDP, port: 53}, {protocol: TCP, port: 53}]}',
        ),
      },
      {
        approach: 'default deny for the namespace',
        objects:
          forWeb(
            '{ports: [{protocol: TCP, port: 8080}]}',
            '',
            '{ports: [{protocol: UDP, port: 53}, {protocol: TCP, port: 53}]}',
          ) + denials('{ports: [{protocol: UDP, port: 53}, {protocol: TCP, port: 53}]}'),
      },
    ],
  },
  {
    name: 'lets in the namespaces of the Ingress controller and of configuration that names the Service',
    objects: `${web() + service('web', '') + coredns}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec: {rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: controller, namespace: edge}
spec: {template: {metadata: {labels: {app: edge}}, spec: {containers: [{name: c, image: registry.k8s.io/ingress-nginx/controller}]}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: edge, namespace: edge}
spec: {podSelector: {}, policyTypes: [Ingress]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: client, namespace: billing}
data: {url: "http://web.shop.svc:80/"}
`,
    findings: [unselected],
    fixed: [
      {
        approach: 'for each workload',
        objects: forWeb(`{from: [{podSelector: {}},
          {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: billing}}},
          {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: edge}}}], ports: [{protocol: TCP, port: 8080}]}`),
      },
      {
        approach: 'default deny for the namespace',
        objects:
          forWeb(`{from: [{podSelector: {}},
          {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: billing}}},
          {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: edge}}}], ports: [{protocol: TCP, port: 8080}]}`) +
          denials(),
      },
    ],
  },
  {
    name: 'passes where a policy restricts what comes in',
    objects: web() + policy('{podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}'),
    counted: 2,
    findings: [],
  },
  {
    name: 'passes where a policy restricts what goes out',
    objects: web() + policy('{podSelector: {}, policyTypes: [Egress]}'),
    findings: [],
  },
  {
    name: 'takes Ingress for the type where none is written, as the API does',
    objects: web() + policy('{podSelector: {}}'),
    findings: [],
  },
  {
    name: 'fails under a policy of another namespace',
    objects: web() + policy('{podSelector: {}, policyTypes: [Ingress]}', 'other'),
    findings: [unselected],
  },
  {
    name: 'fails under a policy for other labels',
    objects: web() + policy('{podSelector: {matchLabels: {app: api}}, policyTypes: [Ingress]}'),
    findings: [unselected],
  },
  {
    name: 'reads expressions of a selector',
    objects:
      web() +
      policy(
        '{podSelector: {matchExpressions: [{key: app, operator: In, values: [web]}]}, policyTypes: [Ingress]}',
      ),
    findings: [],
  },
  {
    name: 'fails under a policy that lets everything pass, which another policy can not undo',
    objects: web() + policy('{podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{}], egress: [{}]}'),
    findings: [passes],
    manual: ['at the policies that let everything pass'],
  },
  {
    name: 'passes where it lets everything out, but not in',
    objects: web() + policy('{podSelector: {}, policyTypes: [Ingress, Egress], egress: [{}]}'),
    findings: [],
  },
  {
    name: 'passes by a Cilium policy, also by one of specs and with the source before the label',
    objects: web() + cilium('specs: [{endpointSelector: {matchLabels: {"k8s:app": web}}, ingress: [{}]}]'),
    counted: 2,
    findings: [],
  },
  {
    name: 'fails under a Cilium policy for nodes, which selects no pod',
    objects: web() + cilium('spec: {nodeSelector: {}, ingress: []}', 'CiliumClusterwideNetworkPolicy'),
    findings: [unselected],
  },
  {
    name: 'offers no policy of its own for pods without labels, but the one for the namespace',
    objects: `
apiVersion: v1
kind: Pod
metadata: {name: bare, namespace: shop}
spec: {containers: [{name: a, image: a}]}
${coredns}`,
    findings: ['Pod/shop/bare metadata.labels: no policy selects it'],
    fixed: [{approach: 'default deny for the namespace', objects: denials(), leaves: []}],
  },
  {
    name: 'tells that a policy does not hold on the network of the node',
    objects: web('hostNetwork: true,', '{app: web}', 'kube-system'),
    findings: ['Deployment/kube-system/web spec.template.metadata.labels: no policy selects it'],
    manual: ['off the network of the node'],
  },
  {
    name: 'restricts in kube-system only what comes in',
    objects: web('', '{app: web}', 'kube-system'),
    findings: ['Deployment/kube-system/web spec.template.metadata.labels: no policy selects it'],
    fixed: [
      {
        approach: 'for each workload',
        objects: created(
          'kubekata-web',
          '{podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress, Egress], ingress: [], egress: [{}]}',
        ).replace('namespace: shop', 'namespace: kube-system'),
        leaves: [],
      },
    ],
  },
]);
