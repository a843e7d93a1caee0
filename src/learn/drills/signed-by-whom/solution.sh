set -euo pipefail
printf '%s\n' bills tables > "$WORK/refused.txt"
kubectl -n bistro scale deployment bills tables --replicas 0
kubectl -n bistro set image deployment menu \
  menu=registry.k8s.io/pause@sha256:ee6521f290b2168b6e0935a181d4cff9be1ac3f505666ef0e3c98fae8199917a
