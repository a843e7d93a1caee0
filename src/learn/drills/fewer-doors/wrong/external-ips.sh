set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n market patch service db --type merge -p '{"spec": {"externalIPs": ["192.0.2.10"]}}'
