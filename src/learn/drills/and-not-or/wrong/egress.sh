set -euo pipefail
# Another policy opens the way to DNS, which nobody asked for.
. "$DRILL/solution.sh"
kubectl -n vault-prod apply -f - <<'YAML'
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: dns}
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress: [{ports: [{protocol: UDP, port: 53}]}]
YAML
