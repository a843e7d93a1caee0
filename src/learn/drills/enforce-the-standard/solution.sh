set -euo pipefail
kubectl label namespace bank --overwrite \
  pod-security.kubernetes.io/enforce=baseline pod-security.kubernetes.io/enforce-version=latest \
  pod-security.kubernetes.io/warn=restricted pod-security.kubernetes.io/audit=restricted
kubectl -n bank patch deployment teller --type merge -p '
{"spec": {"template": {"spec": {"volumes": null,
  "containers": [{"name": "teller", "image": "registry.k8s.io/pause:3.10"}]}}}}'
