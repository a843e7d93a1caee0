set -euo pipefail
kubectl apply -f - <<'YAML'
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: no-metadata, namespace: catalog}
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
    - to:
        - namespaceSelector: {}
        - ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: metadata-reader, namespace: catalog}
spec:
  podSelector: {matchLabels: {role: metadata-reader}}
  policyTypes: [Egress]
  egress:
    - to: [{ipBlock: {cidr: 169.254.169.254/32}}]
      ports: [{protocol: TCP, port: 80}]
YAML
