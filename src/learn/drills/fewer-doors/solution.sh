set -euo pipefail
kubectl -n market patch service db --type merge -p \
  '{"spec": {"type": "ClusterIP", "externalIPs": null, "ports": [{"port": 5432}]}}'
kubectl -n market patch service web --type merge -p \
  '{"spec": {"loadBalancerSourceRanges": ["203.0.113.0/24", "198.51.100.0/24"]}}'
kubectl -n market patch deployment cache --type json -p '[{"op": "replace",
  "path": "/spec/template/spec/containers/0/ports", "value": [{"containerPort": 6379}]}]'
