set -euo pipefail
test -s "$WORK/evidence.yaml" || kubectl -n orchard get pod apples-x7f2q -o yaml > "$WORK/evidence.yaml"
kubectl -n orchard get pod apples-x7f2q -o jsonpath='{.spec.nodeName}' > "$WORK/node.txt"
kubectl apply -f - <<'YAML'
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: isolate, namespace: orchard}
spec:
  podSelector: {matchLabels: {isolate: 'true'}}
  policyTypes: [Ingress, Egress]
YAML
kubectl -n orchard label pod apples-x7f2q app- isolate=true --overwrite
