/** A DaemonSet that reads a folder of every node. */
export const reading = (namespace: string, name: string, folder: string): string => `
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      priorityClassName: system-node-critical
      tolerations: [{operator: Exists}]
      containers:
      - {name: a, image: docker.io/fluent/fluent-bit:5.0.1, volumeMounts: [{name: logs, mountPath: /logs, readOnly: true}]}
      volumes: [{name: logs, hostPath: {path: ${folder}}}]
`;
/** An Alertmanager with somebody to wake. */
export const alerting = `
apiVersion: v1
kind: ConfigMap
metadata: {name: alertmanager, namespace: pantry}
data:
  alertmanager.yml: |
    route: {receiver: people}
    receivers:
    - name: people
      webhook_configs:
      - url: https://pager.example.org/home
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: alertmanager, namespace: pantry}
spec:
  selector: {matchLabels: {app: alertmanager}}
  template:
    metadata: {labels: {app: alertmanager}}
    spec:
      containers: [{name: a, image: quay.io/prometheus/alertmanager:v0.30.0}]
      volumes: [{name: config, configMap: {name: alertmanager}}]
`;
/** Cilium that encrypts between nodes. */
export const wireguard = `
apiVersion: v1
kind: ConfigMap
metadata: {name: cilium-config, namespace: kube-system}
data: {enable-wireguard: 'true'}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: cilium, namespace: kube-system}
spec:
  selector: {matchLabels: {app: cilium}}
  template:
    metadata: {labels: {app: cilium}}
    spec: {containers: [{name: cilium-agent, image: quay.io/cilium/cilium:v1.19.0}]}
`;
/** A Deployment of one container. */
export const workload = (namespace: string, image: string, name = 'late', labels = '{}'): string => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${namespace}, labels: ${labels}}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: ${name}, image: '${image}'}]}
`;
