set -euo pipefail
kubectl apply -f - <<'YAML'
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ledger, namespace: vault-prod}
spec:
  podSelector: {matchLabels: {app: ledger}}
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - namespaceSelector: {matchLabels: {team: ops}}
          podSelector: {matchLabels: {app: reporter}}
      ports: [{protocol: TCP, port: 5432}]
    - from: [{podSelector: {matchLabels: {app: ledger}}}]
      ports: [{protocol: TCP, port: 5433}]
  egress:
    - to: [{podSelector: {matchLabels: {app: ledger}}}]
      ports: [{protocol: TCP, port: 5433}]
YAML
