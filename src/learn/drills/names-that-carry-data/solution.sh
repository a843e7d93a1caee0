set -euo pipefail
echo reader-7c5b9d8f4-m2xqz > "$WORK/pod.txt"
echo cdn-stat.example > "$WORK/domain.txt"
kubectl apply -f - <<'YAML'
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: quarantine, namespace: library}
spec:
  podSelector: {matchLabels: {quarantine: 'true'}}
  policyTypes: [Ingress, Egress]
YAML
kubectl -n library patch deployment reader \
  -p '{"spec": {"template": {"metadata": {"labels": {"quarantine": "true"}}}}}'
