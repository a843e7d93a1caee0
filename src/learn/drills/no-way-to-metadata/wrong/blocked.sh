set -euo pipefail
# A forgotten policy opens everything to some pods.
. "$DRILL/solution.sh"
kubectl -n catalog apply -f - <<'YAML'
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: everything}
spec:
  podSelector: {matchLabels: {app: search}}
  policyTypes: [Egress]
  egress: [{}]
YAML
