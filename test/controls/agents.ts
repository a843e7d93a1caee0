/** Nodes cp (tainted for the control plane) and w. */
export const nodes = `
apiVersion: v1
kind: Node
metadata: {name: cp, labels: {node-role.kubernetes.io/control-plane: ''}}
spec: {taints: [{key: node-role.kubernetes.io/control-plane, effect: NoSchedule}]}
---
apiVersion: v1
kind: Node
metadata: {name: w}
`;

/** A DaemonSet watch/agent with this pod spec. */
export const daemonSet = (spec: string, labels = '{app: agent}'): string => `
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: watch, labels: ${labels}}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: ${labels}}
    spec: ${spec}
`;

/** The pod spec of something that reads a folder of its node. */
export const reading = (folder: string, more = ''): string =>
  `{${more}containers: [{name: a, image: shop/a:1, volumeMounts: [{name: logs, mountPath: /logs, readOnly: true}]}], volumes: [{name: logs, hostPath: {path: ${folder}}}]}`;

export const everywhere = 'tolerations: [{operator: Exists}], ';
