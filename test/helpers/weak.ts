import type {Inventory} from '../../src/engine/inventory.ts';
import {kubeletResource} from '../../src/engine/kubelet.ts';
import {inventoryOf} from './test-control.ts';

/** A cluster with what the scenario `home` gets right: each of our own controls fails here or there. */
export function weakInventory(): Inventory {
  return inventoryOf(
    `
apiVersion: v1
kind: Namespace
metadata: {name: kube-system}
---
apiVersion: v1
kind: Namespace
metadata: {name: default}
---
apiVersion: v1
kind: Pod
metadata: {name: kube-apiserver-cp, namespace: kube-system, labels: {component: kube-apiserver}}
spec:
  nodeName: cp
  containers:
  - name: kube-apiserver
    image: registry.k8s.io/kube-apiserver:v1.36.3
    command:
    - kube-apiserver
    - --insecure-port=8080
    - --authorization-mode=AlwaysAllow
    - --enable-admission-plugins=AlwaysAdmit
    - --etcd-servers=http://127.0.0.1:2379
    - --tls-min-version=VersionTLS10
    - --token-auth-file=/etc/tokens.csv
    - --audit-log-path=/var/log/audit.log
    - --audit-log-maxage=7
---
apiVersion: v1
kind: Node
metadata: {name: cp, labels: {node-role.kubernetes.io/control-plane: ''}}
spec: {providerID: 'aws:///eu-central-1a/i-1'}
status: {nodeInfo: {kubeletVersion: v1.31.4}}
---
apiVersion: v1
kind: Pod
metadata: {name: one, namespace: default}
spec: {nodeName: cp, containers: [{name: one, image: one}]}
---
apiVersion: v1
kind: Secret
metadata: {name: ci, namespace: default, annotations: {kubernetes.io/service-account.name: ci}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: default}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: web, securityContext: {procMount: Unmasked}}]}
---
apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata: {name: mona}
spec: {signerName: kubernetes.io/kube-apiserver-client, username: admin, request: x}
status: {conditions: [{type: Approved, status: 'True'}]}
`,
    [
      kubeletResource(
        'cp',
        {readOnlyPort: 10255, authentication: {anonymous: {enabled: true}}},
        'configz of node cp',
      ),
    ],
  );
}
