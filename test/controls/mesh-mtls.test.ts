import {meshMtls} from '../../controls/mesh-mtls.ts';
import {testControl} from '../helpers/test-control.ts';
import {daemonSet} from './agents.ts';
import {deployment} from './workloads.ts';

const shop = (labels = '{}', annotations = '{}'): string => `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: ${labels}, annotations: ${annotations}}
${deployment('{containers: [{name: web, image: a}]}')}`;
const program = (namespace: string, image: string): string => `
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: control, namespace: ${namespace}}
spec: {template: {spec: {containers: [{name: c, image: '${image}'}]}}}
`;
const istio = program('istio-system', 'docker.io/istio/pilot:1.29.0');
const peers = (namespace: string, spec: string): string => `
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: ${namespace}}
spec: ${spec}
`;
const injected = '{istio-injection: enabled}';
const plain = ['Namespace//shop metadata.name: no mesh, no encryption of the network'];
const mode = (found: string) => [`Namespace//shop metadata.labels: ${found}`];
const cilium = (wireguard: string): string => `
---
apiVersion: v1
kind: ConfigMap
metadata: {name: cilium-config, namespace: kube-system}
data: {enable-wireguard: '${wireguard}'}
`;
const agent = daemonSet('{containers: [{name: cilium-agent, image: quay.io/cilium/cilium:v1.19.0}]}');

testControl(meshMtls, [
  {
    name: 'fails without a mesh',
    objects: shop(),
    counted: 1,
    findings: plain,
    manual: ['a mesh, or an encrypted network'],
  },
  {
    name: 'fails in a mesh that also takes plain requests, and makes it strict',
    objects: shop(injected) + istio,
    findings: mode('PERMISSIVE, the default'),
    fixed: [
      {
        approach: 'strict mTLS for the namespace',
        objects: peers('shop', '{mtls: {mode: STRICT}}'),
        leaves: [],
      },
    ],
  },
  {
    name: 'sets the object of the namespace where there is one',
    objects: shop(injected) + istio + peers('shop', '{mtls: {mode: PERMISSIVE}}'),
    findings: mode('PERMISSIVE'),
    fixed: [
      {
        approach: 'strict mTLS for the namespace',
        objects: peers('shop', '{mtls: {mode: STRICT}}'),
        leaves: [],
      },
    ],
  },
  {
    name: 'passes where the whole mesh is strict',
    objects: shop(injected) + istio + peers('istio-system', '{mtls: {mode: STRICT}}'),
    findings: [],
  },
  {
    name: 'fails where one workload is not',
    objects:
      shop(injected) +
      istio +
      peers('istio-system', '{mtls: {mode: STRICT}}') +
      peers('shop', '{selector: {matchLabels: {app: web}}, mtls: {mode: PERMISSIVE}}'),
    findings: mode('PERMISSIVE'),
    manual: ['a mesh, or an encrypted network'],
  },
  {
    name: 'fails where one port is not',
    objects:
      shop(injected) +
      istio +
      peers(
        'shop',
        '{selector: {matchLabels: {app: web}}, mtls: {mode: STRICT}, portLevelMtls: {8080: {mode: DISABLE}}}',
      ),
    findings: mode('DISABLE'),
    manual: ['a mesh, or an encrypted network'],
  },
  {
    name: 'passes with Linkerd that turns strangers away',
    objects:
      shop(
        '{}',
        '{linkerd.io/inject: enabled, config.linkerd.io/default-inbound-policy: all-authenticated}',
      ) + program('linkerd', 'cr.l5d.io/linkerd/controller:edge-26.1'),
    findings: [],
  },
  {
    name: 'fails with Linkerd by default',
    objects:
      shop('{}', '{linkerd.io/inject: enabled}') +
      program('linkerd', 'cr.l5d.io/linkerd/controller:edge-26.1'),
    findings: [
      'Namespace//shop metadata.annotations["config.linkerd.io/default-inbound-policy"]: all-unauthenticated',
    ],
  },
  {
    name: 'fails where pods run without a proxy, whatever the policy',
    objects: `${shop(injected)}${istio}${peers('shop', '{mtls: {mode: STRICT}}')}
---
apiVersion: v1
kind: Pod
metadata: {name: old, namespace: shop}
spec: {containers: [{name: web, image: a}]}
status: {phase: Running}
---
apiVersion: v1
kind: Pod
metadata: {name: new, namespace: shop}
spec: {containers: [{name: web, image: a}], initContainers: [{name: istio-proxy, image: p, restartPolicy: Always}]}
status: {phase: Running}
`,
    findings: ['Namespace//shop metadata.name: no proxy in old'],
  },
  {
    name: 'fails with an annotation for a mesh and another program of that name',
    objects:
      shop('{}', '{linkerd.io/inject: enabled, config.linkerd.io/default-inbound-policy: deny}') +
      program('kube-ingress', 'registry.k8s.io/ingress-nginx/controller:v1.15.1'),
    findings: plain,
  },
  {
    name: 'passes with Cilium that encrypts between nodes',
    objects: shop() + cilium('true') + agent,
    findings: [],
  },
  {name: 'fails where it does not', objects: shop() + cilium('false') + agent, findings: plain},
  {name: 'fails with its configuration and no Cilium', objects: shop() + cilium('true'), findings: plain},
  {
    name: 'fails with a label that claims a mesh that does not run',
    objects: shop(injected) + peers('shop', '{mtls: {mode: STRICT}}'),
    findings: plain,
  },
]);
