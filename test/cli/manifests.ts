/** A workload that fails many controls, with a comment that must stay. */
export const web = `# owned by team A
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web  # the shop
  namespace: shop
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels: {app: web}
    spec:
      hostPID: true
      containers:
      - name: web
        image: nginx:1.27
        securityContext:
          privileged: true
`;

/** One that passes what can be known from it, apart from its limits. */
export const safe = `apiVersion: v1
kind: Pod
metadata: {name: safe, namespace: shop}
spec:
  automountServiceAccountToken: false
  securityContext: {runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, seccompProfile: {type: RuntimeDefault}}
  containers:
  - name: c
    image: busybox
    resources: {limits: {cpu: 100m, memory: 64Mi}}
    securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
`;

export const broken = 'apiVersion: v1\nkind: Pod\nmetadata: {name: [broken\n';
