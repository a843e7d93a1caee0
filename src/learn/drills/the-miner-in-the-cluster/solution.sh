set -euo pipefail
echo thumbnails > "$WORK/miner.txt"
echo 198.51.100.77:3333 > "$WORK/pool.txt"
kubectl -n arcade delete deployment thumbnails --ignore-not-found
kubectl apply -f - <<'YAML'
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: no-way-out, namespace: arcade}
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
    - to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}]
      ports: [{protocol: UDP, port: 53}]
YAML
