set -euo pipefail
mkdir -p "$NODES/rpi-1/etc/kubernetes/audit"
cat > "$NODES/rpi-1/etc/kubernetes/audit/policy.yaml" <<'YAML'
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
  - level: None
    users: ['system:kube-proxy']
    verbs: [watch]
    resources:
      - group: ''
        resources: [endpoints, services]
  - level: Metadata
    resources:
      - group: ''
        resources: [secrets, configmaps]
  - level: RequestResponse
    verbs: [create, update, patch, delete]
    resources:
      - group: ''
        resources: [pods]
    namespaces: [payments]
  - level: RequestResponse
    resources:
      - group: ''
        resources: [pods/exec]
    namespaces: [payments]
  - level: Metadata
YAML
