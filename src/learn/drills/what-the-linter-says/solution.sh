set -euo pipefail
cat > "$WORK/deployment.yaml" <<'YAML'
apiVersion: apps/v1
kind: Deployment
metadata:
  name: draft
  namespace: drafts
spec:
  selector:
    matchLabels:
      app: draft
  template:
    metadata:
      labels:
        app: draft
    spec:
      containers:
        - name: draft
          image: registry.k8s.io/pause:3.10
          resources:
            requests: {cpu: 50m, memory: 16Mi}
            limits: {cpu: 250m, memory: 128Mi}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            runAsNonRoot: true
            runAsUser: 10001
YAML
kubectl apply -f "$WORK/deployment.yaml"
